import { defer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { RunConfig } from '../config/runConfig.js';
import { alongside } from '../runtime/alongside.js';
import { random } from '../traffic/random.js';
import { differences, earlyDifferences, type TopicRecord } from './audit.js';
import { Instance } from './instance.js';
import { Journal } from './journal.js';
import { kafkaAccess } from './kafkaAccess.js';
import { KafkaModel } from './kafkaModel.js';
import { Mishaps } from './mishaps.js';
import { Network } from './network.js';
import { Processes, type Running } from './processes.js';
import { OpenStreams, pubsubAccess } from './pubsubAccess.js';
import { PubsubModel } from './pubsubModel.js';
import { Publisher } from './publisher.js';
import { GAP, type Scenario } from './scenario.js';
import { DEAD_LETTERS, EARLY_TRIGGER, RESULTS } from './simulatedConfig.js';
import { VirtualTime } from './virtualTime.js';

/** What a world has come to. */
export interface Outcome {
  /** Every difference from what should be; none if all is well. */
  readonly failures: readonly string[];
  /** What happened, one line each, in order. */
  readonly trace: readonly string[];
  readonly published: number;
  readonly results: number;
  readonly deadLetters: number;
  readonly processes: number;
  /** So long the world lasted, in its own time. */
  readonly lasted: Millis;
}

const SECOND: Millis = 1_000;

/** The day on which every world begins. */
const EPOCH: Millis = Date.UTC(2025, 0, 30, 15, 30);

/** How often it is looked whether something has come to its end. */
const LOOK: Millis = 250;

/** How long everything may take that is not due at a time: then it will never come. */
const PATIENCE: Millis = 900 * SECOND;

const MOST_STEPS = 300_000;

/** Promises that wait for no request are let go on every so many steps. */
const STEPS_A_TURN = 16;

/** Lives a scenario through, and tells what became of it. Cold: each subscription is a world of its own, and all are the same. */
export const lived = (scenario: Scenario, config: RunConfig): Observable<Outcome> =>
  defer(() => {
    const world = new World(scenario, config);
    return defer(() => world.live()).pipe(alongside(world.processes.run$));
  });

class World {
  readonly processes: Processes;
  private readonly time = new VirtualTime();
  private readonly journal = new Journal(this.time);
  private readonly kafka: KafkaModel;
  private readonly pubsub: PubsubModel;
  private readonly network: Network;
  private readonly publisher: Publisher;
  private readonly mishaps: Mishaps;
  /** Numbers of the messages that have broken the pipeline. */
  private readonly broken = new Set<string>();
  private isAllPublished = false;

  constructor(
    private readonly scenario: Scenario,
    config: RunConfig,
  ) {
    const { time, journal } = this;
    const chance = random(~scenario.seed);
    const fraction = (): number => chance.fraction();
    const streams = new OpenStreams();
    this.kafka = new KafkaModel(time, fraction);
    this.kafka.createTopic(RESULTS, 3);
    this.kafka.createTopic(DEAD_LETTERS, 2);
    this.pubsub = new PubsubModel(time, EPOCH, scenario.subscription);
    this.publisher = new Publisher(this.pubsub, () => EPOCH + time.now, () => this.processes.sureWatermark);
    this.mishaps = new Mishaps({
      time, journal,
      processes: () => this.processes,
      cutStreams: () => streams.cut(),
      expireLeases: () => this.pubsub.expireLeases(),
      when: (is, elseTell, goOn) => this.when(is, elseTell, goOn),
    });
    this.network = new Network(time, this.mishaps, fraction);
    this.processes = new Processes({
      time, journal, fraction,
      epoch: EPOCH,
      instance: (process, log) =>
        new Instance({
          config, process, log,
          kafka: kafkaAccess(this.kafka, this.network, process),
          pubsub: pubsubAccess({ model: this.pubsub, network: this.network, streams, faults: { acks: () => this.mishaps.acks } }, process),
          before: ({ attributes: { n = '' } }) => this.breakAt(n),
        }),
    });
  }

  async live(): Promise<Outcome> {
    const { time, journal, network, processes, mishaps } = this;
    processes.start();
    this.publishFrom(0, 0);
    for (const { at, fault } of this.scenario.faults) time.after(at, () => mishaps.happen(fault));
    time.after(LOOK, () => this.awaitPeace());
    for (let steps = 1; !journal.isOver; steps += 1) {
      if (steps > MOST_STEPS) journal.end('it does not come to rest');
      else if (!time.step()) journal.end('nothing is due any more');
      if (network.isBusy || steps % STEPS_A_TURN === 0) {
        network.isBusy = false;
        await promisesSettled();
      }
    }
    processes.killAll();
    return {
      failures: journal.failures, trace: journal.lines, published: this.publisher.published.length,
      results: this.records(RESULTS).length, deadLetters: this.records(DEAD_LETTERS).length, processes: processes.count, lasted: time.now,
    };
  }

  private breakAt(n: string): void {
    const poison = this.publisher.poison.get(n);
    if (poison === undefined || (poison === 'once' && this.broken.has(n))) return;
    this.broken.add(n);
    throw new Error(`message ${n} breaks the pipeline`);
  }

  /** Publishes the message with this place in the scenario and all after it. */
  private publishFrom(place: number, shift: Millis): void {
    const { time, journal, publisher } = this;
    const message = this.scenario.messages[place];
    if (!message) {
      this.isAllPublished = true;
      return;
    }
    const publish = (late: Millis): void => {
      if (publisher.isHeldBack) time.after(LOOK, () => publish(late + LOOK));
      else {
        journal.note(`message ${message.n} is published`);
        publisher.publish(message);
        this.publishFrom(place + 1, late);
      }
    };
    time.after(message.at + shift - time.now, () => publish(shift));
  }

  /** Everything is published and acked, and nothing goes wrong any more. */
  private awaitPeace(): void {
    const { time, processes, mishaps, pubsub: { backlog }, scenario: { faults } } = this;
    const lastFaultAt = faults.at(-1)?.at ?? 0;
    const isPeace = (): boolean => this.isAllPublished && time.now > Math.max(lastFaultAt, mishaps.troubledUntil) && processes.areReading && backlog.attempts.size === 0;
    this.when(isPeace, 'not everything that was published was acked', () => {
      mishaps.makePeace();
      const holdsFor = Math.max(0, (processes.current?.holdsUntil ?? 0) - time.now);
      time.after(holdsFor + 2 * EARLY_TRIGGER, () => this.lookAtEarly());
    });
  }

  /** What is known of open sessions has been told; then silence closes them. */
  private lookAtEarly(): void {
    const { processes, journal } = this;
    for (const difference of earlyDifferences(this.publisher.published, this.records(RESULTS), GAP)) journal.fault(difference);
    this.when(() => (processes.lastReport?.counts.held ?? 0) === 0, 'sessions stay open', () => {
      const { current } = processes;
      if (current) {
        processes.stop(current);
        this.when(() => current.isOver, 'the last process has not ended', () => this.audit(current));
      } else journal.end('no process is there');
    });
  }

  private audit({ report }: Running): void {
    const { journal } = this;
    if (report) {
      const left = { results: this.records(RESULTS), deadLetters: this.records(DEAD_LETTERS), finished: report.counts };
      for (const difference of differences(this.publisher.published, left, GAP)) journal.fault(difference);
      for (const topic of [RESULTS, DEAD_LETTERS]) for (const { partition, value, headers } of this.records(topic)) journal.note(`${topic} ${partition}: ${value} ${JSON.stringify(headers)}`);
      journal.end();
    } else journal.end('the last process has reported nothing');
  }

  /** Goes on as soon as something is so. */
  private when(is: () => boolean, elseTell: string, goOn: () => void): void {
    const since = this.time.now;
    const look = (): void => {
      if (is()) goOn();
      else if (this.time.now > since + PATIENCE) this.journal.end(`${elseTell} within ${PATIENCE / SECOND} s`);
      else this.time.after(LOOK, look);
    };
    look();
  }

  private records(topic: string): readonly TopicRecord[] {
    const partitions = this.kafka.partitions(topic) ?? 0;
    return Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) =>
      this.kafka.committed(topic, partition).map(({ value, headers }) => ({ partition, value: value.toString(), headers })),
    );
  }
}

/** Lets all promises go on that can. */
const promisesSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
