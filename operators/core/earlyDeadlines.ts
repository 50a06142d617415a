import { changesOf, type Changes, type Saved, type Stateful } from '../state.js';
import type { Changed, Millis, Pane, Window } from '../types.js';
import { Deadlines, type Ordered } from './deadlines.js';
import { firstOf } from './firstOf.js';

/** A deadline that is set, as plain values. */
export interface EarlyDeadline {
  /** As it was when the deadline was set. */
  readonly window: Window;
  /** Processing time. */
  readonly at: Millis;
  readonly ordinal: number;
}

export interface EarlyHeader {
  /** The ordinal of the next deadline. */
  readonly ordinal: number;
}

interface Pending<K, V> extends Ordered {
  readonly key: K;
  readonly at: Millis;
  /** As it was when the deadline was set. */
  readonly window: Window;
  /** The newest announcement of the window; undefined from a restore until the window is announced again. */
  changed: Changed<K, V> | undefined;
  set: boolean;
  /** The next one of its key. Most keys have one: a list for each would take as much room as that. */
  next: Pending<K, V> | undefined;
}

/**
 * One deadline per window that has news: `every` after the first news since its last pane. Knows no
 * clock. Windows only grow, and those of one size never contain each other: so one that contains a
 * pending window has taken its place.
 */
export class EarlyDeadlines<K, V> implements Stateful<K, readonly EarlyDeadline[], EarlyHeader> {
  private ordinal = 0;
  /** The first one of each key; the others hang on it. */
  private readonly keys = new Map<K, Pending<K, V>>();
  private readonly queue = new Deadlines<Pending<K, V>>();
  /** What each key that has changed had before. */
  private replaced = new Map<K, readonly EarlyDeadline[] | undefined>();

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly every: Millis,
    private readonly tracking: boolean,
    saved?: Saved<K, readonly EarlyDeadline[], EarlyHeader>,
  ) {
    if (!saved) return;
    this.ordinal = saved.header.ordinal;
    for (const [key, deadlines] of saved.entries) {
      // They wait for their windows to be announced again: before that there is nothing to draw.
      for (const { window, at, ordinal } of deadlines) this.append({ key, window, at, ordinal, changed: undefined, set: true, next: undefined });
    }
  }

  /** A window has news: its deadline, or the earliest of those it has absorbed, stands; without one it gets one. */
  changed(changed: Changed<K, V>, now: Millis): void {
    if (this.every === Infinity) return;
    const { key, window } = changed;
    const first = this.keys.get(key);
    if (first && !first.next && contains(window, first)) {
      this.keep(first, changed);
      return;
    }
    const absorbed = all(first).filter((one) => contains(window, one)).sort((a, b) => a.at - b.at || a.ordinal - b.ordinal);
    const [earliest, ...others] = absorbed;
    if (earliest) {
      for (const one of others) this.clear(one);
      this.keep(earliest, changed);
      return;
    }
    const fresh: Pending<K, V> = { key, window, at: now + this.every, ordinal: this.ordinal, changed, set: true, next: undefined };
    this.ordinal += 1;
    this.touch(key);
    this.append(fresh);
    this.queue.add(fresh, fresh.at);
  }

  /** A window fired, perhaps cut shorter than it was announced: its deadline is void. */
  fired({ key, window }: Pane<K, V>): void {
    for (const one of all(this.keys.get(key))) if (contains(window, one) || newest(one).start === window.start) this.clear(one);
  }

  /** When {@link take} may have something to give. */
  next(): Millis {
    return this.queue.next();
  }

  /** Takes the next window, by (deadline, age), of which an early pane is due. */
  take(now: Millis): Changed<K, V> | undefined {
    for (let due = this.queue.take(now); due; due = this.queue.take(now)) {
      const { item } = due;
      if (!item.set) continue;
      this.clear(item);
      if (item.changed) return item.changed;
    }
    return undefined;
  }

  header(): EarlyHeader {
    return { ordinal: this.ordinal };
  }

  sizes(): { readonly keys: number } {
    return { keys: this.keys.size };
  }

  entry(key: K): readonly EarlyDeadline[] | undefined {
    return this.deadlinesOf(key);
  }

  *entries(): Generator<readonly [K, readonly EarlyDeadline[]], void> {
    for (const [key, first] of firstOf(this.keys, this.keys.size)) yield [key, all(first).map(saved)];
  }

  changes(): Changes<K, readonly EarlyDeadline[], EarlyHeader> {
    const { replaced } = this;
    this.replaced = new Map();
    return changesOf(this.header(), () => Array.from(replaced.keys(), (key) => [key, this.deadlinesOf(key)] as const));
  }

  *former(): Generator<readonly [K, readonly EarlyDeadline[]], void> {
    for (const [key, first] of this.keys) if (!this.replaced.has(key)) yield [key, all(first).map(saved)];
    for (const [key, deadlines] of this.replaced) if (deadlines) yield [key, deadlines];
  }

  /** The deadline stands. */
  private keep(pending: Pending<K, V>, changed: Changed<K, V>): void {
    if (!pending.changed) this.queue.add(pending, pending.at);
    pending.changed = changed;
  }

  private clear(pending: Pending<K, V>): void {
    const { key, next } = pending;
    this.touch(key);
    pending.set = false;
    let before = this.keys.get(key);
    if (before !== pending) {
      while (before && before.next !== pending) before = before.next;
      if (before) before.next = next;
    } else if (next) this.keys.set(key, next);
    else this.keys.delete(key);
  }

  private append(pending: Pending<K, V>): void {
    let last = this.keys.get(pending.key);
    while (last?.next) last = last.next;
    if (last) last.next = pending;
    else this.keys.set(pending.key, pending);
  }

  /** To be called before a key's deadlines change. */
  private touch(key: K): void {
    if (this.tracking && !this.replaced.has(key)) this.replaced.set(key, this.deadlinesOf(key));
  }

  private deadlinesOf(key: K): readonly EarlyDeadline[] | undefined {
    const first = this.keys.get(key);
    return first && all(first).map(saved);
  }
}

const all = <K, V>(first: Pending<K, V> | undefined): readonly Pending<K, V>[] => {
  const found: Pending<K, V>[] = [];
  for (let one = first; one; one = one.next) found.push(one);
  return found;
};

/** As it was last announced; after a restore that is at once. */
const newest = <K, V>({ changed, window }: Pending<K, V>): Window => changed?.window ?? window;

const contains = <K, V>({ start, end }: Window, pending: Pending<K, V>): boolean => start <= newest(pending).start && newest(pending).end <= end;

const saved = <K, V>({ window, at, ordinal }: Pending<K, V>): EarlyDeadline => ({ window, at, ordinal });
