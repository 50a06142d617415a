import {
  EMPTY, concat, concatMap, defer, endWith, filter, forkJoin, ignoreElements, interval, merge, mergeMap, of, retry, switchMap, take, takeUntil,
  tap, throwError, timer, type Observable, type SchedulerLike,
} from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { isFatal, messageOf } from './failure.js';
import type { BuildFlow } from './flow.js';
import type { Checkpoint, Epoch, Source } from './ports.js';
import type { TaskDelta, TaskState } from './task.js';
import { TaskLoop, type TaskLoopSettings, type TaskReport } from './taskLoop.js';

export interface RunTaskSettings extends Omit<TaskLoopSettings, 'backlog'> {
  /** The pipeline is rebuilt this often without a commit in between; then the run fails. */
  readonly maxRestarts: number;
  /** Real time. */
  readonly timers: SchedulerLike;
}

export interface TaskPorts<Snapshot, Delta> {
  readonly source: Source;
  readonly checkpoint: Checkpoint<TaskState<Snapshot>, TaskDelta<Delta>>;
  readonly build: BuildFlow<Snapshot, Delta>;
  /** When it emits, reading stops, what is open closes, and the run completes. */
  readonly stop$: Observable<unknown>;
}

/** How often task time is looked at; a deadline runs at its own instant of task time all the same. */
const TICK: Millis = 50;

const DONE = Symbol('done');

/**
 * Runs one task from start to end: source → pipeline → checkpoint → ack. Emits a report after every
 * commit; completes when the input has ended and everything is committed and acked.
 *
 * A broken callback ends the pipeline: it is rebuilt from the last commit and gets the messages of
 * the uncommitted epochs again. A commit that fails is tried again with the same epoch until it
 * succeeds; only a fatal failure, or too many restarts, is an `error`.
 */
export const runTask = <Snapshot, Delta>(ports: TaskPorts<Snapshot, Delta>, settings: RunTaskSettings): Observable<TaskReport> =>
  defer(() => {
    const { source, checkpoint, build, stop$ } = ports;
    const { log, maxRestarts, maxOutstandingMessages, timers } = settings;
    const loop = new TaskLoop(build, { ...settings, backlog: source.backlog });
    let restarts = 0;

    const pipeline$ = checkpoint.restore().pipe(
      switchMap((restored) => merge(loop.start(restored), defer(() => { loop.resume(); return EMPTY; }))),
      retry({
        delay: (error: unknown) => {
          restarts += 1;
          log('error', 'pipeline_broken', { error: messageOf(error), restarts });
          loop.broken(error);
          if (isFatal(error) || restarts > maxRestarts) return throwError(() => error);
          // An epoch that is on its way decides first from where to go on.
          return loop.isFree$.pipe(filter(Boolean), take(1), switchMap(() => timer(backOff(restarts), timers)));
        },
      }),
    );

    const commit = (epoch: Epoch<TaskDelta<Delta>>): Observable<TaskReport> =>
      concat(
        defer(() => checkpoint.commit(epoch)).pipe(
          retry({
            delay: (error: unknown, attempt: number) => {
              log('error', 'commit_failed', { epoch: epoch.number, attempt, error: messageOf(error) });
              return isFatal(error) ? throwError(() => error) : timer(backOff(attempt), timers);
            },
          }),
        ),
        defer(() => {
          restarts = 0;
          loop.committed(epoch);
          return reportOf(loop);
        }),
      );
    // Acks follow their commit, but the next commit does not wait for them.
    const commits$ = loop.epochs$.pipe(
      concatMap((epoch) => concat(commit(epoch), of(epoch))),
      mergeMap((done) => ('messages' in done ? source.ack(done.messages) : of(done))),
    );

    const source$ = loop.isReady$.pipe(
      filter(Boolean),
      take(1),
      switchMap(() => source.open({ stop$, maxOutstandingMessages })),
      tap((event) => loop.onSource(event)),
    );
    const ticks$ = interval(TICK, timers).pipe(tap(() => loop.onTick()), ignoreElements());
    const done$ = forkJoin([source$.pipe(endWith(DONE)), loop.settled$.pipe(endWith(DONE))]);

    return concat(
      merge(commits$, pipeline$, ticks$).pipe(takeUntil(done$)),
      defer(() => reportOf(loop)),
    );
  });

const reportOf = <Snapshot, Delta>(loop: TaskLoop<Snapshot, Delta>): Observable<TaskReport> => {
  const report = loop.report();
  return report ? of(report) : EMPTY;
};

/** 0.1 s, doubled with every try, at most 10 s. */
const backOff = (attempt: number): Millis => Math.min(100 * 2 ** (attempt - 1), 10_000);
