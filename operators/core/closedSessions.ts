import type { Closed, Millis, Window } from '../types.js';
import { Deadlines, type Ordered } from './deadlines.js';
import { Journal } from './journal.js';
import { overlaps, type Mark } from './session.js';

/** A key with more closed sessions than this has the two oldest remembered as one span: it errs to late, never to overlap. */
const MOST_MARKS = 16;

export const NO_MARKS: readonly Mark[] = [];

/** A key whose marks are to be looked at. */
interface Visit<K> extends Ordered {
  readonly key: K;
}

/**
 * What is remembered of closed sessions, so that none overlaps them: until `memory` has passed since
 * the close in processing time, the watermark has passed the end by as much, and the key holds no
 * session.
 *
 * Apart from the held sessions, because almost no event has to look here: one that is younger than
 * every end that is remembered cannot overlap any.
 */
export class ClosedSessions<K> {
  private readonly keys: Journal<K, readonly Mark[]>;
  private greatestEnd: Millis = -Infinity;
  /** Marks of all keys. */
  size = 0;
  /** By processing time. */
  private readonly visits = new Deadlines<Visit<K>>();
  /** Old enough in processing time; these wait for the watermark. */
  private readonly waiting = new Deadlines<Visit<K>>();

  /** @param tracking whether {@link takeChanged} will be asked for */
  constructor(
    private readonly memory: Millis,
    private readonly holds: (key: K) => boolean,
    private readonly emit: (closed: Closed<K>) => void,
    tracking: boolean,
  ) {
    this.keys = new Journal(tracking);
  }

  overlaps(key: K, start: Millis, end: Millis): boolean {
    if (start >= this.greatestEnd) return false;
    return this.of(key).some((mark) => overlaps(mark, start, end));
  }

  /** Returns whether some of the key may be due to be forgotten now: not where this is the only one, for it is too young. */
  remember(key: K, window: Window, ordinal: number, owesClosed: boolean, now: Millis): boolean {
    const known = this.keys.get(key);
    const mark: Mark = { start: window.start, end: window.end, closedAt: now, owesClosed, ordinal };
    this.set(key, known ? bounded([...known, mark].sort((a, b) => a.start - b.start)) : [mark], known);
    this.visits.add({ key, ordinal }, now + this.memory);
    return known !== undefined || this.memory === 0;
  }

  restore(key: K, marks: readonly Mark[]): void {
    if (marks.length === 0) return;
    this.set(key, marks, undefined);
    for (const mark of marks) this.visits.add({ key, ordinal: mark.ordinal }, mark.closedAt + this.memory);
  }

  /** When {@link forgetDue} has something to do. */
  next(): Millis {
    return this.visits.next();
  }

  forgetDue(watermark: Millis, now: Millis): void {
    for (let due = this.visits.take(now); due; due = this.visits.take(now)) this.forget(due.item.key, watermark, now);
  }

  advance(watermark: Millis, now: Millis): void {
    for (let due = this.waiting.take(watermark); due; due = this.waiting.take(watermark)) this.forget(due.item.key, watermark, now);
  }

  /** Forgets what may be forgotten of a key. While it holds a session nothing is; the session's close asks again. */
  forget(key: K, watermark: Millis, now: Millis): void {
    const marks = this.of(key);
    if (marks.length === 0 || this.holds(key)) return;
    const kept: Mark[] = [];
    const forgotten: Mark[] = [];
    for (const mark of marks) {
      const isAged = mark.closedAt + this.memory <= now;
      (isAged && mark.end + this.memory <= watermark ? forgotten : kept).push(mark);
      if (isAged && mark.end + this.memory > watermark) this.waiting.add({ key, ordinal: mark.ordinal }, mark.end + this.memory);
    }
    if (forgotten.length === 0) return;
    this.set(key, kept, marks);
    for (const { owesClosed, start, end } of forgotten) if (owesClosed) this.emit({ _tag: 'Closed', key, window: { start, end } });
  }

  of(key: K): readonly Mark[] {
    return this.keys.get(key) ?? NO_MARKS;
  }

  /** Those that are there now; a key that comes during the walk is not waited for. */
  all(): Iterable<readonly [K, readonly Mark[]]> {
    return this.keys.all();
  }

  takeChanged(): readonly K[] {
    return this.keys.takeChanged();
  }

  /** What was remembered when changes were last taken. */
  former(): Iterable<readonly [K, readonly Mark[]]> {
    return this.keys.former();
  }

  private set(key: K, marks: readonly Mark[], known: readonly Mark[] | undefined): void {
    this.keys.replace(key, known, marks.length === 0 ? undefined : marks);
    this.size += marks.length - (known?.length ?? 0);
    for (const { end } of marks) if (end > this.greatestEnd) this.greatestEnd = end;
  }
}

const bounded = (marks: readonly Mark[]): readonly Mark[] => {
  const [first, second, ...rest] = marks;
  if (marks.length <= MOST_MARKS || !first || !second) return marks;
  const span: Mark = {
    start: first.start,
    end: Math.max(first.end, second.end),
    closedAt: Math.max(first.closedAt, second.closedAt),
    owesClosed: first.owesClosed || second.owesClosed,
    ordinal: Math.min(first.ordinal, second.ordinal),
  };
  return [span, ...rest];
};
