import { changesOf, type Changes, type Saved, type Stateful } from '../state.js';
import type { Changed, Closed, Late, Millis, Pane, SessionFull, Window } from '../types.js';
import { ClosedSessions } from './closedSessions.js';
import { NO_SESSIONS, grown, overlaps, siblings, spanning, type Aggregate, type KeyedSessions, type Session, type SessionsHeader } from './session.js';
import { formerlyKeyed, keyedChanges } from './keyedSessions.js';
import { byEnd, isOver } from './openWindow.js';
import { Panes, type PaneRules } from './panes.js';
import { SessionDeadlines } from './sessionDeadlines.js';
import { SessionStore, heldOf, plain } from './sessionStore.js';

export interface SessionRules<K, A, V> extends PaneRules<V> {
  readonly key: (value: A) => K;
  readonly gap: Millis;
  readonly aggregate: Aggregate<A, V>;
  readonly allowedLateness: Millis;
  /** A value whose new session would be over before it began is refused as late. */
  readonly refuseHistoric: boolean;
  readonly historicTimeout: Millis;
  readonly closedSessionMemory: Millis;
  readonly maxSessionEvents: number;
  readonly maxSessionDuration: Millis;
}

export type SessionOutput<K, A, V> = Changed<K, V> | Pane<K, V> | Late<K, A> | SessionFull<K, A> | Closed<K>;

/**
 * The session windows of all keys: which session a value belongs to, when a session fires, when it
 * is let go and what is remembered of it. Knows no clock: processing time comes with every call, and
 * it never goes back. Every output is handed to `emit` before the call returns.
 */
export class SessionWindows<K, A, V> implements Stateful<K, KeyedSessions<V>, SessionsHeader> {
  private watermark: Millis = -Infinity;
  private ordinal = 0;
  private readonly counts = { duplicates: 0, held: 0, closed: 0 };
  private readonly store: SessionStore<K, V>;
  private readonly closed: ClosedSessions<K>;
  private readonly deadlines: SessionDeadlines<K, V>;
  private readonly panes: Panes<K, V, Session<K, V>>;

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: SessionRules<K, A, V>,
    private readonly emit: (output: SessionOutput<K, A, V>) => void,
    tracking: boolean,
    saved?: Saved<K, KeyedSessions<V>, SessionsHeader>,
  ) {
    this.store = new SessionStore(tracking, rules.trigger ? (session) => ({ ...plain(session), ...this.panes.memoryOf(session) }) : plain);
    this.deadlines = new SessionDeadlines(rules.allowedLateness, rules.historicTimeout);
    this.closed = new ClosedSessions(rules.closedSessionMemory, (key) => this.store.first(key) !== undefined, emit, tracking);
    this.panes = new Panes(rules, emit, (session) => this.store.touch(session));
    if (saved) this.restore(saved);
  }

  element(value: A, timestamp: Millis, now: Millis): void {
    if (!Number.isFinite(timestamp)) throw new RangeError(`timestamp must be finite ms, got ${timestamp}`);
    const key = this.rules.key(value);
    const end = timestamp + this.rules.gap;
    if (this.closed.overlaps(key, timestamp, end)) {
      this.emit({ _tag: 'Late', key, value, timestamp, watermark: this.watermark });
      return;
    }
    const first = this.store.first(key);
    let oldest: Session<K, V> | undefined;
    let touched = 0;
    for (let one = first; one; one = one.next) {
      if (!overlaps(one.window, timestamp, end)) continue;
      touched += 1;
      if (!oldest || one.ordinal < oldest.ordinal) oldest = one;
    }
    if (!oldest) this.open(key, value, timestamp, now);
    else this.join(oldest, touched === 1 ? NO_SESSIONS : siblings(first).filter(({ window }) => overlaps(window, timestamp, end)), value, timestamp, now);
  }

  /** Event time has come to `watermark`; returns whether that is news. */
  advance(watermark: Millis, now: Millis): boolean {
    if (!(watermark > this.watermark)) return false;
    this.watermark = watermark;
    if (watermark === Infinity) this.closeAll(now);
    else for (let due = this.deadlines.takeEnded(watermark); due; due = this.deadlines.takeEnded(watermark)) this.reachEnd(due, now);
    this.closed.advance(watermark, now);
    return true;
  }

  /** When {@link closeTimedOut} has something to do. */
  nextTimeout(): Millis {
    return this.deadlines.nextTimeout();
  }

  /** Historic sessions without news for the historic timeout close. */
  closeTimedOut(now: Millis): void {
    for (let due = this.deadlines.takeTimedOut(now); due; due = this.deadlines.takeTimedOut(now)) {
      if (due.held) this.close(due, false, now);
    }
  }

  /** When {@link showDue} has something to do. */
  nextPane(): Millis {
    return this.panes.next();
  }

  /** Shows the panes that are due by processing time. */
  showDue(now: Millis): void {
    this.panes.showDue(now);
  }

  /** When {@link forgetDue} has something to do. */
  nextForget(): Millis {
    return this.closed.next();
  }

  /** Marks of closed sessions that have been kept long enough are dropped. */
  forgetDue(now: Millis): void {
    this.closed.forgetDue(this.watermark, now);
  }

  /** Closes everything as it stands and remembers nothing of it. */
  drain(now: Millis): void {
    for (const session of this.store.held().sort(byEnd)) {
      if (session.held) this.close(session, 'drain', now);
    }
  }

  /** Every open window with values that no pane has shown, oldest first: after a restore triggers learn of them here. */
  announce(): void {
    this.panes.announce(this.store.held());
  }

  /** `open` sessions, among them the `historic` ones, and `remembered` closed ones. */
  sizes(): { readonly open: number; readonly historic: number; readonly remembered: number } {
    return { open: this.store.size, historic: this.store.historic, remembered: this.closed.size };
  }

  entry(key: K): KeyedSessions<V> | undefined {
    const first = this.store.first(key);
    const closed = this.closed.of(key);
    return first || closed.length > 0 ? { sessions: this.store.plainOf(first), closed } : undefined;
  }

  *entries(): Generator<readonly [K, KeyedSessions<V>], void> {
    for (const first of this.store.all()) yield [first.key, { sessions: this.store.plainOf(first), closed: this.closed.of(first.key) }];
    for (const [key, closed] of this.closed.all()) if (!this.store.first(key)) yield [key, { sessions: NO_SESSIONS, closed }];
  }

  changes(): Changes<K, KeyedSessions<V>, SessionsHeader> {
    const sessions = this.store.takeChanged();
    const marks = this.closed.takeChanged();
    return changesOf(this.header(), () => keyedChanges(this.store, this.closed, sessions, marks));
  }

  former(): Iterable<readonly [K, KeyedSessions<V>]> {
    return formerlyKeyed(this.store, this.closed);
  }

  header(): SessionsHeader {
    return { watermark: this.watermark === -Infinity ? null : this.watermark, ordinal: this.ordinal, counts: { ...this.counts } };
  }

  /** Rule 3: the value opens a session. */
  private open(key: K, value: A, timestamp: Millis, now: Millis): void {
    const window: Window = { start: timestamp, end: timestamp + this.rules.gap };
    const mode = this.modeOf(window);
    if (mode === 'historic' && this.rules.refuseHistoric) {
      this.emit({ _tag: 'Late', key, value, timestamp, watermark: this.watermark });
      return;
    }
    const accumulator = this.rules.aggregate.add(this.rules.aggregate.create(), value, timestamp);
    if (accumulator === undefined) {
      this.counts.duplicates += 1;
      return;
    }
    const session = heldOf(key, { window, accumulator, events: 1, mode, index: 0, fresh: true, arrivedAt: now, ordinal: this.ordinal });
    this.ordinal += 1;
    this.counts.held += 1;
    this.store.insert(session);
    this.deadlines.expect(session);
    this.panes.added(session, undefined, now);
  }

  /** Rule 2: the value joins `session`; if it touches several (by start), these become one: the oldest, `session`. */
  private join(session: Session<K, V>, touched: readonly Session<K, V>[], value: A, timestamp: Millis, now: Millis): void {
    const { gap, aggregate } = this.rules;
    const single = touched.length === 0;
    const window = single ? grown(session.window, timestamp, timestamp + gap) : spanning(touched, timestamp, timestamp + gap);
    const events = single ? session.events + 1 : touched.reduce((sum, one) => sum + one.events, 1);

    const isNewest = single && timestamp > session.window.end - gap;
    if (isNewest && this.capBroken(window, events, 1)) {
      this.store.touch(session);
      session.window = { start: session.window.start, end: timestamp };
      this.close(session, 'cap', now);
      this.open(session.key, value, timestamp, now);
      return;
    }

    const together = single ? session.accumulator : touched.map((one) => one.accumulator).reduce((a, b) => aggregate.merge(a, b));
    const accumulator = aggregate.add(together, value, timestamp);
    if (accumulator === undefined) {
      this.counts.duplicates += 1;
      return;
    }
    const cap = this.capBroken(window, events, 2);
    if (cap) {
      this.emit({ _tag: 'SessionFull', key: session.key, value, timestamp, window, cap });
      return;
    }

    const grownFrom = window === session.window ? undefined : session.window;
    const replaced = single ? grownFrom : touched.map((one) => one.window);
    this.store.touch(session);
    if (!single) this.absorb(session, touched);
    const mode = this.modeOf(window);
    // The two kinds of deadline are instants of different clocks: none is carried over.
    if (mode !== session.mode && session.mode === 'historic') session.dueAt = Infinity;
    this.store.become(session, mode);
    session.window = window;
    session.accumulator = accumulator;
    session.events = events;
    session.fresh = true;
    session.arrivedAt = now;
    this.counts.held += 1;
    this.deadlines.expect(session);
    this.panes.added(session, replaced, now);
  }

  private absorb(session: Session<K, V>, touched: readonly Session<K, V>[]): void {
    for (const other of touched) {
      if (other === session) continue;
      this.store.remove(other);
      this.panes.merged(session, other);
    }
  }

  private reachEnd(session: Session<K, V>, now: Millis): void {
    if (!session.held) return;
    if (session.mode === 'fired') {
      if (session.fresh) this.close(session, false, now);
      else this.letGo(session, false, now);
    } else if (isOver(session.window, this.rules.allowedLateness, this.watermark)) {
      this.close(session, false, now);
    } else {
      this.panes.showOnTime(session);
      this.store.become(session, 'fired');
      this.deadlines.expect(session);
    }
  }

  /** At the end of event time historic sessions have nothing to wait for either. */
  private closeAll(now: Millis): void {
    for (const session of this.store.held().sort(byEnd)) this.reachEnd(session, now);
  }

  /** The last pane, then the end. */
  private close(session: Session<K, V>, forced: Pane<K, V>['forced'], now: Millis): void {
    this.panes.showLast(session, forced);
    this.letGo(session, forced, now);
  }

  private letGo(session: Session<K, V>, forced: Pane<K, V>['forced'], now: Millis): void {
    const { key, window } = session;
    const deferred = session.mode === 'historic' && forced !== 'drain';
    this.store.remove(session);
    this.panes.forget(session);
    this.counts.held -= session.events;
    this.counts.closed += session.events;
    if (!deferred) this.emit({ _tag: 'Closed', key, window });
    const isAlone = forced !== 'drain' && !this.closed.remember(key, window, session.ordinal, deferred, now);
    if (!isAlone) this.closed.forget(key, this.watermark, now);
  }

  private modeOf(window: Window): Session<K, V>['mode'] {
    if (window.end > this.watermark) return 'live';
    return window.end + this.rules.allowedLateness > this.watermark ? 'fired' : 'historic';
  }

  private capBroken(window: Window, events: number, times: 1 | 2): SessionFull<K, A>['cap'] | undefined {
    if (events > times * this.rules.maxSessionEvents) return 'maxSessionEvents';
    if (window.end - window.start > times * this.rules.maxSessionDuration) return 'maxSessionDuration';
    return undefined;
  }

  private restore({ header, entries }: Saved<K, KeyedSessions<V>, SessionsHeader>): void {
    this.watermark = header.watermark ?? -Infinity;
    this.ordinal = header.ordinal;
    Object.assign(this.counts, header.counts);
    for (const [key, { sessions, closed }] of entries) {
      this.closed.restore(key, closed);
      for (const saved of sessions) {
        const session = heldOf(key, saved);
        this.store.insert(session);
        this.deadlines.expect(session);
        this.panes.restore(session, saved);
      }
    }
    // What was restored is not news.
    this.store.takeChanged();
    this.closed.takeChanged();
  }
}
