import { Subject, ignoreElements, tap, type Observable } from 'rxjs';
import type { Millis, Timing } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Message } from '../model/message.js';
import type { Result } from '../model/outcome.js';
import type { CatchUp } from './catchUp.js';
import { Ledger, accountOf, type Account, type Counts, type Tally } from './conservation.js';
import type { BuildFlow, Flow, FlowOutput } from './flow.js';
import type { IdChanges, MessageIds, SeenId } from './messageIds.js';
import type { LiveSession, PaneCounts, SessionSizes } from './observation.js';
import type { Epoch } from './ports.js';
import type { TaskClock } from './taskClock.js';
import { TaskScheduler } from './taskScheduler.js';

/** All a task needs to go on from a commit. */
export interface TaskState<Snapshot> {
  /** Number of that commit. */
  readonly epoch: number;
  readonly taskTime: Millis;
  readonly flow: Snapshot;
  readonly tally: Tally;
  /** By and large oldest first; of one that comes twice the later one counts. */
  readonly ids: Iterable<SeenId>;
}

/** What one epoch changes in it. */
export interface TaskDelta<Delta> extends IdChanges {
  readonly taskTime: Millis;
  readonly flow: Delta;
  readonly tally: Tally;
  /** A walk over all message ids, to be gone on with from epoch to epoch. */
  readonly allIds: () => Iterator<SeenId, void>;
}

export interface TaskSurroundings {
  readonly clock: TaskClock;
  readonly ids: MessageIds;
  /** Only where a backlog comes in any order. */
  readonly catchUp?: CatchUp | undefined;
  /** What an instance that died had been given is still to come: until then event time stands still. */
  readonly isHolding?: () => boolean;
  /** Messages that have thrown as often as we let them: they are not processed again. */
  readonly poisoned: (message: Message) => DeadLetter | undefined;
}

/**
 * One instance of the pipeline with its own state, between two failures. It is synchronous: after
 * {@link process} everything the message causes has been collected, so a cut is "between two messages".
 */
export class Task<Snapshot, Delta> {
  /** Never emits; an error says that a callback of the pipeline broke, and the task is of no use any more. */
  readonly running$: Observable<never>;
  /** The message being processed: when {@link running$} fails, the one that broke it. */
  current: Message | undefined;
  failed = false;
  watermark: Millis = -Infinity;
  /** Task time when there was last nothing that awaits a cut. */
  cleanAt: Millis;

  private readonly input$ = new Subject<Message>();
  private readonly idleResets$ = new Subject<void>();
  private readonly drain$ = new Subject<void>();
  private readonly scheduler: TaskScheduler;
  private readonly ledger: Ledger;
  private readonly flow: Flow<Delta>;
  private messages: Message[] = [];
  private results: Result[] = [];
  private deadLetters: DeadLetter[] = [];
  private panes = noPanes();

  constructor(
    build: BuildFlow<Snapshot, Delta>,
    private readonly around: TaskSurroundings,
    restored: TaskState<Snapshot> | undefined,
  ) {
    this.cleanAt = around.clock.now();
    this.scheduler = new TaskScheduler(this.cleanAt);
    this.ledger = new Ledger(restored?.tally);
    this.flow = build(
      {
        scheduler: this.scheduler,
        wallClock: () => this.wallClock(),
        ceiling: () => (around.isHolding?.() ? -Infinity : (around.catchUp?.ceiling(this.scheduler.now()) ?? Infinity)),
        idleResets$: this.idleResets$,
        drain$: this.drain$,
        deadLetters: (deadLetter) => this.refuse(deadLetter),
        onContradiction: () => this.ledger.contradiction(),
        onPane: (timing) => (this.panes[timing] += 1),
      },
      restored?.flow,
    );
    this.running$ = this.input$.pipe(
      this.flow.operator,
      tap({ next: (output) => this.collect(output), error: () => (this.failed = true) }),
      ignoreElements(),
    );
  }

  /** Messages in the epoch that is being collected. */
  get collected(): readonly Message[] {
    return this.messages;
  }

  process(message: Message): void {
    const { clock, ids, catchUp, poisoned } = this.around;
    clock.observe(message);
    this.messages.push(message);
    this.advance();
    if (this.failed) return;
    this.ledger.receive();
    const refused = poisoned(message);
    if (message.id !== undefined && !ids.isNew(message.id, this.scheduler.now())) this.ledger.duplicate();
    else if (refused) this.refuse(refused);
    else {
      if (message.publishTime !== undefined) catchUp?.observe(message.publishTime, this.scheduler.now());
      this.current = message;
      this.input$.next(message);
      this.current = undefined;
      message.json = undefined;
    }
  }

  /** Runs what has become due in task time. */
  advance(): void {
    if (this.isClean()) this.cleanAt = this.scheduler.now();
    this.scheduler.advanceTo(this.around.clock.now());
  }

  /** The input is open again: idleness starts afresh. */
  opened(): void {
    this.idleResets$.next();
  }

  /** The input has come to its end: the watermark goes to infinity and everything closes. */
  end(): void {
    this.input$.complete();
  }

  /** Everything closes as it stands; the watermark stays. */
  drain(): void {
    this.drain$.next();
  }

  /** Takes the epoch collected so far; undefined when it is empty, unless it is to end the run. */
  cut(number: number, isPark = false): Epoch<TaskDelta<Delta>> | undefined {
    if (this.isClean() && !isPark) return undefined;
    const { messages, results, deadLetters, around: { ids } } = this;
    this.messages = [];
    this.results = [];
    this.deadLetters = [];
    this.cleanAt = this.scheduler.now();
    const changedIds = ids.cut(this.cleanAt);
    const delta = {
      taskTime: this.cleanAt, flow: this.flow.changes(), tally: this.ledger.tally(),
      idsFrom: changedIds.idsFrom, get ids() { return changedIds.ids; }, allIds: () => ids.all(),
    };
    return { number, messages, results, deadLetters, delta, isPark };
  }

  counts(): Counts {
    return this.account().counts;
  }

  account(): Account {
    const tally = this.ledger.tally();
    return { counts: accountOf(tally, this.flow.sessionCounts()), duplicateIds: tally.duplicates };
  }

  /** Those that were drawn since the last call. */
  takePanes(): PaneCounts {
    const { panes } = this;
    this.panes = noPanes();
    return panes;
  }

  sessionSizes(): SessionSizes {
    return this.flow.sessionSizes();
  }

  session(id: string): LiveSession | undefined {
    return this.flow.session(id);
  }

  private isClean(): boolean {
    return this.messages.length + this.results.length + this.deadLetters.length === 0;
  }

  private wallClock(): Millis {
    return this.around.clock.wall(this.scheduler.now());
  }

  private collect(output: FlowOutput): void {
    if (output._tag === 'Emitted') this.results.push({ emitted: output, processingTime: this.wallClock() });
    else if (output._tag === 'Watermark') this.watermark = output.timestamp;
  }

  private refuse(deadLetter: DeadLetter): void {
    this.ledger.deadLetter(deadLetter.reason);
    this.deadLetters.push(deadLetter);
  }
}

const noPanes = (): Record<Timing, number> => ({ EARLY: 0, ON_TIME: 0, LATE: 0 });
