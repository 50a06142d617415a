import * as t from 'io-ts';
import { tap, type Observable } from 'rxjs';
import type { EarlyDeadline, KeyedSessions, Millis, Window } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import { eventTime } from '../model/eventTime.js';
import type { Message } from '../model/message.js';
import { SessionIdOnly } from '../model/sessionEvent.js';
import type { PipelineCut, PipelineSnapshot } from '../pipelineState.js';
import type { BuildFlow, FlowOutput } from '../runtime/flow.js';
import { MessageIds } from '../runtime/messageIds.js';
import { Task } from '../runtime/task.js';
import { recordedClock, type TaskClock } from '../runtime/taskClock.js';
import type { Watch, WindowOutput } from '../runtime/watch.js';
import type { Arrived, Consequence, Fate, Fields, Happening, Mover, Story } from './story.js';

type Build<A> = BuildFlow<PipelineSnapshot<A>, PipelineCut<A>>;

/** A message is tried once: what breaks the pipeline is told, not dead-lettered. */
const NOTHING_POISONED = (): undefined => undefined;

/** What happened, without what the witness adds to it. */
type Event = Consequence extends infer C ? (C extends Consequence ? Omit<C, 'at' | 'cause' | 'watermark'> : never) : never;

/**
 * Leads the messages of a recording through the pipeline, one at a time, and writes down what happens to one session.
 * It computes nothing itself: task, flow, windows and triggers are those of a run on the recorded clock; it looks
 * on between the operators, and at what each message has changed in the state.
 */
export class Witness<A> {
  /** Never emits; an error says that the pipeline broke. */
  readonly running$: Observable<never>;
  private readonly happenings: Happening[] = [];
  private readonly movers: Mover[] = [];
  private readonly task: Task<PipelineSnapshot<A>, PipelineCut<A>>;
  private readonly lines = { id: new Map<string, number>(), view: new Map<string, number>() };

  private now: () => Millis = () => 0;
  private at: Millis = 0;
  private watermark: Millis = -Infinity;
  private line: number | undefined;
  private isEnding = false;
  private messages = 0;
  private epoch = 0;
  /** As the last cut left them, less what has closed since. */
  private open: readonly Window[] = [];
  private closed: readonly Window[] = [];
  private due: Millis | undefined;

  /** Of the message being processed: what it met when the clock had been followed, and what became of it. */
  private met: { readonly watermark: Millis; readonly open: readonly Window[] } = { watermark: -Infinity, open: [] };
  private isEntered = false;
  private refused: DeadLetter | undefined;
  private window: Window | undefined;
  private caused: Consequence[] = [];
  /** What came since the watermark moved last. */
  private behind: { readonly at: Millis; watermark: Millis }[] = [];

  /** @param fieldsOf what of the events of others is kept */
  constructor(build: (watch: Watch) => Build<A>, private readonly sessionId: string, private readonly fieldsOf: (event: Fields) => Fields) {
    const flow = build({ sessions: (it) => this.seeWindow(it), panes: (it) => this.seePane(it) });
    this.task = new Task(this.watched(flow), { clock: this.watchedClock(), ids: new MessageIds(), poisoned: NOTHING_POISONED }, undefined);
    this.running$ = this.task.running$;
  }

  process(message: Message): void {
    const event = jsonOf(message);
    this.messages += 1;
    this.line = Number(message.receipt);
    this.isEntered = false;
    this.refused = undefined;
    this.window = undefined;
    const { duplicates } = this.task.counts();
    this.task.process(message);
    if (this.task.failed) return;
    if (!this.hasEntered()) this.meet();
    if (SessionIdOnly.is(event) && event.session_id === this.sessionId && t.UnknownRecord.is(event)) {
      this.happenings.push(this.arrival(message, event, this.task.counts().duplicates > duplicates));
    } else if (this.watermark > this.met.watermark && t.UnknownRecord.is(event)) this.movers.push({ at: this.at, line: this.line, timestamp: timeOf(event), fields: this.fieldsOf(event) });
    this.lookAtState();
    this.happenings.push(...this.caused);
    this.caused = [];
  }

  /** The recording is over: everything closes. */
  end(): Story {
    this.isEnding = true;
    this.task.end();
    this.happenings.push(...this.caused);
    const { sessionId, happenings, movers, at: end, messages } = this;
    return { sessionId, happenings, movers, end, messages };
  }

  private arrival({ id }: Message, event: Readonly<Record<string, unknown>>, isDuplicate: boolean): Arrived {
    const { at, line = 0, lines, met: { watermark } } = this;
    const timestamp = timeOf(event);
    const view = `${timestamp} ${String(event['page_title'])}`;
    const fate = this.fateOf(isDuplicate, id, view);
    if (id !== undefined && !lines.id.has(id)) lines.id.set(id, line);
    if (!lines.view.has(view) && fate._tag !== 'Refused') lines.view.set(view, line);
    return { _tag: 'Arrived', at, line, id, event, timestamp, watermark, fate };
  }

  private fateOf(isDuplicate: boolean, id: string | undefined, view: string): Fate {
    const { refused: deadLetter, window, closed, met: { open } } = this;
    if (deadLetter) return { _tag: 'Refused', deadLetter, closed };
    if (isDuplicate && !this.isEntered) return { _tag: 'DuplicateId', line: id === undefined ? undefined : this.lines.id.get(id) };
    if (isDuplicate || !window) return { _tag: 'DuplicateView', line: this.lines.view.get(view) };
    const before = open.filter((it) => overlap(it, window));
    return { _tag: before.length === 0 ? 'Opened' : before.length === 1 ? 'Joined' : 'Merged', window, before };
  }

  /** What the message has changed. */
  private lookAtState(): void {
    this.epoch += 1;
    const flow = this.task.cut(this.epoch)?.delta.flow;
    if (!flow) return;
    this.lookAtSessions(changeOf(flow.sessions, this.sessionId));
    this.lookAtDeadlines(changeOf(flow.early, this.sessionId));
  }

  private lookAtSessions(change: { readonly now: KeyedSessions<unknown> | undefined } | undefined): void {
    if (!change) return;
    const { sessions = [], closed = [] } = change.now ?? {};
    const windows = this.closed.filter((it) => !closed.some((mark) => mark.start <= it.start && it.end <= mark.end));
    this.open = sessions.map(({ window }) => window);
    this.closed = closed.map(({ start, end }) => ({ start, end }));
    if (windows.length > 0) this.tell({ _tag: 'Forgotten', windows });
  }

  private lookAtDeadlines(change: { readonly now: readonly EarlyDeadline[] | undefined } | undefined): void {
    if (!change) return;
    const due = change.now?.reduce<Millis>((least, { at }) => Math.min(least, at), Infinity);
    if (due !== undefined && due !== this.due) this.tell({ _tag: 'EarlyDue', due });
    this.due = due;
  }

  private tell(event: Event): void {
    const { now, line, watermark, caused, happenings, isEntered, isEnding } = this;
    // What the clock does comes before the message that showed how late it is.
    const cause: Consequence['cause'] = isEnding ? 'end' : isEntered && line !== undefined ? line : 'clock';
    const told = { ...event, at: now(), cause, watermark };
    (typeof cause === 'number' ? caused : happenings).push(told);
    if (told._tag === 'Pane' ? told.pane.timing === 'ON_TIME' : told._tag === 'Told' || told._tag === 'Closed') this.behind.push(told);
  }

  private seeWindow(it: WindowOutput): void {
    if (it._tag === 'Changed' && it.key === this.sessionId) this.window = it.window;
  }

  private seePane(it: WindowOutput): void {
    if (it._tag === 'Watermark') this.reach(it.timestamp);
    else if (it.key !== this.sessionId) return;
    else if (it._tag === 'Pane') {
      if (it.isLast) this.letGo(it.window);
      if (this.isEntered) this.window ??= it.window;
      this.tell({ _tag: 'Pane', pane: it });
    } else if (it._tag === 'Closed') {
      this.letGo(it.window);
      this.tell({ _tag: 'Closed', window: it.window });
    }
  }

  /** The clock sees every message first, also one that never enters the pipeline. */
  private watchedClock(): TaskClock {
    const clock = recordedClock();
    return {
      ...clock,
      observe: (message) => {
        clock.observe(message);
        this.at = clock.now();
      },
    };
  }

  /** What it has caused went out before it. */
  private reach(watermark: Millis): void {
    this.watermark = watermark;
    for (const told of this.behind) if (told.at === this.now()) told.watermark = watermark;
    this.behind = [];
  }

  private letGo(gone: Window): void {
    this.open = this.open.filter((window) => !overlap(window, gone));
  }

  private hasEntered(): boolean {
    return this.isEntered;
  }

  private meet(): void {
    this.met = { watermark: this.watermark, open: this.open };
  }

  private watched(build: Build<A>): Build<A> {
    return (context, restored) => {
      this.now = () => context.scheduler.now();
      const deadLetters = (deadLetter: DeadLetter): void => {
        this.refused = deadLetter;
        context.deadLetters(deadLetter);
      };
      const flow = build({ ...context, deadLetters }, restored);
      const enter = (): void => {
        this.isEntered = true;
        this.meet();
      };
      return { ...flow, operator: (messages$) => messages$.pipe(tap(enter), flow.operator, tap((it) => this.seeOutput(it))) };
    };
  }

  private seeOutput(it: FlowOutput): void {
    if (it._tag === 'Emitted' && it.key === this.sessionId) this.tell({ _tag: 'Told', result: { emitted: it, processingTime: this.now() } });
  }
}

const overlap = (a: Window, b: Window): boolean => a.start < b.end && b.start < a.end;

/** What a cut says of one key; undefined when nothing of it has changed. */
const changeOf = <A>({ entries }: { readonly entries: readonly (readonly [string, A | undefined])[] }, key: string): { readonly now: A | undefined } | undefined => {
  const found = entries.find(([it]) => it === key);
  return found && { now: found[1] };
};

const jsonOf = ({ json, body, oversize }: Message): unknown => {
  if (json !== undefined || oversize !== undefined) return json;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

const timeOf = ({ ga_event_dtm: text }: Readonly<Record<string, unknown>>): Millis => (typeof text === 'string' ? eventTime(text) : NaN);
