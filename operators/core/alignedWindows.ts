import type { Changes, Saved, Stateful } from '../state.js';
import type { AfterWatermark } from '../triggers.js';
import type { Changed, Closed, Late, Millis, Pane, Timing, Window } from '../types.js';
import { firstStart, type AlignedWindow, type Alignment, type HeldWindow, type WindowsHeader } from './alignedWindow.js';
import { Announcement } from './announcement.js';
import { Deadlines } from './deadlines.js';
import { firstOf } from './firstOf.js';
import { byEnd, isOver, nextPane } from './openWindow.js';
import { PaneTriggers, type Phase } from './paneTriggers.js';
import type { Aggregate } from './session.js';

export interface WindowRules<K, A, V> extends Alignment {
  readonly key: (value: A) => K;
  readonly aggregate: Aggregate<A, V>;
  readonly allowedLateness: Millis;
  readonly discarding: boolean;
  /** Without one, news of an open window are announced and a late value shows a pane at once. */
  readonly trigger: AfterWatermark | undefined;
}

export type WindowOutput<K, A, V> = Changed<K, V> | Pane<K, V> | Late<K, A> | Closed<K>;

const NO_WINDOWS: readonly Window[] = [];

/**
 * The windows of all keys that lie at fixed places in event time: which of them a value belongs to,
 * when their panes come and when they are let go. Knows no clock: processing time comes with every
 * call, and it never goes back. Every output is handed to `emit` before the call returns.
 */
export class AlignedWindows<K, A, V> implements Stateful<K, readonly HeldWindow<V>[], WindowsHeader> {
  private watermark: Millis = -Infinity;
  private ordinal = 0;
  private readonly counts = { added: 0, duplicates: 0 };
  /** The windows of each key, by their start. */
  private readonly keys = new Map<K, Map<Millis, AlignedWindow<K, V>>>();
  /** Each window once: at its end, then at the end of its lateness. */
  private readonly ends = new Deadlines<AlignedWindow<K, V>>();
  private readonly triggers: PaneTriggers<AlignedWindow<K, V>> | undefined;
  private readonly changedKeys = new Set<K>();

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: WindowRules<K, A, V>,
    private readonly emit: (output: WindowOutput<K, A, V>) => void,
    private readonly tracking: boolean,
    saved?: Saved<K, readonly HeldWindow<V>[], WindowsHeader>,
  ) {
    this.triggers = rules.trigger && new PaneTriggers(rules.trigger);
    if (saved) this.restore(saved);
  }

  element(value: A, timestamp: Millis, now: Millis): void {
    if (!Number.isFinite(timestamp)) throw new RangeError(`timestamp must be finite ms, got ${timestamp}`);
    const { size, period, allowedLateness } = this.rules;
    const key = this.rules.key(value);
    let isLate = true;
    let isNew = false;
    for (let start = firstStart(timestamp, this.rules); start <= timestamp; start += period) {
      const window = { start, end: start + size };
      if (isOver(window, allowedLateness, this.watermark)) continue;
      isLate = false;
      if (this.add(key, window, value, timestamp, now)) isNew = true;
    }
    if (isLate) this.emit({ _tag: 'Late', key, value, timestamp, watermark: this.watermark });
    else if (isNew) this.counts.added += 1;
    else this.counts.duplicates += 1;
  }

  /** Event time has come to `watermark`; returns whether that is news. */
  advance(watermark: Millis): boolean {
    if (!(watermark > this.watermark)) return false;
    this.watermark = watermark;
    if (watermark === Infinity) for (const open of this.all()) this.reachEnd(open);
    else for (let due = this.ends.take(watermark); due; due = this.ends.take(watermark)) this.reachEnd(due.item);
    return true;
  }

  /** When {@link drawDue} has something to do. */
  nextPane(): Millis {
    return this.triggers?.next() ?? Infinity;
  }

  /** Panes that are due by processing time. */
  drawDue(now: Millis): void {
    for (let due = this.triggers?.take(now); due; due = this.triggers?.take(now)) this.emit(this.draw(due, phaseOf(due), false, false));
  }

  /** Closes everything as it stands. */
  drain(): void {
    for (const open of this.all()) this.close(open, 'drain');
  }

  /** Every open window with values that no pane has shown, oldest first: after a restore triggers learn of them here. */
  announce(): void {
    if (this.triggers) return;
    for (const open of this.all().sort((a, b) => a.ordinal - b.ordinal)) {
      if (open.fresh) this.emit(new Announcement(open, NO_WINDOWS, this.drawEarly));
    }
  }

  *entries(): Generator<readonly [K, readonly HeldWindow<V>[]], void> {
    for (const [key, windows] of firstOf(this.keys, this.keys.size)) yield [key, this.plain(windows)];
  }

  changes(): Changes<K, readonly HeldWindow<V>[], WindowsHeader> {
    const entries = Array.from(this.changedKeys, (key) => {
      const windows = this.keys.get(key);
      return [key, windows && this.plain(windows)] as const;
    });
    this.changedKeys.clear();
    return { header: this.header(), entries };
  }

  header(): WindowsHeader {
    return { watermark: this.watermark === -Infinity ? null : this.watermark, ordinal: this.ordinal, counts: { ...this.counts } };
  }

  /** Whether the value is new to the window. */
  private add(key: K, window: Window, value: A, timestamp: Millis, now: Millis): boolean {
    const { aggregate } = this.rules;
    const held = this.keys.get(key)?.get(window.start);
    const accumulator = aggregate.add(held ? held.accumulator : aggregate.create(), value, timestamp);
    if (accumulator === undefined) return false;
    const open = held ?? this.open(key, window, accumulator);
    open.accumulator = accumulator;
    open.fresh = true;
    this.touch(key);
    const phase = phaseOf(open);
    if (this.triggers ? this.triggers.added(open, phase, now) : phase === 'LATE') this.emit(this.draw(open, phase, false, false));
    else if (!this.triggers) this.emit(new Announcement(open, NO_WINDOWS, this.drawEarly));
    return true;
  }

  private open(key: K, window: Window, accumulator: V): AlignedWindow<K, V> {
    const open = this.hold(key, { window, accumulator, index: 0, fresh: true, ordinal: this.ordinal });
    this.ordinal += 1;
    return open;
  }

  private hold(key: K, { window, accumulator, index, fresh, ordinal }: HeldWindow<V>): AlignedWindow<K, V> {
    const fired = window.end <= this.watermark;
    const open: AlignedWindow<K, V> = { key, held: true, window, accumulator, index, fresh, ordinal, fired };
    const siblings = this.keys.get(key);
    if (siblings) siblings.set(window.start, open);
    else this.keys.set(key, new Map([[window.start, open]]));
    this.ends.add(open, fired ? window.end + this.rules.allowedLateness : window.end);
    return open;
  }

  private reachEnd(open: AlignedWindow<K, V>): void {
    if (!open.held) return;
    const { allowedLateness } = this.rules;
    if (isOver(open.window, allowedLateness, this.watermark)) {
      if (open.fired && !open.fresh) this.letGo(open);
      else this.close(open, false);
      return;
    }
    this.emit(this.draw(open, 'ON_TIME', false, false));
    open.fired = true;
    this.ends.add(open, open.window.end + allowedLateness);
  }

  /** The last pane, then the end. */
  private close(open: AlignedWindow<K, V>, forced: Pane<K, V>['forced']): void {
    this.emit(this.draw(open, open.fired ? 'LATE' : 'ON_TIME', true, forced));
    this.letGo(open);
  }

  private letGo(open: AlignedWindow<K, V>): void {
    const { key, window } = open;
    const siblings = this.keys.get(key);
    siblings?.delete(window.start);
    if (siblings?.size === 0) this.keys.delete(key);
    open.held = false;
    this.triggers?.forget(open);
    this.touch(key);
    this.emit({ _tag: 'Closed', key, window });
  }

  private draw(open: AlignedWindow<K, V>, timing: Timing, isLast: boolean, forced: Pane<K, V>['forced']): Pane<K, V> {
    const pane = nextPane(open, timing, isLast, false, forced);
    if (this.rules.discarding) open.accumulator = this.rules.aggregate.create();
    this.triggers?.drawn(open, timing);
    this.touch(open.key);
    return pane;
  }

  private readonly drawEarly = (open: AlignedWindow<K, V>): Pane<K, V> => {
    if (!open.held || open.fired) throw new Error('an EARLY pane can only be drawn of a window that is open');
    return this.draw(open, 'EARLY', false, false);
  };

  /** All windows, by their end. */
  private all(): AlignedWindow<K, V>[] {
    return Array.from(this.keys.values(), (windows) => [...windows.values()]).flat().sort(byEnd);
  }

  private plain(windows: ReadonlyMap<Millis, AlignedWindow<K, V>>): readonly HeldWindow<V>[] {
    return Array.from(windows.values(), (open) => {
      const { window, accumulator, index, fresh, ordinal } = open;
      const trigger = this.triggers?.of(open);
      return { window, accumulator, index, fresh, ordinal, ...(trigger && { trigger }) };
    });
  }

  private touch(key: K): void {
    if (this.tracking) this.changedKeys.add(key);
  }

  private restore({ header, entries }: Saved<K, readonly HeldWindow<V>[], WindowsHeader>): void {
    this.watermark = header.watermark ?? -Infinity;
    this.ordinal = header.ordinal;
    Object.assign(this.counts, header.counts);
    for (const [key, windows] of entries) {
      for (const saved of windows) {
        const open = this.hold(key, saved);
        if (saved.trigger) this.triggers?.restore(open, saved.trigger, phaseOf(open));
      }
    }
  }
}

const phaseOf = ({ fired }: { readonly fired: boolean }): Phase => (fired ? 'LATE' : 'EARLY');
