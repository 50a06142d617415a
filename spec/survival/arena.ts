import { setTimeout as pause } from 'node:timers/promises';
import { startEmulator, type Emulator, type Inspection } from '../../src/emulator/startEmulator.js';
import { ensureSubscription, ensureTopic, type SubscriptionSettings } from '../../src/io/pubsubAdmin.js';
import { differences } from '../../src/simulate/audit.js';
import { finishedOf, logOf, usingProgram, type Finished, type LogLine, type Running } from '../e2e/program.js';
import { eventually } from '../emulator/session.js';
import { BROKER_START, ownBroker, type Brokers, type OwnBroker } from '../support/kafkaBroker.js';
import { kafkaDoor, type KafkaDoor } from '../support/kafkaDoor.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { tcpProxy, type TcpProxy } from '../support/tcpProxy.js';
import { feed, type Feed } from './feed.js';
import { GAP, MAX_OUT_OF_ORDERNESS } from './load.js';

/** Seconds after which the broker aborts a transaction, and the pipeline gives a request up. */
export const TRANSACTION_TIMEOUT = 4;

/** So long event time stands still after a crash, s. */
const HOLD = 1;

/** How long an instance may take to be there, or to have done what was asked of it, ms. */
const PATIENCE = 60_000;

const PROJECT = 'projects/p';

/** One pipeline with its topics, its subscription and its load. */
export interface Stage {
  readonly subscription: string;
  readonly feed: Feed;
  inspect(): Inspection;
  /** Starts an instance. */
  start(...more: readonly string[]): Running;
  /** Starts an instance and waits until it reads. */
  opened(...more: readonly string[]): Promise<Running>;
  /** SIGKILL; what the instance had been given is delivered again at once. */
  kill(run: Running): Promise<void>;
  /** Waits until more has been acked than had been when it was asked, and by so many messages at least. */
  progress(messages?: number): Promise<void>;
  /** Waits until an instance that has just begun to read no longer holds event time back, and has committed what it read since. */
  pastHold(): Promise<void>;
  /** Waits until everything that was published is acked. */
  allAcked(): Promise<void>;
  /** Ends the load and the instance by SIGTERM, closes what is open, and tells every difference from what should be in the topics. */
  settled(run: Running): Promise<readonly string[]>;
}

export interface Arena {
  readonly emulator: Emulator;
  /** The way of the program to Pub/Sub. */
  readonly pubsubDoor: TcpProxy;
  stage(options?: StageOptions): Promise<Stage>;
}

export interface StageOptions {
  readonly seed?: number;
  readonly settings?: SubscriptionSettings;
}

/** A broker of one's own, and the way of the program to it. */
export interface KafkaBehindDoor {
  readonly door: KafkaDoor;
  readonly kafka: OwnBroker;
}

/** A broker behind a door for the specs of a file. */
export function usingKafkaBehindDoor(): KafkaBehindDoor {
  let door: KafkaDoor;
  let kafka: OwnBroker;
  beforeAll(async () => {
    door = await kafkaDoor();
    kafka = await ownBroker(['transaction.abort.timed.out.transaction.cleanup.interval.ms=200'], door);
  }, BROKER_START);
  afterEach(() => door.resume());
  afterAll(async () => {
    await kafka.stop();
    await door.close();
  });
  return {
    get door() { return door; },
    get kafka() { return kafka; },
  };
}

/**
 * An emulator for each spec of a file, and the program, which reaches the brokers at `address`.
 * All is gone in the end.
 */
export function usingArena(brokers: () => { readonly kafka: Brokers; readonly address: string }): Arena {
  const program = usingProgram();
  const feeds: Feed[] = [];
  let pubsubDoor: TcpProxy;
  let emulator: Emulator;
  let stages = 0;

  beforeEach(async () => {
    emulator = await startEmulator();
    pubsubDoor = await tcpProxy();
    pubsubDoor.forwardTo(portOf(emulator.address));
  });
  afterEach(async () => {
    await Promise.all(feeds.splice(0).map((it) => it.close()));
    await pubsubDoor.close();
    await emulator.close();
  });

  return {
    get pubsubDoor() { return pubsubDoor; },
    get emulator() { return emulator; },

    async stage({ seed = 1, settings = {} } = {}) {
      const { kafka, address } = brokers();
      const job = `job-${(stages += 1)}`;
      const [topic, subscription, results, deadLetters] = [`${PROJECT}/topics/${job}`, `${PROJECT}/subscriptions/${job}`, `${job}-results`, `${job}-refused`];
      const endpoint = { apiEndpoint: emulator.address };
      await ensureTopic(topic, endpoint);
      await ensureSubscription(subscription, topic, { exactlyOnce: true, ...settings, ...endpoint });
      await kafka.createTopics({ topic: results, numPartitions: 3 }, { topic: deadLetters, numPartitions: 2 });
      const args = Object.entries({
        input_subscription: subscription, kafka_brokers: address, output_topic: results, dead_letter_topic: deadLetters,
        job, state: 'kafka', transaction_timeout: TRANSACTION_TIMEOUT, commit_interval: 0.2, hold_for: HOLD,
        window_size: GAP / 1_000, max_out_of_orderness: MAX_OUT_OF_ORDERNESS / 1_000, early_trigger: 1,
        // What comes late is known as such for as long as this lasts, and no silence closes anything.
        closed_session_memory: 86_400, idle_timeout: 86_400,
      }).flatMap(([name, value]) => [`--${name}`, `${value}`]);
      const runs: Running[] = [];
      const load = feed(emulator, topic, subscription, seed);
      feeds.push(load);

      const inspect = (): Inspection => emulator.inspect(subscription);
      const start: Stage['start'] = (...more) => {
        const run = program.start([...args, ...more], { env: { PUBSUB_EMULATOR_HOST: pubsubDoor.address } });
        runs.push(run);
        return run;
      };
      const opened: Stage['opened'] = async (...more) => {
        const run = start(...more);
        await logged(run, 'source_opened');
        return run;
      };
      const progress: Stage['progress'] = async (messages = 1) => {
        const { acked } = inspect();
        await eventually('progress', () => (inspect().acked >= acked + messages ? true : undefined), PATIENCE);
      };
      const allAcked = async (): Promise<void> => {
        await eventually('all acks', () => (emulator.attempts(subscription).size === 0 ? true : undefined), PATIENCE);
      };
      const drained = async (): Promise<Finished> => {
        const run = await opened('--drain');
        run.child.kill('SIGTERM');
        return finishedOf(await run.ended);
      };
      return {
        subscription, feed: load, inspect, start, opened, progress, allAcked,
        async kill(run) {
          run.child.kill('SIGKILL');
          await run.ended;
          await eventually('the end of its stream', () => (inspect().consumers === 0 ? true : undefined));
          emulator.faults.expireLeases(subscription);
        },
        async pastHold() {
          await pause(1.5 * HOLD * 1_000);
          // The first may be of an epoch that was cut before.
          await progress();
          await progress();
          load.mark();
        },
        async settled(run) {
          await load.stop();
          await allAcked();
          await load.last();
          await allAcked();
          run.child.kill('SIGTERM');
          const { code, stderr } = await run.ended;
          const finished = code === 0 ? await drained() : undefined;
          if (!finished) return [`it ended with ${code}: ${stderr}`];
          const left = { results: await readByKcat(kafka.brokers, results), deadLetters: await readByKcat(kafka.brokers, deadLetters), finished };
          const violated = runs.flatMap((it) => linesOf(it, 'conservation_violated')).map((it) => JSON.stringify(it));
          return [...differences(load.published, left, GAP), ...violated];
        },
      };
    },
  };
}

const portOf = (address: string): number => Number(address.split(':').at(-1));

export const linesOf = (run: Running, event: string): LogLine[] => logOf(run.stderr()).filter((it) => it.event === event);

/** Waits until it has told of the event more often than `before`. */
export const logged = async (run: Running, event: string, before = 0): Promise<LogLine> =>
  eventually(`${event} in the log of ${run.pid}`, () => {
    const line = linesOf(run, event)[before];
    const { exitCode, signalCode } = run.child;
    if (line === undefined && (exitCode ?? signalCode) !== null) throw new Error(`it ended with ${exitCode ?? signalCode}: ${run.stderr()}`);
    return line;
  }, PATIENCE);

