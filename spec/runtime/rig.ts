import { NEVER, Observable, Subject, concat, defer, finalize, of, tap } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Message } from '../../src/model/message.js';
import type { Result } from '../../src/model/outcome.js';
import type { Visits } from '../../src/model/visits.js';
import { PipelineStore, type PipelineChanges, type PipelineSnapshot } from '../../src/pipelineState.js';
import { unaccounted } from '../../src/runtime/conservation.js';
import type { BuildFlow, FlowOutput } from '../../src/runtime/flow.js';
import type { TaskObserver } from '../../src/runtime/observation.js';
import { memoryCheckpoint } from '../../src/runtime/memoryCheckpoint.js';
import type { Checkpoint, Epoch, Sink, Source, SourceControl, SourceEvent } from '../../src/runtime/ports.js';
import { runTask } from '../../src/runtime/runTask.js';
import type { TaskDelta, TaskState } from '../../src/runtime/task.js';
import { recordedClock, systemClock } from '../../src/runtime/taskClock.js';
import type { TaskReport } from '../../src/runtime/taskLoop.js';
import { LiveState } from '../changelog/liveState.js';
import { SECOND, T0, flowWith, messageOf, type Changes, type View } from '../pipeline/play.js';
import { pageResults } from '../support/results.js';
import { HandTimers } from './handTimers.js';

/** A source that says what a spec makes it say, and keeps the source's contract about acks and its end. */
export class HandSource implements Source {
  readonly acked: Message[] = [];
  /** Receipts of the deliveries whose acks come to nothing. */
  readonly unconfirmed = new Set<Message['receipt']>();
  control: SourceControl | undefined;
  closed = false;
  /** Else it is not open before a spec says so. */
  opensAtOnce = true;
  /** Acks are not answered. */
  isDeaf = false;
  private readonly events$ = new Subject<SourceEvent>();
  private outstanding = 0;
  private ended = false;

  constructor(readonly backlog: Source['backlog'], private readonly lean: boolean) {}

  open(control: SourceControl): Observable<SourceEvent> {
    return defer(() => {
      this.control = control;
      return new Observable<SourceEvent>((out) => {
        out.add(this.events$.subscribe(out));
        out.add(control.stop$.subscribe(() => this.end(false)));
        if (this.opensAtOnce) this.opened();
      });
    }).pipe(finalize(() => (this.closed = true)));
  }

  redeliveredWithin(): Millis {
    return 30 * SECOND;
  }

  ack(messages: readonly Message[]): Observable<readonly Message[]> {
    return new Observable((out) => {
      if (this.isDeaf) return;
      if (!this.lean) for (const message of messages) this.acked.push(message);
      this.outstanding -= messages.length;
      out.next(messages.filter(({ receipt }) => this.unconfirmed.has(receipt)));
      this.completeIfDone();
      out.complete();
    });
  }

  opened(): void {
    this.events$.next({ _tag: 'Opened' });
  }

  interrupted({ lost = true } = {}): void {
    this.events$.next({ _tag: 'Interrupted', cause: 'the line was cut', lost });
  }

  deliver(messages: readonly Message[]): void {
    this.outstanding += messages.length;
    this.events$.next({ _tag: 'Delivered', messages });
  }

  /** Until it holds as many messages as it may, and returns how many it delivered. */
  fill(next: () => Message): number {
    const room = (this.control?.maxOutstandingMessages ?? 0) - this.outstanding;
    if (room > 0) this.deliver(Array.from({ length: room }, next));
    return Math.max(0, room);
  }

  end(complete = true): void {
    if (this.ended) return;
    this.ended = true;
    this.events$.next({ _tag: 'Ended', complete });
    this.completeIfDone();
  }

  fail(error: unknown): void {
    this.events$.error(error);
  }

  private completeIfDone(): void {
    if (this.ended && this.outstanding === 0) this.events$.complete();
  }
}

export interface Write {
  readonly results: readonly Result[];
  readonly deadLetters: readonly DeadLetter[];
}

/** A sink that takes everything at once, or waits for a spec to say what becomes of a write. */
export class HandSink implements Sink {
  readonly epochMessages = 10_000;
  readonly attempts: Write[] = [];
  readonly written: Write[] = [];
  stalled = false;
  /** Errors of the writes to come, one each. */
  readonly failures: unknown[] = [];
  private finish: (() => void) | undefined;

  constructor(private readonly lean: boolean) {}

  open(): Observable<never> {
    return new Observable((out) => out.complete());
  }

  write(results: readonly Result[], deadLetters: readonly DeadLetter[]): Observable<never> {
    return new Observable((out) => {
      const write = { results, deadLetters };
      if (!this.lean) this.attempts.push(write);
      const finish = (): void => {
        if (this.failures.length > 0) {
          out.error(this.failures.shift());
          return;
        }
        if (!this.lean) this.written.push(write);
        out.complete();
      };
      if (this.stalled) this.finish = finish;
      else finish();
    });
  }

  close(): Observable<never> {
    return new Observable((out) => out.complete());
  }

  /** Lets the write that stalls go through; the next one stalls again. */
  release(): void {
    const { finish } = this;
    this.finish = undefined;
    finish?.();
  }

  /** Lets everything through from now on. */
  flow(): void {
    this.stalled = false;
    this.release();
  }

  get results(): readonly Result[] {
    return this.written.flatMap(({ results }) => results);
  }

  get deadLetters(): readonly DeadLetter[] {
    return this.written.flatMap(({ deadLetters }) => deadLetters);
  }
}

/** What outlives a process: one run after the other goes on from it. */
export class Disk {
  readonly state = new LiveState();
  isParked = true;
  /** A restore takes its time. */
  isSilent = false;

  /** The checkpoint of one run. */
  checkpoint(sink: Sink): Checkpoint<TaskState<PipelineSnapshot<Visits>>, TaskDelta<PipelineChanges<Visits>>> {
    let isOwn = false;
    return {
      isDurable: true,
      epochMessages: 10_000,
      open: () => sink.open(),
      restore: () => defer(() => {
        if (this.isSilent) return NEVER;
        const isClean = isOwn || this.isParked;
        isOwn = true;
        this.isParked = false;
        return of({ state: this.state.committed(), isClean });
      }),
      commit: (epoch) => {
        const delta = takenFrom(epoch.delta);
        return concat(sink.write(epoch.results, epoch.deadLetters), defer(() => {
          this.state.apply(epoch.number, delta);
          this.isParked = epoch.isPark;
          return [];
        }));
      },
      close: () => sink.close(),
    };
  }
}

/** A copy of what is changed at a cut: a while later there is something else to see. */
const takenFrom = (delta: TaskDelta<PipelineChanges<Visits>>): TaskDelta<PipelineChanges<Visits>> => {
  const { watermarks, sessions, early, emitted } = delta.flow;
  return { ...delta, flow: { watermarks: { ...watermarks }, sessions: { ...sessions }, early: { ...early }, emitted: { ...emitted } } };
};

type Build = BuildFlow<PipelineSnapshot<Visits>, PipelineChanges<Visits>>;

export interface RigOptions {
  readonly rules?: Changes;
  readonly clock?: 'system' | 'recorded';
  readonly source?: Source;
  readonly maxOutstandingMessages?: number;
  readonly maxRestarts?: number;
  readonly backlog?: Source['backlog'];
  /** Keeps nothing of what went through: for specs of memory. */
  readonly lean?: boolean;
  /** Called with every message before the pipeline has it; a throw breaks the pipeline. */
  readonly before?: (message: Message) => void;
  /** Called with every output; a throw breaks the pipeline. */
  readonly after?: (output: FlowOutput) => void;
  /** Keeps the state there, and goes on from what is there. Default: in memory. */
  readonly disk?: Disk;
  readonly holdFor?: Millis;
  readonly drain?: boolean;
  /** What the calendar says at the start, seconds after T0. */
  readonly startsAt?: number;
  /** A pipeline with a fault: so many messages are not counted among those it holds. */
  readonly loses?: number;
  readonly observer?: TaskObserver;
}

/** The real pipeline, run by the runtime, with hands on both ends and on the clocks. Real time starts at 0 and the calendar at T0. */
export class Rig {
  readonly hand: HandSource;
  readonly sink: HandSink;
  readonly stop$ = new Subject<string>();
  readonly reports: TaskReport[] = [];
  readonly logs: { readonly level: string; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  /** What happened, in order: `cut n`, `commit n`, `ack <receipts>`. */
  readonly journal: string[] = [];
  readonly epochs: Epoch<TaskDelta<PipelineChanges<Visits>>>[] = [];
  outcome: 'running' | 'complete' | { readonly error: unknown } = 'running';
  /** How far the calendar has been set wrong. */
  wallStep: Millis = 0;
  builds = 0;
  private readonly timers = new HandTimers();

  constructor(private readonly options: RigOptions = {}) {
    const { backlog = 'in_order', lean = false } = options;
    this.hand = new HandSource(backlog, lean);
    this.sink = new HandSink(lean);
  }

  start(): this {
    const { clock = 'system', maxOutstandingMessages = 30_000, maxRestarts = 30, source = this.hand, disk, holdFor, drain = false, startsAt = 0 } = this.options;
    const checkpoint = disk?.checkpoint(this.sink) ?? memoryCheckpoint(this.sink, new PipelineStore());
    const monotonic = (): Millis => this.timers.now();
    runTask(
      { source: this.journaled(source), checkpoint: this.watched(checkpoint), build: this.build(), stop$: this.stop$ },
      {
        clock: clock === 'recorded' ? recordedClock() : systemClock(() => T0 + startsAt * SECOND + this.timers.now() + this.wallStep, monotonic),
        monotonic,
        commitInterval: SECOND,
        maxOutOfOrderness: 10 * SECOND,
        maxOutstandingMessages,
        maxRestarts,
        holdFor,
        drain,
        timers: this.timers,
        observer: this.options.observer,
        log: (level, event, fields = {}) => void this.logs.push({ level, event, fields }),
      },
    ).subscribe({
      next: (report) => this.reports.push(report),
      error: (error: unknown) => (this.outcome = { error }),
      complete: () => (this.outcome = 'complete'),
    });
    return this;
  }

  /** Real seconds since the start. */
  get now(): number {
    return this.timers.now() / SECOND;
  }

  pass(seconds: number): void {
    this.timers.advanceTo(this.timers.now() + seconds * SECOND);
  }

  /** Delivers views that were seen and published just now, unless they say otherwise. */
  view(...views: readonly Partial<View>[]): void {
    this.hand.deliver(views.map((view) => this.message(view)));
  }

  message(view: Partial<View>): Message {
    this.receipts += 1;
    return { ...messageOf({ at: (this.options.startsAt ?? 0) + this.now, ...view }), receipt: this.receipts };
  }

  /** Whether no timer is set. */
  get isIdle(): boolean {
    return this.timers.isIdle;
  }

  logged(event: string): number {
    return this.logs.filter((line) => line.event === event).length;
  }

  /** Session, page and seconds of what was written, in order. */
  get spent(): readonly (readonly [session: string, page: string, seconds: number])[] {
    return pageResults(this.sink.results).map(({ emitted: { key, value } }) => [key, value.page, value.timeSpent / SECOND] as const);
  }

  get lastReport(): TaskReport | undefined {
    return this.reports[this.reports.length - 1];
  }

  private receipts = 0;

  private build(): Build {
    const { rules = {}, before = () => undefined, after = () => undefined, loses = 0 } = this.options;
    const build = flowWith(rules);
    return (context, restored) => {
      this.builds += 1;
      const flow = build(context, restored);
      return {
        ...flow,
        operator: (messages$) => messages$.pipe(tap(before), flow.operator, tap(after)),
        sessionCounts: () => ({ ...flow.sessionCounts(), held: flow.sessionCounts().held - loses }),
      };
    };
  }

  private watched<S>(checkpoint: Checkpoint<S, TaskDelta<PipelineChanges<Visits>>>): typeof checkpoint {
    return {
      ...checkpoint,
      commit: (epoch) => {
        this.journal.push(`cut ${epoch.number}`);
        if (!this.options.lean) this.epochs.push(epoch);
        return checkpoint.commit(epoch).pipe(tap({ complete: () => this.journal.push(`commit ${epoch.number}`) }));
      },
    };
  }

  private journaled(source: Source): Source {
    return {
      backlog: source.backlog,
      redeliveredWithin: () => source.redeliveredWithin(),
      open: (control) => source.open(control),
      ack: (messages) => defer(() => {
        if (!this.options.lean) this.journal.push(`ack ${messages.map(({ receipt }) => receipt).join()}`.trim());
        return source.ack(messages);
      }),
    };
  }
}

/** Every report so far adds up. */
export const expectConserved = (rig: Rig): void => {
  expect(rig.reports.map(({ counts }) => unaccounted(counts)).filter((missing) => missing !== 0)).toEqual([]);
  expect(rig.logged('conservation_violated')).toBe(0);
};
