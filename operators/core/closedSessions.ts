import type { Closed, Millis, Window } from '../types.js';
import { NO_MARKS, isForgettable, remember } from './closedMarks.js';
import { Deadlines, type Ordered } from './deadlines.js';
import type { Keyed, Mark } from './session.js';
import type { SessionStore } from './sessionStore.js';

/** A key whose marks are to be looked at. */
interface Visit<K, V> extends Ordered {
  readonly keyed: Keyed<K, V>;
}

/**
 * How long closed sessions are remembered: until `memory` has passed since the close in processing
 * time, the watermark has passed the end by as much, and the key holds no session.
 */
export class ClosedSessions<K, V> {
  /** By processing time. */
  private readonly visits = new Deadlines<Visit<K, V>>();
  /** Old enough in processing time; these wait for the watermark. */
  private readonly waiting = new Deadlines<Visit<K, V>>();

  constructor(
    private readonly store: SessionStore<K, V>,
    private readonly memory: Millis,
    private readonly emit: (closed: Closed<K>) => void,
  ) {}

  remember(keyed: Keyed<K, V>, window: Window, ordinal: number, owesClosed: boolean, now: Millis): void {
    const mark: Mark = { start: window.start, end: window.end, closedAt: now, owesClosed, ordinal };
    keyed.closed = remember(keyed.closed, mark);
    this.expect(keyed, mark);
  }

  /** Sets out to forget a mark that was remembered before a restart. */
  expect(keyed: Keyed<K, V>, mark: Mark): void {
    this.visits.add({ keyed, ordinal: mark.ordinal }, mark.closedAt + this.memory);
  }

  /** When {@link forgetDue} has something to do. */
  next(): Millis {
    return this.visits.next();
  }

  forgetDue(watermark: Millis, now: Millis): void {
    for (let due = this.visits.take(now); due; due = this.visits.take(now)) this.forget(due.item.keyed, watermark, now);
  }

  advance(watermark: Millis, now: Millis): void {
    for (let due = this.waiting.take(watermark); due; due = this.waiting.take(watermark)) this.forget(due.item.keyed, watermark, now);
  }

  /** Forgets what may be forgotten of a key. While it holds a session nothing is; the session's close asks again. */
  forget(keyed: Keyed<K, V>, watermark: Millis, now: Millis): void {
    if (keyed.sessions.length > 0) return;
    const marks = keyed.closed;
    const kept = marks.filter((mark) => !isForgettable(mark, this.memory, watermark, now));
    for (const mark of kept) {
      if (mark.closedAt + this.memory <= now) this.waiting.add({ keyed, ordinal: mark.ordinal }, mark.end + this.memory);
    }
    if (kept.length < marks.length) {
      keyed.closed = kept.length > 0 ? kept : NO_MARKS;
      this.store.touch(keyed);
      for (const mark of marks) {
        if (mark.owesClosed && !kept.includes(mark)) this.emit({ _tag: 'Closed', key: keyed.key, window: { start: mark.start, end: mark.end } });
      }
    }
    this.store.tidy(keyed);
  }
}
