import { asyncScheduler, catchError, concat, defer, finalize, ignoreElements, switchMap, takeUntil, throwError, type Observable } from 'rxjs';
import type { Millis } from '../operators/index.js';
import type { ProductCodec } from './changelog/productCodec.js';
import { stateSettings } from './changelog/stateSettings.js';
import type { EffectiveSetting } from './config/effectiveSettings.js';
import type { Input, RunConfig } from './config/runConfig.js';
import { taskConfig } from './config/taskConfig.js';
import { startEmulator } from './emulator/startEmulator.js';
import { productFlow } from './flow.js';
import { kafkaCheckpoint } from './io/kafkaCheckpoint.js';
import { kafkaSink } from './io/kafkaSink.js';
import { ndjsonSink } from './io/ndjsonSink.js';
import { ndjsonSource } from './io/ndjsonSource.js';
import { ensureSubscription, ensureTopic } from './io/pubsubAdmin.js';
import { createPublisher } from './io/pubsubPublisher.js';
import { pubsubSource } from './io/pubsubSource.js';
import { referenceFile } from './io/referenceFile.js';
import { NO_REFERENCE_DATA, type ReferenceData } from './model/referenceData.js';
import { PipelineStore, type PipelineCut, type PipelineSnapshot } from './pipelineState.js';
import { productNamed } from './products/products.js';
import { alongside } from './runtime/alongside.js';
import type { BuildFlow } from './runtime/flow.js';
import { memoryCheckpoint } from './runtime/memoryCheckpoint.js';
import type { Checkpoint, Sink, Source } from './runtime/ports.js';
import { runTask } from './runtime/runTask.js';
import type { TaskDelta, TaskState } from './runtime/task.js';
import { recordedClock, systemClock } from './runtime/taskClock.js';
import type { Log, TaskReport } from './runtime/taskLoop.js';
import { withCheckpoint } from './runtime/withCheckpoint.js';
import { liveTraffic } from './traffic/liveTraffic.js';
import { watch } from './watch.js';

export interface RunSurroundings {
  readonly log: Log;
  /** When it emits, the run stops reading, closes what is open and completes. */
  readonly stop$: Observable<unknown>;
  /** Told how much of a file has been read. */
  readonly progress?: ((read: number, size: number | undefined) => void) | undefined;
  /** What the status page shows of the configuration. */
  readonly settings?: readonly EffectiveSetting[] | undefined;
  /** Where the files of the status page are; without it there is none. */
  readonly pageFolder?: string | undefined;
}

/** Runs the pipeline of a configuration. Emits a report after every commit and one at the end. */
export const run = (config: RunConfig, surroundings: RunSurroundings): Observable<TaskReport> => {
  const { log } = surroundings;
  if (config.state._tag === 'Memory') log('warn', 'state_in_memory', { advice: 'open sessions are kept in memory: a stop closes them all and marks their results, a crash loses them' });
  if (config.unused.length > 0) log('info', 'unused_settings', { settings: config.unused.join() });
  return config.input._tag === 'Embedded' ? withEmbedded(config, surroundings) : runFrom(sourceOf(config.input, surroundings), config, surroundings);
};

const runFrom = (source: Source, config: RunConfig, surroundings: RunSurroundings): Observable<TaskReport> =>
  referenceOf(config, surroundings, (reference) => {
    const { windows, filter, results } = config;
    const chosen = productNamed(config.product, { results, enrichment: { reference, outputFields: results.outputFields } });
    return chosen((product) => runProduct(product.codec, productFlow(product, { filter, windows }), source, config, surroundings));
  });

const runProduct = <A>(
  codec: ProductCodec<A>,
  build: BuildFlow<PipelineSnapshot<A>, PipelineCut<A>>,
  source: Source,
  config: RunConfig,
  { log, stop$, settings = [], pageFolder = '' }: RunSurroundings,
): Observable<TaskReport> => {
  const clock = config.clock === 'recorded' ? recordedClock() : systemClock(Date.now, monotonic);
  const checkpoint = checkpointOf(config, codec, log);
  const { observer, serve$ } = watch(config, { log, settings, pageFolder, sourceFigures: source.figures, checkpointFigures: checkpoint.figures });
  const task$ = runTask(
    { source, checkpoint, build, stop$ },
    {
      clock,
      monotonic,
      ...taskConfig(config),
      timers: asyncScheduler,
      observer,
      log,
    },
  );
  return withCheckpoint(checkpoint, task$).pipe(alongside(serve$));
};

const monotonic = (): Millis => performance.now();

const sourceOf = (input: Exclude<Input, { readonly _tag: 'Embedded' }>, { log, progress }: RunSurroundings): Source =>
  input._tag === 'File'
    ? ndjsonSource({ path: input.path, ...(progress && { progress }) })
    : pubsubSource({ subscription: input.subscription, endpoint: input.endpoint, log });

const checkpointOf = <A>(config: RunConfig, codec: ProductCodec<A>, log: Log): Checkpoint<TaskState<PipelineSnapshot<A>>, TaskDelta<PipelineCut<A>>> => {
  const { state, output, job, results: { timestampPrecision } } = config;
  if (state._tag === 'Memory' || output._tag !== 'Kafka' || output.deadLetters._tag !== 'Topic') return memoryCheckpoint(sinkOf(config, log), new PipelineStore());
  const { brokers, security, topic: outputTopic, deadLetters: { topic: deadLetterTopic } } = output;
  return kafkaCheckpoint({ ...state, job, brokers, clientId: job, security, outputTopic, deadLetterTopic, encoding: { timestampPrecision }, codec, settings: stateSettings(config), log });
};

const sinkOf = ({ input, output, job, results: { timestampPrecision } }: RunConfig, log: Log): Sink => {
  const encoding = { timestampPrecision };
  const inputPath = input._tag === 'File' ? input.path : undefined;
  if (output._tag === 'Kafka') {
    const { brokers, security, topic, deadLetters } = output;
    return kafkaSink({
      brokers, clientId: job, security, encoding, outputTopic: topic, log,
      deadLetters: deadLetters._tag === 'Topic' ? deadLetters.topic : ndjsonSink({ path: undefined, deadLetterPath: deadLetters.path, inputPath, withHeaders: false, encoding }),
    });
  }
  if (output.deadLetterPath === undefined) {
    log('warn', 'dead_letters_not_kept', { advice: 'results go to stdout and dead letters are only counted; --dead_letter_output keeps them' });
  }
  return ndjsonSink({ path: output.path, deadLetterPath: output.deadLetterPath, inputPath, withHeaders: output.withHeaders, encoding });
};

const referenceOf = (
  { referenceData }: RunConfig,
  { log }: RunSurroundings,
  use: (reference: () => ReferenceData) => Observable<TaskReport>,
): Observable<TaskReport> => {
  if (referenceData === undefined) return use(() => NO_REFERENCE_DATA);
  return defer(() => {
    const file = referenceFile(referenceData, { warn: (event, fields) => log('warn', event, fields) });
    return use(file.current).pipe(alongside(file.refresh$));
  });
};

const PROJECT = 'projects/local';
const TOPIC = `${PROJECT}/topics/ga4-page-views`;
const SUBSCRIPTION = `${PROJECT}/subscriptions/pages-viewed`;

/** Visitors of a small shop, whose last ten minutes are there at once. */
const TRAFFIC = { seed: 1, rate: 50, backlog: 600_000 };

/** Everything in one process: the embedded Pub/Sub, a shop that publishes to it, and the pipeline that reads it by the real client. */
const withEmbedded = (config: RunConfig, surroundings: RunSurroundings): Observable<TaskReport> => {
  const { log, stop$ } = surroundings;
  return defer(startEmulator).pipe(
    switchMap((emulator) => {
      const endpoint = { apiEndpoint: emulator.address };
      log('info', 'embedded_pubsub', { address: emulator.address, subscription: SUBSCRIPTION, advice: 'synthetic traffic, local use only' });
      const prepared = async (): Promise<void> => {
        await ensureTopic(TOPIC, endpoint);
        await ensureSubscription(SUBSCRIPTION, TOPIC, { ...endpoint, exactlyOnce: true });
      };
      const traffic$ = defer(() => {
        const publisher = createPublisher({ projectTopic: TOPIC, ...endpoint });
        return liveTraffic({ ...TRAFFIC, product: config.product, send: (due) => publisher.publish(due) }).pipe(finalize(() => void publisher.close()));
      }).pipe(ignoreElements(), takeUntil(stop$));
      const pipeline$ = runFrom(pubsubSource({ subscription: SUBSCRIPTION, ...endpoint, log }), config, surroundings);
      const closed$ = defer(() => emulator.close()).pipe(ignoreElements());
      return concat(defer(prepared).pipe(ignoreElements()), pipeline$.pipe(alongside(traffic$)), closed$).pipe(
        catchError((error: unknown) => concat(closed$, throwError(() => error))),
      );
    }),
  );
};
