import { EMPTY, Subject, catchError, ignoreElements, mergeMap, takeUntil, tap, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import { messageOf } from '../runtime/failure.js';
import { TakenOver } from '../runtime/takenOver.js';
import type { Log, TaskReport } from '../runtime/taskLoop.js';
import { HOLDS_FOR, OUT_OF_ORDER, type Instance } from './instance.js';
import type { Journal } from './journal.js';
import { SimulatedProcess } from './simulatedProcess.js';
import type { VirtualTime } from './virtualTime.js';

/** A process and the pipeline in it. */
export interface Running {
  readonly process: SimulatedProcess;
  readonly instance: Instance;
  readonly killed$: Subject<void>;
  isOpen: boolean;
  /** Until then event time stands still. */
  holdsUntil: Millis;
  isOver: boolean;
  isStopping: boolean;
  report: TaskReport | undefined;
  /** Up to here a watermark may be one of a pipeline that broke. */
  doubtedTo: Millis;
}

export interface ProcessesOptions {
  readonly time: VirtualTime;
  readonly journal: Journal;
  /** What the calendar says when the world begins. */
  readonly epoch: Millis;
  readonly fraction: () => number;
  /** Sets a pipeline up in a process. */
  readonly instance: (process: SimulatedProcess, log: Log) => Instance;
}

/** A supervisor starts a process that has failed again after so long. */
const RESTART: Millis = 1_000;

/** The processes of a world, and the supervisor that starts them again. */
export class Processes {
  readonly run$: Observable<never>;
  /** A watermark that no crash takes back. */
  sureWatermark: Millis = -Infinity;
  lastReport: TaskReport | undefined;
  private readonly starts$ = new Subject<Running>();
  private readonly all = new Map<number, Running>();
  private owner: Running | undefined;
  private awaited = 0;

  constructor(private readonly options: ProcessesOptions) {
    this.run$ = this.starts$.pipe(mergeMap((running) => this.run(running)));
  }

  get count(): number {
    return this.all.size;
  }

  /** The one that has the job, as far as processes live. */
  get current(): Running | undefined {
    return this.owner?.isOver === false ? this.owner : [...this.all.values()].reverse().find(({ isOver }) => !isOver);
  }

  /** Nobody is about to start or to stop, and whoever lives reads. */
  get areReading(): boolean {
    const living = [...this.all.values()].filter(({ isOver }) => !isOver);
    return this.awaited === 0 && living.length > 0 && living.every(({ isOpen, isStopping }) => isOpen && !isStopping);
  }

  startIn(delay: Millis): void {
    this.awaited += 1;
    this.options.time.after(delay, () => {
      this.awaited -= 1;
      this.start();
    });
  }

  start(): void {
    const { time, journal, epoch, fraction, instance } = this.options;
    const pid = this.all.size + 1;
    const process = new SimulatedProcess({ time, epoch, fraction, isGone: (other) => this.all.get(other)?.isOver !== false }, pid);
    const running: Running = {
      process,
      instance: instance(process, (level, event, fields = {}) => this.logged(running, level, event, fields)),
      killed$: new Subject(), isOpen: false, holdsUntil: 0, isOver: false, isStopping: false, report: undefined, doubtedTo: -Infinity,
    };
    this.all.set(pid, running);
    journal.note(`process ${pid} starts`);
    this.starts$.next(running);
  }

  /** As by SIGTERM. */
  stop(running: Running): void {
    running.isStopping = true;
    running.instance.stop$.next('SIGTERM');
  }

  /** As by SIGKILL. */
  kill(running: Running): void {
    running.isOver = true;
    running.process.kill();
    running.killed$.next();
  }

  killAll(): void {
    for (const running of this.all.values()) this.kill(running);
  }

  private run(running: Running): Observable<never> {
    return running.instance.run$.pipe(
      tap({ next: (report) => this.reported(running, report), complete: () => this.ended(running, undefined) }),
      catchError((error: unknown) => {
        this.ended(running, error);
        return EMPTY;
      }),
      takeUntil(running.killed$),
      ignoreElements(),
    );
  }

  private reported(running: Running, report: TaskReport): void {
    // What a pipeline had reached when the epoch before this one was committed, is part of this one.
    const former = running.report?.watermark ?? -Infinity;
    if (former > running.doubtedTo) this.sureWatermark = Math.max(this.sureWatermark, former);
    running.report = report;
    this.lastReport = report;
    this.options.journal.note(`process ${running.process.pid} has committed epoch ${report.epochs}: ${JSON.stringify(report.counts)}`);
  }

  private logged(running: Running, level: Parameters<Log>[0], event: string, fields: Readonly<Record<string, unknown>>): void {
    const { journal, time } = this.options;
    const told = JSON.stringify(fields, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    journal.note(`process ${running.process.pid} says: ${level} ${event} ${told}`);
    switch (event) {
      case 'state_restored':
        this.owner = running;
        break;
      case 'holding':
        running.holdsUntil = Infinity;
        break;
      case 'source_opened':
        running.isOpen = true;
        if (running.holdsUntil === Infinity) running.holdsUntil = time.now + HOLDS_FOR;
        break;
      case 'pipeline_broken':
        running.doubtedTo = running.report?.watermark ?? -Infinity;
        break;
      case 'conservation_violated':
      case OUT_OF_ORDER:
        journal.fault(`${event}: ${told}`);
    }
  }

  private ended(running: Running, error: unknown): void {
    const { journal } = this.options;
    running.isOver = true;
    const { process: { pid }, isStopping } = running;
    journal.note(`process ${pid} ends${error === undefined ? '' : `: ${messageOf(error)}`}`);
    if (isStopping) return;
    // Nobody starts it again after that.
    if (!(error instanceof TakenOver || error instanceof ChangelogRefusal)) this.startIn(RESTART);
    else if (!this.current && this.awaited === 0) journal.end(`process ${pid} ended, and no other is there: ${messageOf(error)}`);
  }
}
