import { afterCount, repeatedly, type AfterWatermark, type Millis, type Pane, type PaneTrigger, type Timing, type Window } from '../../operators/index.js';
import type { Output } from '../operators/sessions.js';
import { hits, type Hit, type Hits } from '../operators/values.js';

export interface Rules {
  readonly gap: Millis;
  readonly allowedLateness: Millis;
  readonly accumulation: 'ACCUMULATING' | 'DISCARDING';
  readonly historic: 'process' | 'late';
  readonly historicTimeout: Millis;
  readonly closedSessionMemory: Millis;
  readonly maxSessionEvents: number;
  readonly maxSessionDuration: Millis;
}

interface Session {
  readonly key: string;
  /** Order of creation; a merged session is as old as its oldest part. */
  readonly age: number;
  readonly times: readonly Millis[];
  held: Hits;
  panes: number;
  mode: 'live' | 'fired' | 'historic';
  /** When the hits came that no pane has shown. */
  news: readonly Millis[];
  /** The timing of its last pane, unless that was on time. */
  shown: Timing | undefined;
  /** Historic: when it closes. */
  closesAt: Millis;
  /** When its early pane is due, and which of all deadlines that was. */
  early: Deadline;
}

interface Deadline {
  readonly at: Millis;
  readonly nth: number;
}

const NO_DEADLINE: Deadline = { at: Infinity, nth: Infinity };

interface Mark extends Window {
  readonly key: string;
  /** Windows of historic sessions whose end is still to be told. */
  readonly untold: readonly Window[];
  readonly closedAt: Millis;
  /** As much processing time has passed as the memory lasts. */
  aged: boolean;
}

/** Something the clock will do. */
interface Due {
  readonly at: Millis;
  readonly rank: number;
  readonly age: number;
  run(): void;
}

const MOST_MARKS = 16;

/**
 * `sessionWindow` (and, with `every`, `earlyTrigger` after it) step by step as the rules are
 * written: plain arrays, no queue, no index; each step looks at every session there is.
 */
export class NaiveSessions {
  now: Millis = 0;
  watermark: Millis = -Infinity;
  private sessions: Session[] = [];
  private marks: Mark[] = [];
  private born = 0;
  private out: Output[] = [];

  constructor(
    private readonly rules: Rules,
    /** Period of early panes; Infinity: windows are announced and never drawn. */
    private readonly every: Millis = Infinity,
    private readonly trigger?: AfterWatermark,
  ) {}

  /** What has come out since the last call. */
  taken(): Output[] {
    const taken = this.out;
    this.out = [];
    return taken;
  }

  element(value: Hit): void {
    const { gap, allowedLateness, maxSessionEvents, maxSessionDuration } = this.rules;
    const t = value.at;
    const reach: Window = { start: t, end: t + gap };
    const isLate = this.marks.some((mark) => mark.key === value.key && overlap(mark, reach));
    if (isLate) {
      this.late(value);
      return;
    }

    const touched = this.sessions.filter((session) => session.key === value.key && overlap(this.windowOf(session), reach));
    if (touched.some((session) => hits.add(session.held, value) === undefined)) return;

    const times = [...touched.flatMap((session) => session.times), t];
    const window = windowAround(times, gap);
    const length = window.end - window.start;
    const [only] = touched;
    const newest = touched.length === 1 && only?.times.every((time) => time < t);
    if (only && newest && (times.length > maxSessionEvents || length > maxSessionDuration)) {
      this.close(only, { forced: 'cap', end: t });
      this.element(value);
      return;
    }
    const cap = times.length > 2 * maxSessionEvents ? 'maxSessionEvents' : length > 2 * maxSessionDuration ? 'maxSessionDuration' : undefined;
    if (cap) {
      this.emit({ _tag: 'SessionFull', key: value.key, value, timestamp: t, window, cap });
      return;
    }

    const isHistoric = window.end + allowedLateness <= this.watermark;
    if (isHistoric && touched.length === 0 && this.rules.historic === 'late') {
      this.late(value);
      return;
    }

    const before = touched.map((session) => this.windowOf(session));
    const session: Session = {
      key: value.key,
      age: Math.min(this.born, ...touched.map((it) => it.age)),
      times,
      held: [...touched.flatMap((it) => it.held), value].reduce<Hits>((held, hit) => hits.add(held, hit) ?? held, []),
      panes: Math.max(0, ...touched.map((it) => it.panes)),
      mode: isHistoric ? 'historic' : window.end <= this.watermark ? 'fired' : 'live',
      news: [...touched.flatMap((it) => it.news), this.now],
      shown: touched.some((it) => it.shown === 'EARLY') ? 'EARLY' : touched.find((it) => it.shown !== undefined)?.shown,
      closesAt: isHistoric ? this.now + this.rules.historicTimeout : Infinity,
      early: touched.map((it) => it.early).reduce(earlier, { at: this.now + this.every, nth: this.born }),
    };
    this.born += 1;
    this.sessions = [...this.sessions.filter((it) => !touched.includes(it)), session];
    if (this.trigger) this.drawIfDue(session);
    else if (session.mode === 'fired') this.pane(session, { timing: 'LATE', isLast: false });
    else this.announce(session, before.filter((it) => it.start !== window.start || it.end !== window.end));
  }

  watermarkTo(timestamp: Millis): void {
    this.watermark = timestamp;
    const { allowedLateness } = this.rules;
    const isEnd = timestamp === Infinity;
    const dueAt = (session: Session): Millis => this.windowOf(session).end + (session.mode === 'fired' && !isEnd ? allowedLateness : 0);
    const due = this.sessions
      .filter((session) => isEnd || (session.mode !== 'historic' && dueAt(session) <= timestamp))
      .sort((a, b) => dueAt(a) - dueAt(b) || a.age - b.age);
    for (const session of due) {
      const isOver = isEnd || this.windowOf(session).end + allowedLateness <= timestamp;
      if (isOver) this.close(session, {});
      else {
        this.pane(session, { timing: 'ON_TIME', isLast: false });
        session.mode = 'fired';
      }
    }
    this.forget();
    this.emit({ _tag: 'Watermark', timestamp });
  }

  /** Lets time pass, all that is due in its order. */
  advanceTo(time: Millis): void {
    for (let due = this.nextDue(); due && due.at <= time; due = this.nextDue()) {
      this.now = due.at;
      due.run();
    }
    this.now = time;
  }

  nextDue(): Due | undefined {
    const early = this.sessions.filter((it) => it.early.at < Infinity).map((it): Due => ({ at: it.early.at, rank: 0, age: it.early.nth, run: () => this.pane(it, { timing: 'EARLY', isLast: false }) }));
    const drawn = this.sessions.map((it): Due => ({ at: this.drawsAt(it), rank: 0, age: it.age, run: () => this.drawIfDue(it) })).filter(({ at }) => at < Infinity);
    const historic = this.sessions.filter((it) => it.closesAt < Infinity).map((it): Due => ({ at: it.closesAt, rank: 1, age: it.age, run: () => this.close(it, {}) }));
    const forgetting = this.marks.map((it, n): Due => ({ at: it.closedAt + this.rules.closedSessionMemory, rank: 2, age: n, run: () => { it.aged = true; this.forget(); } })).filter((_, n) => !this.marks[n]?.aged);
    return inOrder([...early, ...drawn, ...historic, ...forgetting]).at(0);
  }

  drain(): void {
    const all = [...this.sessions].sort((a, b) => this.windowOf(a).end - this.windowOf(b).end || a.age - b.age);
    for (const session of all) this.close(session, { forced: 'drain' });
  }

  /** Open windows with hits that no pane has shown, oldest first: what a consumer may draw. */
  drawable(): readonly { readonly key: string; readonly window: Window; draw(): Pane<string, Hits> }[] {
    return this.sessions
      .filter((it) => it.news.length > 0)
      .sort((a, b) => a.age - b.age)
      .map((it) => ({ key: it.key, window: this.windowOf(it), draw: () => this.drawn(it, { timing: 'EARLY', isLast: false }) }));
  }

  /** Hits in sessions that are not closed. */
  held(): number {
    return this.sessions.reduce((sum, session) => sum + session.times.length, 0);
  }

  private windowOf(session: Session): Window {
    return windowAround(session.times, this.rules.gap);
  }

  /** Gives a session its last pane, unless it has fired and ends in time, and lets it go. */
  private close(session: Session, { forced = false, end }: { readonly forced?: Pane<string, Hits>['forced']; readonly end?: Millis }): void {
    const { key, mode } = session;
    const own = this.windowOf(session);
    const window = { start: own.start, end: end ?? own.end };
    if (mode !== 'fired' || forced || session.news.length > 0) this.pane(session, { timing: mode === 'fired' ? 'LATE' : 'ON_TIME', isLast: true, forced, window });
    this.sessions = this.sessions.filter((it) => it !== session);
    const toldNow = mode !== 'historic' || forced === 'drain';
    if (toldNow) this.emit({ _tag: 'Closed', key, window });
    if (forced !== 'drain') this.remember({ ...window, key, untold: toldNow ? [] : [window], closedAt: this.now, aged: false });
    this.forget();
  }

  private remember(mark: Mark): void {
    this.marks.push(mark);
    const own = this.marks.filter((it) => it.key === mark.key);
    const [oldest, next] = own;
    if (own.length <= MOST_MARKS || !oldest || !next) return;
    const span: Mark = {
      key: mark.key, start: Math.min(oldest.start, next.start), end: Math.max(oldest.end, next.end),
      untold: [...oldest.untold, ...next.untold], closedAt: Math.max(oldest.closedAt, next.closedAt), aged: oldest.aged && next.aged,
    };
    this.marks = this.marks.filter((it) => it !== next).map((it) => (it === oldest ? span : it));
  }

  /** Gives up the marks whose memory is over. */
  private forget(): void {
    const memory = this.rules.closedSessionMemory;
    const isOver = (mark: Mark): boolean =>
      mark.aged && this.watermark >= mark.end + memory && !this.sessions.some((session) => session.key === mark.key);
    const over = this.marks.filter(isOver);
    this.marks = this.marks.filter((mark) => !over.includes(mark));
    for (const { key, untold } of over) for (const window of untold) this.emit({ _tag: 'Closed', key, window });
  }

  private pane(session: Session, how: Partial<Pane<string, Hits>> & Pick<Pane<string, Hits>, 'timing' | 'isLast'>): void {
    this.emit(this.drawn(session, how));
  }

  private drawn(session: Session, how: Partial<Pane<string, Hits>> & Pick<Pane<string, Hits>, 'timing' | 'isLast'>): Pane<string, Hits> {
    const { key, held, panes, mode } = session;
    session.panes += 1;
    session.news = [];
    session.shown = how.timing === 'ON_TIME' ? undefined : how.timing;
    session.early = NO_DEADLINE;
    if (this.rules.accumulation === 'DISCARDING') session.held = [];
    return { _tag: 'Pane', key, window: this.windowOf(session), value: held, index: panes, isFirst: panes === 0, historic: mode === 'historic', forced: false, ...how };
  }

  private drawIfDue(session: Session): void {
    if (this.drawsAt(session) <= this.now) this.pane(session, { timing: phaseOf(session), isLast: false });
  }

  /** When the trigger wants a pane, as far as can be told now. */
  private drawsAt(session: Session): Millis {
    const { early, late = repeatedly(afterCount(1)) } = this.trigger ?? {};
    const trigger = phaseOf(session) === 'EARLY' ? early : late;
    return this.trigger && trigger && session.news.length > 0 ? dueBy(trigger, session) : Infinity;
  }

  private announce(session: Session, replaces: readonly Window[]): void {
    if (this.every < Infinity) return; // the trigger keeps it
    this.emit({ _tag: 'Changed', key: session.key, window: this.windowOf(session), replaces: [...replaces].sort((a, b) => a.start - b.start) });
  }

  private late(value: Hit): void {
    this.emit({ _tag: 'Late', key: value.key, value, timestamp: value.at, watermark: this.watermark });
  }

  private emit(value: Output): void {
    this.out.push(value);
  }
}

const phaseOf = ({ mode }: Session): 'EARLY' | 'LATE' => (mode === 'fired' ? 'LATE' : 'EARLY');

const dueBy = (trigger: PaneTrigger, session: Session): Millis => {
  if (trigger._tag === 'Repeatedly') return dueBy(trigger.trigger, { ...session, shown: undefined });
  if (session.shown === phaseOf(session)) return Infinity;
  if (trigger._tag === 'AfterProcessingTime') return Math.min(...session.news) + trigger.delay;
  return session.news.length >= trigger.count ? Math.max(...session.news) : Infinity;
};

const overlap = (a: Window, b: Window): boolean => a.start < b.end && b.start < a.end;

const earlier = (a: Deadline, b: Deadline): Deadline => (a.at < b.at || (a.at === b.at && a.nth < b.nth) ? a : b);

const windowAround = (times: readonly Millis[], gap: Millis): Window => ({ start: Math.min(...times), end: Math.max(...times) + gap });

/** Due time, then rank, then age. */
export const inOrder = <D extends Omit<Due, 'run'>>(dues: readonly D[]): D[] => [...dues].sort((a, b) => a.at - b.at || a.rank - b.rank || a.age - b.age);
