import { BehaviorSubject, Subject, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Message } from '../model/message.js';
import { CatchUp } from './catchUp.js';
import { CommitRecord } from './commitRecord.js';
import { unaccounted, type Account } from './conservation.js';
import { messageOf, withoutQuotes } from './failure.js';
import type { BuildFlow } from './flow.js';
import { MessageIds } from './messageIds.js';
import type { LiveSession, ObservedTask, Phase, TaskObservation } from './observation.js';
import { Poison } from './poison.js';
import type { Epoch, Restored, SourceEvent } from './ports.js';
import { Task, type TaskDelta, type TaskState } from './task.js';
import type { TaskLoopSettings, TaskReport } from './taskLoopSettings.js';
import { UncleanStart } from './uncleanStart.js';

export type { Log, TaskLoopSettings, TaskReport } from './taskLoopSettings.js';

/**
 * Leads messages through the task, epoch by epoch: one epoch commits while the next is collected, and
 * what comes beyond that waits as it came. It also outlives the task: when that breaks, what is not
 * committed goes to the next one, in order.
 */
export class TaskLoop<Snapshot, Delta> implements ObservedTask {
  readonly epochs$ = new Subject<Epoch<TaskDelta<Delta>>>();
  /** Whether no epoch is on its way. */
  readonly isFree$ = new BehaviorSubject(true);
  /** Whether a task takes messages. */
  readonly isReady$ = new BehaviorSubject(false);
  /** Completes when the input has ended and everything is committed. */
  readonly settled$ = new Subject<never>();

  private readonly ids = new MessageIds();
  private readonly poison = new Poison();
  private readonly commits: CommitRecord;
  private readonly catchUp: CatchUp | undefined;
  private readonly uncleanStart: UncleanStart;
  private isFirstStart = true;
  private task: Task<Snapshot, Delta> | undefined;
  private waiting: Message[] = [];
  /** How many of those have been given to the task. */
  private taken = 0;
  private inFlight = 0;
  /** Of the tasks that broke. */
  private watermark: Millis = -Infinity;
  private number = 0;
  private rebuilt: Pick<TaskObservation, 'restarts' | 'failure'> = { restarts: 0, failure: undefined };
  private source: TaskObservation['source'] = { isOpen: false, losses: 0, cause: undefined };
  private cutAt: Millis;
  private ended: 'no' | 'complete' | 'stopped' = 'no';
  private closed = false;
  private isPumping = false;
  /** How often {@link pump} was asked for. */
  private asked = 0;
  /** The source was opened while there was no task to tell. */
  private isTaskToBeTold = false;

  constructor(
    private readonly build: BuildFlow<Snapshot, Delta>,
    private readonly settings: TaskLoopSettings,
  ) {
    const { clock, monotonic, backlog, maxOutOfOrderness } = settings;
    this.cutAt = monotonic();
    this.commits = new CommitRecord(monotonic);
    this.uncleanStart = new UncleanStart(settings);
    if (backlog === 'in_any_order') this.catchUp = new CatchUp(maxOutOfOrderness, () => clock.wall(clock.now()));
  }

  /** Starts a task from the last commit; its Observable fails when the task breaks. */
  start({ state, isClean }: Restored<TaskState<Snapshot>>): Observable<never> {
    const { clock, log } = this.settings;
    if (this.isFirstStart) this.goOnFrom(state);
    this.isFirstStart = false;
    if (!isClean) {
      this.uncleanStart.begin();
      log('info', 'holding', { advice: 'the last run did not stop by itself: nothing closes until what it had been given has come again' });
    }
    const poisoned = (message: Message): DeadLetter | undefined => this.poison.deadLetterOf(message);
    this.task = new Task(this.build, { clock, ids: this.ids, catchUp: this.catchUp, isHolding: () => this.uncleanStart.isHolding, poisoned }, state);
    this.closed = false;
    return this.task.running$;
  }

  /** To be called once the task's Observable is subscribed. */
  resume(): void {
    this.settings.clock.go('rebuilding');
    if (this.task) this.commits.restored(this.task.account());
    if (this.isTaskToBeTold) this.task?.opened();
    this.isTaskToBeTold = false;
    this.isReady$.next(true);
    this.pump();
  }

  /** The task broke: what it had not committed will be processed again. */
  broken(error: unknown): void {
    this.settings.clock.stop('rebuilding');
    this.isReady$.next(false);
    this.rebuilt = { restarts: this.rebuilt.restarts + 1, failure: withoutQuotes(messageOf(error)) };
    if (!this.task) return;
    const { collected, current, cleanAt, watermark } = this.task;
    this.watermark = Math.max(this.watermark, watermark);
    this.settings.clock.goOnFrom(cleanAt);
    if (current) this.poison.failed(current, error);
    this.waiting = [...collected, ...this.waiting.slice(this.taken)];
    this.taken = 0;
    this.ids.rollback();
    this.task = undefined;
  }

  onSource(event: SourceEvent): void {
    const { clock, log } = this.settings;
    switch (event._tag) {
      case 'Delivered':
        for (const message of event.messages) this.waiting.push(message);
        break;
      case 'Opened':
        clock.go('disconnected');
        this.source = { ...this.source, isOpen: true };
        this.uncleanStart.opened();
        if (this.task) this.task.opened();
        else this.isTaskToBeTold = true;
        log('info', 'source_opened');
        break;
      case 'Interrupted':
        clock.stop('disconnected');
        if (event.lost) this.source = { isOpen: false, losses: this.source.losses + 1, cause: event.cause };
        log(event.lost ? 'warn' : 'info', 'source_interrupted', { cause: event.cause });
        break;
      case 'Ended':
        this.ended = event.complete ? 'complete' : 'stopped';
        break;
    }
    this.pump();
  }

  /** Time has passed. */
  onTick(): void {
    const { clock, commitInterval, monotonic } = this.settings;
    const sinceCut = monotonic() - this.cutAt;
    this.uncleanStart.onTick();
    if (sinceCut > 2 * commitInterval && this.isBlocked()) clock.stop('stalled');
    if (this.task && !this.task.failed && !this.closed) this.task.advance();
    if (sinceCut >= commitInterval) this.cut();
  }

  commitFailed(error: string): void {
    this.commits.failed(error);
  }

  /** An epoch is durable. Returns how long that took from its cut. */
  committed(epoch: Epoch<TaskDelta<Delta>>): Millis {
    const took = this.commits.committed(epoch);
    this.inFlight = 0;
    this.poison.forget(epoch.messages);
    this.uncleanStart.committed();
    this.settings.clock.go('stalled');
    this.isFree$.next(true);
    this.pump();
    return took;
  }

  /** The source was told that an epoch's messages are done with, and is not certain about some. */
  acked(messages: readonly Message[], unconfirmed: readonly Message[]): void {
    if (unconfirmed.length === 0 && !this.ids.isAnyPinned) return;
    const uncertain = new Set(unconfirmed);
    for (const message of messages) if (message.id !== undefined) this.ids.acked(message.id, !uncertain.has(message));
  }

  /** The epoch that ends the run, when everything is committed and acked; none while something is still to come that an instance before this one had been given. */
  park(): Epoch<TaskDelta<Delta>> | undefined {
    const { task } = this;
    if (this.uncleanStart.isHolding || !task) return undefined;
    const epoch = task.cut(this.number + 1, true);
    this.commits.cut(task.account(), task.takePanes());
    return epoch;
  }

  /** Messages that may be delivered and not yet acked: it changes. */
  get maxOutstandingMessages(): number {
    return this.uncleanStart.maxOutstandingMessages;
  }

  report(): TaskReport | undefined {
    const { task } = this;
    return task && { counts: task.counts(), watermark: Math.max(this.watermark, task.watermark), epochs: this.number, results: this.commits.results };
  }

  observe(): TaskObservation {
    const { settings: { clock }, commits, task, waiting, taken, inFlight, rebuilt, source, maxOutstandingMessages: limit } = this;
    const committed = commits.total;
    return {
      phase: this.phase(),
      standstill: clock.standstill(),
      source,
      taskTime: clock.now(),
      wallTime: clock.wall(clock.now()),
      watermark: Math.max(this.watermark, task?.watermark ?? -Infinity),
      ...(task?.account() ?? committed),
      committed,
      sessions: task?.sessionSizes() ?? { open: 0, historic: 0, remembered: 0 },
      messages: { waiting: waiting.length - taken, collected: task?.collected.length ?? 0, committing: inFlight, limit },
      commit: commits.health,
      ...rebuilt,
    };
  }

  session(id: string): LiveSession | undefined {
    return this.task?.session(id);
  }

  private phase(): Phase {
    const absent = this.isFirstStart ? 'restoring' : 'rebuilding';
    return this.ended === 'no' ? (this.task ? 'running' : absent) : 'ending';
  }

  /** A commit is pending, and messages wait for it here or at the source: their silence is no idleness. */
  private isBlocked(): boolean {
    const waiting = this.waiting.length - this.taken;
    const held = waiting + this.inFlight + (this.task?.collected.length ?? 0);
    return !this.isFree$.value && (waiting > 0 || held >= this.maxOutstandingMessages);
  }

  /** A commit or a source that answers at once calls this while it runs: it then goes round once more. */
  private pump(): void {
    this.asked += 1;
    if (this.isPumping) return;
    this.isPumping = true;
    try {
      let answered: number;
      do {
        answered = this.asked;
        this.process();
        if (this.ended !== 'no' && this.taken === this.waiting.length) this.finish();
      } while (answered < this.asked);
    } finally {
      this.isPumping = false;
    }
  }

  private process(): void {
    for (let message = this.waiting[this.taken]; message; message = this.waiting[this.taken]) {
      if (!this.task || this.task.failed || !this.hasRoom(this.task, message)) break;
      this.taken += 1;
      this.task.process(message);
    }
    // While the sink is slower than the input there is always something that waits: what was taken must not pile up before it.
    if (this.taken > 0) this.waiting = this.waiting.slice(this.taken);
    this.taken = 0;
  }

  /** A message that has broken the pipeline starts an epoch, so that what came before it is not lost to it again. */
  private hasRoom(task: Task<Snapshot, Delta>, message: Message): boolean {
    const { length } = task.collected;
    return length === 0 || (length < this.settings.epochMessages && !this.poison.isSuspect(message)) || this.cut();
  }

  /** The input has ended and everything is processed: close what is open, commit what is left. */
  private finish(): void {
    const { task } = this;
    if (!task || task.failed) return;
    if (!this.closed) {
      this.closed = true;
      if (this.ended === 'complete') task.end();
      else if (this.settings.stopsBy === 'drain') task.drain();
      // Closing is work too, and may break the task: then the next one closes.
      if (this.task !== task) return;
    }
    if (this.isFree$.value && !this.cut()) this.settled$.complete();
  }

  private goOnFrom(state: TaskState<Snapshot> | undefined): void {
    if (!state) return;
    this.number = state.epoch;
    this.ids.restore(state.ids);
    this.settings.clock.goOnFrom(state.taskTime);
  }

  /** Sends the collected epoch on its way, if there is one and the way is free; returns whether it did. */
  private cut(): boolean {
    const { task } = this;
    if (!task || task.failed || !this.isFree$.value) return false;
    const epoch = task.cut(this.number + 1);
    if (!epoch) return false;
    const account = task.account();
    this.audit(account);
    this.commits.cut(account, task.takePanes());
    this.inFlight = epoch.messages.length;
    this.number = epoch.number;
    this.cutAt = this.settings.monotonic();
    this.isFree$.next(false);
    this.epochs$.next(epoch);
    return true;
  }

  private audit({ counts }: Account): void {
    const missing = unaccounted(counts);
    if (missing !== 0) this.settings.log('error', 'conservation_violated', { missing, ...counts });
  }
}
