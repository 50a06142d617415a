import { lastValueFrom, toArray } from 'rxjs';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { kafkaChangelog, type KafkaChangelog } from '../../src/io/kafkaChangelog.js';
import { kafkaPort, type KafkaPort } from '../../src/io/kafkaPort.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import { generatedClient } from '../../src/io/pubsubSource.js';
import { kafkaAccess } from '../../src/simulate/kafkaAccess.js';
import { KafkaModel } from '../../src/simulate/kafkaModel.js';
import { Network } from '../../src/simulate/network.js';
import { OpenStreams, pubsubAccess } from '../../src/simulate/pubsubAccess.js';
import { PubsubModel } from '../../src/simulate/pubsubModel.js';
import { SimulatedProcess } from '../../src/simulate/simulatedProcess.js';
import { VirtualTime } from '../../src/simulate/virtualTime.js';
import { random } from '../../src/traffic/random.js';
import { BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { describeWith } from '../support/requires.js';
import { KAFKA_RULES, type Brokers } from './kafkaRules.js';
import { PUBSUB_RULES, type Subscribed } from './pubsubRules.js';

/** The same rules for the models of the simulation and for what they are models of. */

jest.setTimeout(60_000);

type Done = <A>(task: Promise<A>) => Promise<A>;

/** Kafka by its ports, whoever is behind them. */
const brokersBy = (port: KafkaPort, changelog: KafkaChangelog, topic: string, done: Done, pause: Brokers['pause']): Brokers => {
  let looks = 0;
  /** A commit is answered before it can be seen by all; whoever reads up to a record that was committed later has seen it. */
  const committed = async (): Promise<readonly string[]> => {
    const look = `look ${(looks += 1)}`;
    const producer = await done(port.transactional({ id: `${topic}-look`, timeout: 10_000 }));
    const transaction = await done(producer.begin());
    await done(transaction.send({ topic, partition: 0, records: [{ key: look, value: '', headers: {}, placement: '' }] }));
    await done(transaction.commit());
    const seen = await done(lastValueFrom(changelog.read(topic, 0, ({ key }) => key === look).pipe(toArray())));
    return seen.filter(({ key }) => key === null).map(({ value }) => value.toString());
  };
  return {
    committed,
    pause,
    async begin(timeout = 10_000) {
      const producer = await done(port.transactional({ id: `${topic}-id`, timeout }));
      const transaction = await done(producer.begin());
      return {
        async send(...texts) {
          const records = texts.map((value) => ({ key: null, value, headers: {}, placement: '' }));
          await done(transaction.send({ topic, partition: 0, records }));
        },
        commit: () => done(transaction.commit()),
      };
    },
    async trim(count) {
      await done(changelog.trim(topic, 0, BigInt(count)));
      return committed();
    },
  };
};

/** A world with nothing in it, whose time goes on while somebody waits. */
const emptyWorld = () => {
  const time = new VirtualTime();
  const chance = random(1);
  const fraction = (): number => chance.fraction();
  const network = new Network(time, { meet: () => 'passes', awayUntil: () => 0 }, fraction);
  const process = new SimulatedProcess({ time, epoch: Date.UTC(2025, 0, 30), fraction, isGone: () => false }, 1);
  const turn = async (): Promise<void> => {
    time.step();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const done: Done = async (task) => {
    const waiting = new Set([task]);
    const over = (): boolean => waiting.delete(task);
    task.then(over, over);
    while (waiting.size > 0) await turn();
    return task;
  };
  const pause = async (millis: number): Promise<void> => {
    const until = time.now + millis;
    time.after(millis, () => undefined);
    while (time.now < until) await turn();
  };
  return { time, fraction, network, process, done, pause };
};

describe('the model of Kafka', () => {
  test.each(KAFKA_RULES)('$rule', async ({ check }) => {
    const { time, fraction, network, process, done, pause } = emptyWorld();
    const { port, changelog } = kafkaAccess(new KafkaModel(time, fraction), network, process);
    await done(changelog.prepare('topic', 1));
    await check(brokersBy(port, changelog, 'topic', done, pause));
  });
});

const pauseForReal = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

describeWith(['java', 'mvn'], 'a real broker', () => {
  let kafka: OwnBroker;
  let topics = 0;
  beforeAll(async () => {
    kafka = await ownBroker(['transaction.abort.timed.out.transaction.cleanup.interval.ms=100', 'group.initial.rebalance.delay.ms=0']);
  }, BROKER_START);
  afterAll(() => kafka.stop());

  test.each(KAFKA_RULES)('$rule', async ({ check }) => {
    const connection = { brokers: [kafka.brokers], log: () => undefined };
    const changelog = kafkaChangelog(connection);
    const topic = `topic-${(topics += 1)}`;
    await changelog.prepare(topic, 1);
    await check(brokersBy(kafkaPort(connection), changelog, topic, (task) => task, pauseForReal));
  });
});

describe('the model of Pub/Sub', () => {
  test.each(PUBSUB_RULES)('$rule', async ({ check }) => {
    const { time, network, process, done, pause } = emptyWorld();
    const model = new PubsubModel(time, 0, { exactlyOnce: true, retry: undefined, maxDeliveryAttempts: undefined });
    const port = pubsubAccess({ model, network, streams: new OpenStreams(), faults: { acks: () => undefined } }, process);
    let delays = [0];
    const subscribed: Subscribed = {
      subscription: 'modelled', connection: await done(port.connect()), done, pause,
      publish: (...texts) => {
        for (const data of texts) model.publish({ data, attributes: {} }, delays);
        return Promise.resolve();
      },
      duplicate: () => (delays = [0, 0]),
    };
    await check(subscribed);
  });
});

describe('the embedded emulator', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  test.each(PUBSUB_RULES.map((it, n) => ({ ...it, n })))('$rule', async ({ check, n }) => {
    const endpoint = { apiEndpoint: emulator.address };
    const [topic, subscription] = [`projects/p/topics/topic-${n}`, `projects/p/subscriptions/subscription-${n}`];
    await ensureTopic(topic, endpoint);
    await ensureSubscription(subscription, topic, { ...endpoint, exactlyOnce: true });
    const publisher = createPublisher({ projectTopic: topic, ...endpoint });
    const connection = await generatedClient({ subscription, ...endpoint, log: () => undefined }).connect();
    const subscribed: Subscribed = {
      subscription, connection, pause: pauseForReal, done: (task) => task,
      publish: async (...texts) => {
        await publisher.publish(texts.map((data) => ({ data, attributes: {} })));
      },
      duplicate: () => emulator.faults.set(subscription, { duplicates: 1 }),
    };
    await check(subscribed);
    await publisher.close();
    await connection.client.close();
  });
});
