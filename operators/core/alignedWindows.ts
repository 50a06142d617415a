import { changesOf, type Changes, type Saved, type Stateful } from '../state.js';
import type { Changed, Closed, Late, Millis, Pane, Window } from '../types.js';
import { firstStart, type AlignedWindow, type Alignment, type HeldWindow, type WindowsHeader } from './alignedWindow.js';
import { Deadlines } from './deadlines.js';
import { firstOf } from './firstOf.js';
import { byEnd, isOver } from './openWindow.js';
import { Panes, type PaneRules } from './panes.js';
import type { Aggregate } from './session.js';

export interface WindowRules<K, A, V> extends Alignment, PaneRules<V> {
  readonly key: (value: A) => K;
  readonly aggregate: Aggregate<A, V>;
  readonly allowedLateness: Millis;
}

export type WindowOutput<K, A, V> = Changed<K, V> | Pane<K, V> | Late<K, A> | Closed<K>;

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
  private readonly panes: Panes<K, V, AlignedWindow<K, V>>;
  /** What there was of the keys that have changed. */
  private replaced = new Map<K, readonly HeldWindow<V>[] | undefined>();

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: WindowRules<K, A, V>,
    private readonly emit: (output: WindowOutput<K, A, V>) => void,
    private readonly tracking: boolean,
    saved?: Saved<K, readonly HeldWindow<V>[], WindowsHeader>,
  ) {
    this.panes = new Panes(rules, emit, ({ key }) => this.touch(key));
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

  /** When {@link showDue} has something to do. */
  nextPane(): Millis {
    return this.panes.next();
  }

  /** Shows the panes that are due by processing time. */
  showDue(now: Millis): void {
    this.panes.showDue(now);
  }

  /** Closes everything as it stands. */
  drain(): void {
    for (const open of this.all()) this.close(open, 'drain');
  }

  /** Every open window with values that no pane has shown, oldest first: after a restore triggers learn of them here. */
  announce(): void {
    this.panes.announce(this.all().sort((a, b) => a.ordinal - b.ordinal));
  }

  sizes(): { readonly keys: number } {
    return { keys: this.keys.size };
  }

  entry(key: K): readonly HeldWindow<V>[] | undefined {
    return this.heldOf(key);
  }

  *entries(): Generator<readonly [K, readonly HeldWindow<V>[]], void> {
    for (const [key, windows] of firstOf(this.keys, this.keys.size)) yield [key, this.plain(windows)];
  }

  changes(): Changes<K, readonly HeldWindow<V>[], WindowsHeader> {
    const { replaced } = this;
    this.replaced = new Map();
    return changesOf(this.header(), () => Array.from(replaced.keys(), (key) => [key, this.heldOf(key)] as const));
  }

  *former(): Generator<readonly [K, readonly HeldWindow<V>[]], void> {
    for (const [key, windows] of this.keys) if (!this.replaced.has(key)) yield [key, this.plain(windows)];
    for (const [key, windows] of this.replaced) if (windows) yield [key, windows];
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
    this.touch(key);
    const open = held ?? this.open(key, window, accumulator);
    open.accumulator = accumulator;
    open.fresh = true;
    this.panes.added(open, undefined, now);
    return true;
  }

  private open(key: K, window: Window, accumulator: V): AlignedWindow<K, V> {
    const open = this.hold(key, { window, accumulator, index: 0, fresh: true, ordinal: this.ordinal });
    this.ordinal += 1;
    return open;
  }

  private hold(key: K, { window, accumulator, index, fresh, ordinal }: HeldWindow<V>): AlignedWindow<K, V> {
    const mode = window.end <= this.watermark ? 'fired' : 'live';
    const open: AlignedWindow<K, V> = { key, held: true, window, accumulator, mode, index, fresh, ordinal };
    const siblings = this.keys.get(key);
    if (siblings) siblings.set(window.start, open);
    else this.keys.set(key, new Map([[window.start, open]]));
    this.ends.add(open, mode === 'fired' ? window.end + this.rules.allowedLateness : window.end);
    return open;
  }

  private reachEnd(open: AlignedWindow<K, V>): void {
    if (!open.held) return;
    const { allowedLateness } = this.rules;
    if (isOver(open.window, allowedLateness, this.watermark)) {
      if (open.mode === 'fired' && !open.fresh) this.letGo(open);
      else this.close(open, false);
      return;
    }
    this.panes.showOnTime(open);
    open.mode = 'fired';
    this.ends.add(open, open.window.end + allowedLateness);
  }

  /** The last pane, then the end. */
  private close(open: AlignedWindow<K, V>, forced: Pane<K, V>['forced']): void {
    this.panes.showLast(open, forced);
    this.letGo(open);
  }

  private letGo(open: AlignedWindow<K, V>): void {
    const { key, window } = open;
    this.touch(key);
    const siblings = this.keys.get(key);
    siblings?.delete(window.start);
    if (siblings?.size === 0) this.keys.delete(key);
    open.held = false;
    this.panes.forget(open);
    this.emit({ _tag: 'Closed', key, window });
  }

  /** All windows, by their end. */
  private all(): AlignedWindow<K, V>[] {
    return Array.from(this.keys.values(), (windows) => [...windows.values()]).flat().sort(byEnd);
  }

  private plain(windows: ReadonlyMap<Millis, AlignedWindow<K, V>>): readonly HeldWindow<V>[] {
    return Array.from(windows.values(), (open) => {
      const { window, accumulator, index, fresh, ordinal } = open;
      return { window, accumulator, index, fresh, ordinal, ...this.panes.memoryOf(open) };
    });
  }

  private heldOf(key: K): readonly HeldWindow<V>[] | undefined {
    const windows = this.keys.get(key);
    return windows && this.plain(windows);
  }

  /** To be called before a key's windows change. */
  private touch(key: K): void {
    if (this.tracking && !this.replaced.has(key)) this.replaced.set(key, this.heldOf(key));
  }

  private restore({ header, entries }: Saved<K, readonly HeldWindow<V>[], WindowsHeader>): void {
    this.watermark = header.watermark ?? -Infinity;
    this.ordinal = header.ordinal;
    Object.assign(this.counts, header.counts);
    for (const [key, windows] of entries) {
      for (const saved of windows) this.panes.restore(this.hold(key, saved), saved);
    }
  }
}
