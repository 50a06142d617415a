import { EMPTY, Subject, asyncScheduler, connect, defer, filter, finalize, map, merge, startWith, switchMap, takeLast, tap, type Observable, type OperatorFunction } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { describeErrors } from '../../src/config/configError.js';
import { parseCommandLine } from '../../src/config/parseCommandLine.js';
import type { RunConfig } from '../../src/config/runConfig.js';
import { taskConfig } from '../../src/config/taskConfig.js';
import { productFlow } from '../../src/flow.js';
import { NO_REFERENCE_DATA } from '../../src/model/referenceData.js';
import type { Visits } from '../../src/model/visits.js';
import type { PipelineCut, PipelineSnapshot } from '../../src/pipelineState.js';
import { pagesViewed } from '../../src/products/pagesViewed.js';
import type { BuildFlow } from '../../src/runtime/flow.js';
import { runTask, type TaskPorts } from '../../src/runtime/runTask.js';
import { systemClock } from '../../src/runtime/taskClock.js';
import type { Mark } from '../mark.js';
import { KeptState } from './keptState.js';
import { countsOf, type Outcome } from './outcome.js';
import { T0, pageViewMessage, type Fields } from './pageViewMessage.js';
import { subscription } from './subscription.js';

export interface Deployment {
  /** Flags beside those that say where to read and where to write. */
  readonly flags?: string;
  /** The same as a configuration file has it: settings by name, in the units of the flags. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly fields?: Fields;
  /** The messages were published when their pages were seen; else they are when they come. */
  readonly isBacklog?: boolean;
  /** The view that breaks the pipeline whenever it is processed, as the source row has it. */
  readonly poison?: string;
}

type Ports = TaskPorts<PipelineSnapshot<Visits>, PipelineCut<Visits>>;

const FLAGS = '--input_subscription projects/shop/subscriptions/page-views --kafka_brokers localhost:9092 --output_topic time-on-page';

/**
 * The whole pipeline, set up by its command line as in production: configuration, runtime and flow
 * are the real ones; subscription, topics and saved state are in memory. At 0s it is
 * 2025-01-30T15:30:00Z.
 *
 * Takes page views, and among them words that are none: at `KILL` the instance dies, at `START`
 * another one goes on from the saved state, at `STOP` it is told to stop, as by SIGTERM. `LOST` and
 * `OPEN` happen to its {@link subscription}.
 */
export const deployed = ({ flags = '', settings = {}, fields = {}, isBacklog = false, poison }: Deployment = {}): OperatorFunction<Mark, Outcome> => {
  const config = configFrom(`${FLAGS} ${flags} --config settings.yaml`.split(/ +/), settings);
  const messageOf = (mark: Mark) => pageViewMessage(mark, isBacklog ? T0 + mark.at : calendar(), fields);

  return connect((marks$) => {
    const told$ = new Subject<Outcome>();
    const kept = new KeptState(({ results, deadLetters }) => {
      for (const result of results) told$.next({ _tag: 'Result', result });
      for (const deadLetter of deadLetters) told$.next({ _tag: 'DeadLetter', deadLetter });
    });
    const at = (word: string): Observable<Mark> => marks$.pipe(filter(({ name }) => name === word));
    const instance$ = defer(() => instance(config, {
      source: subscription(marks$, messageOf, (messages) => messages.forEach((message) => told$.next({ _tag: 'Ack', message }))),
      build: flowOf(config, poison, (watermark) => told$.next({ _tag: 'Watermark', timestamp: watermark - T0 })),
      checkpoint: kept.checkpoint(),
      stop$: at('STOP'),
    }, told$));
    const run$ = merge(at('START').pipe(startWith(undefined), map(() => instance$)), at('KILL').pipe(map(() => EMPTY))).pipe(switchMap((it$) => it$));
    return merge(told$, run$.pipe(finalize(() => told$.complete())));
  });
};

/** From its start to its end, and then its counts. */
const instance = (config: RunConfig, ports: Ports, told$: Subject<Outcome>): Observable<Outcome> =>
  runTask(ports, {
    clock: systemClock(calendar, monotonic),
    monotonic,
    ...taskConfig(config),
    timers: asyncScheduler,
    log: (_, event, fields) => { if (event === 'conservation_violated') told$.error(new Error(`${event}: ${JSON.stringify(fields)}`)); },
  }).pipe(takeLast(1), switchMap(({ counts }) => countsOf(counts)));

const flowOf = ({ windows, filter: exclusions, results }: RunConfig, poison: string | undefined, onWatermark: (watermark: Millis) => void): Ports['build'] => {
  const build: BuildFlow<PipelineSnapshot<Visits>, PipelineCut<Visits>> = productFlow(
    pagesViewed({ results, enrichment: { reference: () => NO_REFERENCE_DATA, outputFields: results.outputFields } }), { windows, filter: exclusions },
  );
  return (context, restored) => {
    const flow = build(context, restored);
    return {
      ...flow,
      operator: (messages$) => messages$.pipe(
        tap(({ receipt }) => { if (receipt === poison) throw new Error(`${receipt} breaks it`); }),
        flow.operator,
        tap((it) => { if (it._tag === 'Watermark') onWatermark(it.timestamp); }),
      ),
    };
  };
};

const configFrom = (argv: readonly string[], settings: Readonly<Record<string, unknown>>): RunConfig => {
  const parsed = parseCommandLine(argv, {}, () => JSON.stringify(settings));
  if (parsed._tag === 'Left') throw new Error(describeErrors(parsed.left));
  if (parsed.right._tag !== 'Run') throw new Error(`"${argv.join(' ')}" does not run the pipeline`);
  return parsed.right.config;
};

/** Both clocks are virtual while a diagram plays. */
const monotonic = (): Millis => asyncScheduler.now();
const calendar = (): Millis => T0 + asyncScheduler.now();
