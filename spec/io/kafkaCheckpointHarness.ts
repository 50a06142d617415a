import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import type { StateSettings } from '../../src/changelog/stateSettings.js';
import { kafkaCheckpoint } from '../../src/io/kafkaCheckpoint.js';
import type { Visits } from '../../src/model/visits.js';
import type { PipelineCut, PipelineSnapshot } from '../../src/pipelineState.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { MessageIds } from '../../src/runtime/messageIds.js';
import type { Checkpoint, Epoch, Restored } from '../../src/runtime/ports.js';
import { Task, type TaskDelta, type TaskState } from '../../src/runtime/task.js';
import { recordedClock, type TaskClock } from '../../src/runtime/taskClock.js';
import { LiveState } from '../changelog/liveState.js';
import { flowWith, messageOf, type View } from '../pipeline/play.js';

export interface InstanceOptions {
  readonly broker: string;
  readonly job: string;
  readonly settings?: StateSettings;
  readonly acceptStateChange?: boolean;
  readonly transactionTimeout?: number;
}

type CutEpoch = Epoch<TaskDelta<PipelineCut<Visits>>>;

/** A real task on the recorded clock, and the checkpoint to which its epochs are committed by hand. */
export class Instance {
  readonly checkpoint: Checkpoint<TaskState<PipelineSnapshot<Visits>>, TaskDelta<PipelineCut<Visits>>>;
  readonly logs: { readonly level: string; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  /** What has been cut in this job so far, by this instance and the ones that it goes on from. */
  readonly live: LiveState;
  private task: Task<PipelineSnapshot<Visits>, PipelineCut<Visits>> | undefined;
  private clock: TaskClock = recordedClock();
  private ids = new MessageIds();
  private number = 0;

  constructor(readonly options: InstanceOptions, former?: Instance) {
    const { broker, job, settings = { window_size: 60 }, acceptStateChange = false, transactionTimeout = 30_000 } = options;
    this.live = former?.live ?? new LiveState();
    this.checkpoint = kafkaCheckpoint({
      job, settings, codec: pagesViewedCodec, acceptStateChange, transactionTimeout, brokers: [broker], outputTopic: `${job}-results`, deadLetterTopic: `${job}-refused`,
      encoding: { timestampPrecision: 'milliseconds' }, log: (level, event, fields) => void this.logs.push({ level, event, fields }),
    });
  }

  /** Takes the job over, and goes on from what is there. */
  async start(): Promise<Restored<TaskState<PipelineSnapshot<Visits>>>> {
    await done(this.checkpoint.open());
    return this.restore();
  }

  /** As a pipeline does that has to be built anew: what was not committed is gone. */
  async restore(from$ = this.checkpoint.restore()): Promise<Restored<TaskState<PipelineSnapshot<Visits>>>> {
    const restored = await firstValueFrom(from$);
    const { state } = restored;
    this.clock = recordedClock();
    if (state) this.clock.goOnFrom(state.taskTime);
    this.ids = new MessageIds();
    this.ids.restore(state?.ids ?? []);
    this.number = state?.epoch ?? 0;
    this.task = new Task(flowWith({}), { clock: this.clock, ids: this.ids, poisoned: () => undefined }, state);
    this.task.running$.subscribe({ error: (error: unknown) => this.logs.push({ level: 'error', event: 'broken', fields: { error } }) });
    return restored;
  }

  process(...views: readonly View[]): void {
    for (const view of views) this.running.process(messageOf(view));
  }

  /** Cuts an epoch; subscribing to what it returns commits it. */
  cut({ isPark = false } = {}): Observable<never> {
    return this.checkpoint.commit(this.cutEpoch(isPark));
  }

  /** Processes, cuts and commits. */
  async commit(...views: readonly View[]): Promise<void> {
    this.process(...views);
    await done(this.cut());
  }

  /** As a run does that is told to stop. */
  async park(): Promise<void> {
    await done(this.cut({ isPark: true }));
    await this.close();
  }

  close(): Promise<void> {
    return done(this.checkpoint.close());
  }

  logged(event: string): readonly Readonly<Record<string, unknown>>[] {
    return this.logs.filter((line) => line.event === event).map(({ fields }) => fields);
  }

  private cutEpoch(isPark: boolean): CutEpoch {
    this.number += 1;
    const epoch = this.running.cut(this.number, isPark);
    if (!epoch) throw new Error('there is nothing to commit');
    this.live.apply(epoch.number, epoch.delta);
    return epoch;
  }

  private get running(): Task<PipelineSnapshot<Visits>, PipelineCut<Visits>> {
    if (!this.task) throw new Error('it has not been started');
    return this.task;
  }
}

/** Resolves when it has completed, having emitted nothing. */
export const done = (work$: Observable<never>): Promise<void> => lastValueFrom(work$, { defaultValue: undefined });

export const failure = (task: Promise<unknown>): Promise<unknown> =>
  task.then(
    () => undefined,
    (error: unknown) => error,
  );
