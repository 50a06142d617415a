import type { Changes, Saved, Stateful } from '../state.js';
import type { Changed, Closed, Late, Millis, Pane, SessionFull, Timing, Window } from '../types.js';
import { ClosedSessions, NO_MARKS } from './closedSessions.js';
import { NO_SESSIONS, grown, spanning, touchedBy, type Aggregate, type Keyed, type KeyedSessions, type Session, type SessionsHeader } from './session.js';
import { Announcement } from './announcement.js';
import { SessionDeadlines } from './sessionDeadlines.js';
import { SessionStore, heldAgain, plain } from './sessionStore.js';

export interface SessionRules<K, A, V> {
  readonly key: (value: A) => K;
  readonly gap: Millis;
  readonly aggregate: Aggregate<A, V>;
  readonly allowedLateness: Millis;
  readonly discarding: boolean;
  /** A value whose new session would be over before it began is refused as late. */
  readonly refuseHistoric: boolean;
  readonly historicTimeout: Millis;
  readonly closedSessionMemory: Millis;
  readonly maxSessionEvents: number;
  readonly maxSessionDuration: Millis;
}

export type SessionOutput<K, A, V> = Changed<K, V> | Pane<K, V> | Late<K, A> | SessionFull<K, A> | Closed<K>;

const NO_WINDOWS: readonly Window[] = [];

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

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: SessionRules<K, A, V>,
    private readonly emit: (output: SessionOutput<K, A, V>) => void,
    tracking: boolean,
    saved?: Saved<K, KeyedSessions<V>, SessionsHeader>,
  ) {
    this.store = new SessionStore(tracking);
    this.deadlines = new SessionDeadlines(rules.allowedLateness, rules.historicTimeout);
    this.closed = new ClosedSessions(rules.closedSessionMemory, (key) => this.store.get(key) !== undefined, emit, tracking);
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
    const keyed = this.store.get(key);
    const touched = keyed ? touchedBy(keyed.sessions, timestamp, end) : NO_SESSIONS;
    const oldest = touched[0];
    if (!keyed || !oldest) this.open(keyed, key, value, timestamp, now);
    else if (touched.length === 1) this.join(keyed, oldest, touched, value, timestamp, now);
    else this.join(keyed, touched.reduce((a, b) => (a.ordinal <= b.ordinal ? a : b)), touched, value, timestamp, now);
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
      if (due.owner) this.close(due.owner, due, 'ON_TIME', false, now);
    }
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
      if (session.owner) this.close(session.owner, session, session.mode === 'fired' ? 'LATE' : 'ON_TIME', 'drain', now);
    }
  }

  /** Every open window with values that no pane has shown, oldest first: after a restore triggers learn of them here. */
  announce(): void {
    for (const session of this.store.held()) {
      if (session.owner && session.fresh && session.mode !== 'fired') this.emit(new Announcement(session.owner.key, session, NO_WINDOWS, this.drawEarly));
    }
  }

  *entries(): Generator<readonly [K, KeyedSessions<V>], void> {
    for (const { key, sessions } of this.store.all()) yield [key, { sessions: plain(sessions), closed: this.closed.of(key) }];
    for (const [key, closed] of this.closed.all()) if (!this.store.get(key)) yield [key, { sessions: NO_SESSIONS, closed }];
  }

  changes(): Changes<K, KeyedSessions<V>, SessionsHeader> {
    const entries: (readonly [K, KeyedSessions<V> | undefined])[] = [];
    const others = new Set(this.closed.takeChanged());
    for (const keyed of this.store.takeChanged()) {
      if (keyed.sessions.length === 0) others.add(keyed.key);
      else entries.push([keyed.key, { sessions: plain(keyed.sessions), closed: keyed.remembered ? this.closed.of(keyed.key) : NO_MARKS }]);
    }
    for (const key of others) {
      if (this.store.get(key)) continue;
      const closed = this.closed.of(key);
      entries.push([key, closed.length > 0 ? { sessions: NO_SESSIONS, closed } : undefined]);
    }
    return { header: this.header(), entries };
  }

  header(): SessionsHeader {
    return { watermark: this.watermark === -Infinity ? null : this.watermark, ordinal: this.ordinal, counts: { ...this.counts } };
  }

  /** Rule 3: the value opens a session. */
  private open(known: Keyed<K, V> | undefined, key: K, value: A, timestamp: Millis, now: Millis): void {
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
    const keyed = known ?? this.store.create(key, this.closed.of(key).length > 0);
    const session: Session<K, V> = {
      owner: keyed, window, accumulator, events: 1, mode, index: 0, fresh: true, arrivedAt: now, ordinal: this.ordinal, dueAt: Infinity,
    };
    this.ordinal += 1;
    this.counts.held += 1;
    this.store.insert(keyed, session);
    this.settle(keyed, session, NO_WINDOWS);
  }

  /** Rule 2: the value joins the sessions it touches (by start), which become one: the oldest, `session`. */
  private join(keyed: Keyed<K, V>, session: Session<K, V>, touched: readonly Session<K, V>[], value: A, timestamp: Millis, now: Millis): void {
    const { gap, aggregate } = this.rules;
    const single = touched.length === 1;
    const window = single ? grown(session.window, timestamp, timestamp + gap) : spanning(touched, timestamp, timestamp + gap);
    const events = single ? session.events + 1 : touched.reduce((sum, one) => sum + one.events, 1);

    const isNewest = single && timestamp > session.window.end - gap;
    if (isNewest && this.capBroken(window, events, 1)) {
      session.window = { start: session.window.start, end: timestamp };
      this.close(keyed, session, session.mode === 'fired' ? 'LATE' : 'ON_TIME', 'cap', now);
      this.open(this.store.get(keyed.key), keyed.key, value, timestamp, now);
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
      this.emit({ _tag: 'SessionFull', key: keyed.key, value, timestamp, window, cap });
      return;
    }

    const replaces = window === session.window ? NO_WINDOWS : touched.map((one) => one.window);
    if (!single) this.absorb(keyed, session, touched);
    const mode = this.modeOf(window);
    // The two kinds of deadline are instants of different clocks: none is carried over.
    if (mode !== session.mode && session.mode === 'historic') session.dueAt = Infinity;
    session.mode = mode;
    session.window = window;
    session.accumulator = accumulator;
    session.events = events;
    session.fresh = true;
    session.arrivedAt = now;
    this.counts.held += 1;
    this.store.touch(keyed);
    this.settle(keyed, session, replaces);
  }

  private absorb(keyed: Keyed<K, V>, session: Session<K, V>, touched: readonly Session<K, V>[]): void {
    for (const other of touched) {
      if (other === session) continue;
      session.index = Math.max(session.index, other.index);
      this.store.remove(keyed, other);
    }
  }

  /** After news: a fired window shows it at once, the others tell that they changed and wait for their time. */
  private settle(keyed: Keyed<K, V>, session: Session<K, V>, replaces: readonly Window[]): void {
    this.deadlines.expect(session);
    this.emit(session.mode === 'fired' ? this.draw(keyed, session, 'LATE', false, false) : new Announcement(keyed.key, session, replaces, this.drawEarly));
  }

  private reachEnd(session: Session<K, V>, now: Millis): void {
    const keyed = session.owner;
    if (!keyed) return;
    if (session.mode === 'fired') {
      this.letGo(keyed, session, false, now);
    } else if (session.window.end + this.rules.allowedLateness <= this.watermark) {
      this.close(keyed, session, 'ON_TIME', false, now);
    } else {
      this.emit(this.draw(keyed, session, 'ON_TIME', false, false));
      session.mode = 'fired';
      this.deadlines.expect(session);
    }
  }

  /** At the end of event time historic sessions have nothing to wait for either. */
  private closeAll(now: Millis): void {
    for (const session of this.store.held().sort(byEnd)) this.reachEnd(session, now);
  }

  /** The last pane, then the end. */
  private close(keyed: Keyed<K, V>, session: Session<K, V>, timing: Timing, forced: Pane<K, V>['forced'], now: Millis): void {
    this.emit(this.draw(keyed, session, timing, true, forced));
    this.letGo(keyed, session, forced, now);
  }

  private letGo(keyed: Keyed<K, V>, session: Session<K, V>, forced: Pane<K, V>['forced'], now: Millis): void {
    const { window } = session;
    const deferred = session.mode === 'historic' && forced !== 'drain';
    this.store.remove(keyed, session);
    this.counts.held -= session.events;
    this.counts.closed += session.events;
    if (!deferred) this.emit({ _tag: 'Closed', key: keyed.key, window });
    if (forced !== 'drain') {
      this.closed.remember(keyed.key, window, session.ordinal, deferred, now);
      keyed.remembered = true;
    }
    this.closed.forget(keyed.key, this.watermark, now);
  }

  private draw(keyed: Keyed<K, V>, session: Session<K, V>, timing: Timing, isLast: boolean, forced: Pane<K, V>['forced']): Pane<K, V> {
    const { index } = session;
    const pane: Pane<K, V> = {
      _tag: 'Pane', key: keyed.key, window: session.window, value: session.accumulator, timing, index,
      isFirst: index === 0, isLast, historic: session.mode === 'historic', forced,
    };
    session.index = index + 1;
    session.fresh = false;
    if (this.rules.discarding) session.accumulator = this.rules.aggregate.create();
    this.store.touch(keyed);
    return pane;
  }

  private readonly drawEarly = (session: Session<K, V>): Pane<K, V> => {
    if (!session.owner) throw new Error('an EARLY pane can only be drawn of a window that is open');
    return this.draw(session.owner, session, 'EARLY', false, false);
  };

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
      if (sessions.length === 0) continue;
      const keyed = this.store.create(key, closed.length > 0);
      keyed.sessions = sessions.map((session) => heldAgain(keyed, session));
      for (const session of keyed.sessions) this.deadlines.expect(session);
    }
    // What was restored is not news.
    this.changes();
  }
}

const byEnd = <K, V>(a: Session<K, V>, b: Session<K, V>): number => a.window.end - b.window.end || a.ordinal - b.ordinal;
