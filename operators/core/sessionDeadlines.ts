import type { Millis } from '../types.js';
import { Deadlines, type Due } from './deadlines.js';
import type { Session } from './session.js';

/**
 * When each held session is due: live and fired ones by event time, historic ones by processing time.
 *
 * A session has one entry that counts (`dueAt`). Growth does not move it: when it comes up early it
 * looks again. Only an earlier deadline needs an entry of its own, and then the old one is stale.
 */
export class SessionDeadlines<K, V> {
  private readonly ends = new Deadlines<Session<K, V>>();
  private readonly timeouts = new Deadlines<Session<K, V>>();

  constructor(
    private readonly allowedLateness: Millis,
    private readonly historicTimeout: Millis,
  ) {}

  /** The session has news or another mode. */
  expect(session: Session<K, V>): void {
    const at = this.deadlineOf(session);
    if (session.dueAt <= at) return;
    session.dueAt = at;
    (session.mode === 'historic' ? this.timeouts : this.ends).add(session, at);
  }

  /** Takes the next live or fired session, by (deadline, age), whose deadline the watermark has reached. */
  takeEnded(watermark: Millis): Session<K, V> | undefined {
    for (let due = this.ends.take(watermark); due; due = this.ends.take(watermark)) {
      if (due.item.mode !== 'historic' && this.isDue(due)) return due.item;
    }
    return undefined;
  }

  /** Takes the next historic session, by (deadline, age), that has had no news for the historic timeout. */
  takeTimedOut(now: Millis): Session<K, V> | undefined {
    for (let due = this.timeouts.take(now); due; due = this.timeouts.take(now)) {
      if (due.item.mode === 'historic' && this.isDue(due)) return due.item;
    }
    return undefined;
  }

  /** When {@link takeTimedOut} may have something to give. */
  nextTimeout(): Millis {
    return this.timeouts.next();
  }

  private isDue({ at, item: session }: Due<Session<K, V>>): boolean {
    if (!session.held || session.dueAt !== at) return false;
    session.dueAt = Infinity;
    if (this.deadlineOf(session) === at) return true;
    this.expect(session);
    return false;
  }

  private deadlineOf(session: Session<K, V>): Millis {
    switch (session.mode) {
      case 'live':
        return session.window.end;
      case 'fired':
        return session.window.end + this.allowedLateness;
      case 'historic':
        return session.arrivedAt + this.historicTimeout;
    }
  }
}
