import type { AfterWatermark, Changed, Millis, Pane, Timing, Window } from '../types.js';
import { Announcement } from './announcement.js';
import type { OpenWindow } from './openWindow.js';
import { PaneTriggers, type Phase, type TriggerMemory } from './paneTriggers.js';

export interface PaneRules<V> {
  readonly aggregate: { create(): V };
  readonly discarding: boolean;
  /** Without one, news of an open window are announced and a late value shows a pane at once. */
  readonly trigger: AfterWatermark | undefined;
}

/** Draws the panes of windows of any kind, numbers them, and tells when they are due. */
export class Panes<K, V, W extends OpenWindow<K, V>> {
  private readonly triggers: PaneTriggers<W> | undefined;

  /** @param touch told before a window changes */
  constructor(
    private readonly rules: PaneRules<V>,
    private readonly emit: (output: Changed<K, V> | Pane<K, V>) => void,
    private readonly touch: (open: W) => void,
  ) {
    this.triggers = rules.trigger && new PaneTriggers(rules.trigger);
  }

  /**
   * A value was added: a trigger may want a pane at once; without one a fired window shows it at once, and the others tell that they changed.
   *
   * @param replaced the windows, or the only one, whose place this one takes
   */
  added(open: W, replaced: Window | readonly Window[] | undefined, now: Millis): void {
    const phase = phaseOf(open);
    if (this.triggers ? this.triggers.added(open, phase, now) : phase === 'LATE') this.show(open, phase);
    else if (!this.triggers) this.emit(new Announcement(open, replaced, this.drawEarly));
  }

  /** A window is about to become a part of another. */
  merged(open: W, absorbed: W): void {
    open.index = Math.max(open.index, absorbed.index);
    this.triggers?.merged(open, absorbed);
  }

  /** The pane that the watermark causes when it reaches the end of a window. */
  showOnTime(open: W): void {
    this.show(open, 'ON_TIME');
  }

  /** The last pane of a window. */
  showLast(open: W, forced: Pane<K, V>['forced']): void {
    this.show(open, open.mode === 'fired' ? 'LATE' : 'ON_TIME', true, forced);
  }

  /** No pane will be drawn of this window any more. */
  forget(open: W): void {
    this.triggers?.forget(open);
  }

  /** When {@link showDue} has something to do. */
  next(): Millis {
    return this.triggers?.next() ?? Infinity;
  }

  /** Shows what is due by processing time. */
  showDue(now: Millis): void {
    for (let due = this.triggers?.take(now); due; due = this.triggers?.take(now)) this.show(due, phaseOf(due));
  }

  /** Tells of windows with values that no pane has shown, in this order. */
  announce(held: readonly W[]): void {
    if (this.triggers) return;
    for (const open of held) if (open.held && open.fresh && open.mode !== 'fired') this.emit(new Announcement(open, undefined, this.drawEarly));
  }

  /** What the trigger remembers of a window, if it has one and there is anything. */
  memoryOf(open: W): { readonly trigger?: TriggerMemory } {
    const trigger = this.triggers?.of(open);
    return trigger ? { trigger } : NO_MEMORY;
  }

  restore(open: W, { trigger }: { readonly trigger?: TriggerMemory }): void {
    if (trigger) this.triggers?.restore(open, trigger, phaseOf(open));
  }

  private show(open: W, timing: Timing, isLast = false, forced: Pane<K, V>['forced'] = false): void {
    this.emit(this.draw(open, timing, isLast, forced));
  }

  private draw(open: W, timing: Timing, isLast: boolean, forced: Pane<K, V>['forced']): Pane<K, V> {
    this.touch(open);
    const { key, window, accumulator: value, index, mode } = open;
    open.index = index + 1;
    open.fresh = false;
    if (this.rules.discarding) open.accumulator = this.rules.aggregate.create();
    this.triggers?.drawn(open, timing);
    return { _tag: 'Pane', key, window, value, timing, index, isFirst: index === 0, isLast, historic: mode === 'historic', forced };
  }

  private readonly drawEarly = (open: W): Pane<K, V> => {
    if (!open.held || open.mode === 'fired') throw new Error('an EARLY pane can only be drawn of a window that is open');
    return this.draw(open, 'EARLY', false, false);
  };
}

const NO_MEMORY = {};

const phaseOf = ({ mode }: { readonly mode: OpenWindow<unknown, unknown>['mode'] }): Phase => (mode === 'fired' ? 'LATE' : 'EARLY');
