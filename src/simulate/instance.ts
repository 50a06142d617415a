import { ReplaySubject, tap, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { stateSettings } from '../changelog/stateSettings.js';
import type { RunConfig } from '../config/runConfig.js';
import { taskConfig } from '../config/taskConfig.js';
import { productFlow } from '../flow.js';
import { kafkaCheckpoint } from '../io/kafkaCheckpoint.js';
import { pubsubSource, type PubsubPort } from '../io/pubsubSource.js';
import type { Message } from '../model/message.js';
import { NO_REFERENCE_DATA } from '../model/referenceData.js';
import { pagesViewed } from '../products/pagesViewed.js';
import type { BuildFlow } from '../runtime/flow.js';
import type { Source } from '../runtime/ports.js';
import { runTask } from '../runtime/runTask.js';
import { systemClock } from '../runtime/taskClock.js';
import type { Log, TaskReport } from '../runtime/taskLoop.js';
import { withCheckpoint } from '../runtime/withCheckpoint.js';
import { DeliveryOrder } from './deliveryOrder.js';
import type { KafkaAccess } from './kafkaAccess.js';
import type { SimulatedProcess } from './simulatedProcess.js';

export interface InstanceSurroundings {
  readonly config: RunConfig;
  readonly process: SimulatedProcess;
  readonly kafka: KafkaAccess;
  readonly pubsub: PubsubPort;
  /** Called with every message before the pipeline has it; a throw breaks the pipeline. */
  readonly before: (message: Message) => void;
  readonly log: Log;
}

/** Small, so that a small state takes several records, and the walk through it several commits. */
const SIZES = { record: 1_500, piece: 1_000, leastBetweenSweeps: 10_000 };

/** The seconds of an ack deadline in the simulation: the least there is. */
export const ACK_DEADLINE = 10;

/** The pipeline as `run` puts it together, on a simulated machine: flow, runtime, state and both ends are the real ones. */
export class Instance {
  readonly stop$ = new ReplaySubject<string>(1);
  readonly run$: Observable<TaskReport>;

  constructor({ config, process, kafka, pubsub, before, log }: InstanceSurroundings) {
    const { machine } = process;
    const { state, output, input, job, windows, filter, results } = config;
    if (state._tag !== 'Kafka' || output._tag !== 'Kafka' || output.deadLetters._tag !== 'Topic' || input._tag !== 'PubSub') throw new Error('what is simulated reads Pub/Sub and keeps its state in Kafka');
    const product = pagesViewed({ results, enrichment: { reference: () => NO_REFERENCE_DATA, outputFields: results.outputFields } });
    const checkpoint = kafkaCheckpoint(
      {
        ...state, job, brokers: output.brokers, outputTopic: output.topic, deadLetterTopic: output.deadLetters.topic,
        encoding: results, codec: product.codec, settings: stateSettings(config), sizes: SIZES, log,
      },
      { ...kafka, machine },
    );
    const order = new DeliveryOrder();
    const source = watched(pubsubSource({ subscription: input.subscription, ackDeadline: ACK_DEADLINE, log }, pubsub), order);
    const look = (message: Message): void => {
      if (!order.isNext(message)) log('error', OUT_OF_ORDER, { message: message.id });
      before(message);
    };
    const build = observed(productFlow(product, { filter, windows }), look, () => order.builtAnew());
    const task$ = runTask(
      { source, checkpoint, build, stop$: this.stop$ },
      {
        clock: systemClock(machine.calendar, machine.monotonic),
        monotonic: machine.monotonic,
        ...taskConfig(config),
        timers: machine.timers,
        log,
      },
    );
    this.run$ = withCheckpoint(checkpoint, task$);
  }
}

/** Logged when a message is processed after one that was delivered later. */
export const OUT_OF_ORDER = 'processed_out_of_order';

const watched = (source: Source, order: DeliveryOrder): Source => ({
  backlog: source.backlog,
  redeliveredWithin: () => source.redeliveredWithin(),
  open: (control) => source.open(control).pipe(tap((event) => { if (event._tag === 'Delivered') order.delivered(event.messages); })),
  ack: (messages) => source.ack(messages),
});

const observed =
  <Snapshot, Delta>(build: BuildFlow<Snapshot, Delta>, before: (message: Message) => void, onBuild: () => void): BuildFlow<Snapshot, Delta> =>
  (context, restored) => {
    onBuild();
    const flow = build(context, restored);
    return { ...flow, operator: (messages$) => messages$.pipe(tap(before), flow.operator) };
  };

/** The longest that event time stands still after a crash: ack deadline, wait for a redelivery, margin. */
export const HOLDS_FOR: Millis = (ACK_DEADLINE + 5 + 5) * 1_000;
