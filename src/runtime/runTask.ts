import {
  EMPTY, concat, concatMap, defer, endWith, filter, forkJoin, ignoreElements, interval, map, merge, mergeMap, of, retry, switchMap, take, takeUntil,
  tap, throwError, timer, type Observable, type SchedulerLike,
} from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { alongside } from './alongside.js';
import { isFatal, messageOf, withoutQuotes } from './failure.js';
import type { BuildFlow } from './flow.js';
import { NotParked } from './notParked.js';
import type { CommittedEpoch, TaskObserver } from './observation.js';
import type { Checkpoint, Epoch, Source } from './ports.js';
import type { TaskDelta, TaskState } from './task.js';
import type { TaskClock } from './taskClock.js';
import { TaskLoop, type TaskLoopSettings, type TaskReport } from './taskLoop.js';

export interface RunTaskSettings extends Omit<TaskLoopSettings, 'backlog' | 'epochMessages' | 'holdFor' | 'stopsBy'> {
  /** The pipeline is rebuilt this often without a commit in between; then the run fails. */
  readonly maxRestarts: number;
  /**
   * After a start from the state of an instance that died, event time stands still for so long once
   * the input is open. Default: until the source will have delivered again what that had been given.
   */
  readonly holdFor: Millis | undefined;
  /** A stop closes what is open, even if the state outlives the process. */
  readonly drain: boolean;
  /** Real time. */
  readonly timers: SchedulerLike;
  readonly observer?: TaskObserver | undefined;
}

export interface TaskPorts<Snapshot, Delta> {
  readonly source: Source;
  readonly checkpoint: Checkpoint<TaskState<Snapshot>, TaskDelta<Delta>>;
  readonly build: BuildFlow<Snapshot, Delta>;
  /** When it emits, reading stops, what has been delivered is committed, and the run completes. What is open closes, or stays in a state that outlives the process. */
  readonly stop$: Observable<unknown>;
}

/** What a redelivery may take on its way. */
const REDELIVERY_MARGIN: Millis = 5_000;

/** With what it takes to close connections a park is over within 10 s, one way or the other: whoever stops a process kills it in the end. */
const PARKS_WITHIN: Millis = 8_000;

/** How often task time is looked at; a deadline runs at its own instant of task time all the same. */
const TICK: Millis = 50;

const DONE = Symbol('done');

/**
 * Runs one task from start to end: source → pipeline → checkpoint → ack. Emits a report after every
 * commit; completes when the input has ended and everything is committed and acked. A stop that leaves
 * the state as it is, and cannot commit or ack within 8 s, is an error `NotParked`.
 *
 * A broken callback ends the pipeline: it is rebuilt from the last commit and gets the messages of
 * the uncommitted epochs again. A commit that fails is tried again with the same epoch until it
 * succeeds; only a fatal failure, or too many restarts, is an `error`.
 */
export const runTask = <Snapshot, Delta>(ports: TaskPorts<Snapshot, Delta>, settings: RunTaskSettings): Observable<TaskReport> =>
  defer(() => {
    const { source, checkpoint, build, stop$ } = ports;
    const { log, maxRestarts, timers, drain, observer } = settings;
    const stopsBy = checkpoint.isDurable && !drain ? 'park' : 'drain';
    const loop = new TaskLoop(build, {
      ...settings,
      backlog: source.backlog,
      epochMessages: checkpoint.epochMessages,
      holdFor: () => settings.holdFor ?? source.redeliveredWithin() + REDELIVERY_MARGIN,
      stopsBy,
    });
    observer?.attached(loop);
    let restarts = 0;
    let failure: string | undefined;

    const pipeline$ = checkpoint.restore().pipe(
      switchMap((restored) => merge(loop.start(restored), defer(() => { loop.resume(); return EMPTY; }))),
      retry({
        delay: (error: unknown) => {
          restarts += 1;
          log('error', 'pipeline_broken', { error: withoutQuotes(messageOf(error)), restarts });
          loop.broken(error);
          if (isFatal(error) || restarts > maxRestarts) return throwError(() => error);
          // An epoch that is on its way decides first from where to go on.
          return loop.isFree$.pipe(filter(Boolean), take(1), switchMap(() => timer(backOff(restarts), timers)));
        },
      }),
    );

    const committed = (epoch: Epoch<TaskDelta<Delta>>, durable$: Observable<never>): Observable<TaskReport> =>
      concat(
        durable$.pipe(
          retry({
            delay: (error: unknown, attempt: number) => {
              failure = messageOf(error);
              loop.commitFailed(failure);
              observer?.commitFailed();
              log('error', 'commit_failed', { epoch: epoch.number, attempt, error: failure });
              return isFatal(error) ? throwError(() => error) : timer(backOff(attempt), timers);
            },
          }),
        ),
        defer(() => {
          restarts = 0;
          failure = undefined;
          const took = loop.committed(epoch);
          observer?.committed(committedEpoch(epoch, took, settings.clock));
          return reportOf(loop);
        }),
      );
    const ack = ({ messages }: Epoch<TaskDelta<Delta>>): Observable<never> =>
      source.ack(messages).pipe(tap((unconfirmed) => loop.acked(messages, unconfirmed)), ignoreElements());

    // Acks follow their commit, but the next commit does not wait for them.
    const commits$ = loop.epochs$.pipe(
      // At the cut, whether or not the epoch before it has been acked.
      map((epoch) => ({ epoch, durable$: checkpoint.commit(epoch) })),
      concatMap(({ epoch, durable$ }) => concat(committed(epoch, durable$), of(epoch))),
      mergeMap((done) => ('messages' in done ? ack(done) : of(done))),
    );
    const park$ = defer(() => {
      const epoch = checkpoint.isDurable ? loop.park() : undefined;
      return epoch ? committed(epoch, checkpoint.commit(epoch)) : reportOf(loop);
    });

    const source$ = loop.isReady$.pipe(
      filter(Boolean),
      take(1),
      switchMap(() => source.open({ stop$, get maxOutstandingMessages() { return loop.maxOutstandingMessages; } })),
      tap((event) => loop.onSource(event)),
    );
    const ticks$ = interval(TICK, timers).pipe(tap(() => loop.onTick()), ignoreElements());
    // Before it has begun there is nothing to end, and a restore may take its time.
    const abandoned$ = stop$.pipe(takeUntil(loop.isReady$.pipe(filter(Boolean))));
    const done$ = forkJoin([source$.pipe(endWith(DONE)), loop.settled$.pipe(endWith(DONE))]);

    const overdue$ = stop$.pipe(
      take(1),
      switchMap(() => (stopsBy === 'park' ? timer(PARKS_WITHIN, timers) : EMPTY)),
      switchMap(() => throwError(() => new NotParked(PARKS_WITHIN, failure))),
    );

    return concat(merge(commits$, pipeline$, ticks$).pipe(takeUntil(merge(done$, abandoned$))), park$).pipe(alongside(overdue$));
  });

const reportOf = <Snapshot, Delta>(loop: TaskLoop<Snapshot, Delta>): Observable<TaskReport> => {
  const report = loop.report();
  return report ? of(report) : EMPTY;
};

const committedEpoch = (epoch: Omit<CommittedEpoch, 'took' | 'oldestPublishTime' | 'committedAt'>, took: Millis, clock: TaskClock): CommittedEpoch => {
  let oldest = Infinity;
  for (const { publishTime = Infinity } of epoch.messages) if (publishTime < oldest) oldest = publishTime;
  return { ...epoch, took, oldestPublishTime: oldest === Infinity ? undefined : oldest, committedAt: clock.wall(clock.now()) };
};

/** 0.1 s, doubled with every try, at most 10 s. */
const backOff = (attempt: number): Millis => Math.min(100 * 2 ** (attempt - 1), 10_000);
