import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import { eventually } from '../emulator/session.js';
import { BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { finishedOf, logOf, usingProgram } from './program.js';

jest.setTimeout(120_000);

const PUBSUB_TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';
/** What a week is to other brokers. */
const FORGETFUL = ['transactional.id.expiration.ms=1000', 'transaction.remove.expired.transaction.cleanup.interval.ms=200'];
const REST = 5_000;

describeWith(['java', 'mvn', 'kcat'], 'a run that has nothing to do for so long that the brokers forget it', () => {
  const program = usingProgram();
  let kafka: OwnBroker;
  let emulator: Emulator;

  beforeAll(async () => {
    kafka = await ownBroker(FORGETFUL);
    await kafka.createTopics({ topic: 'results' }, { topic: 'results.dead-letter' });
    emulator = await startEmulator();
    await ensureTopic(PUBSUB_TOPIC, { apiEndpoint: emulator.address });
    await ensureSubscription(SUBSCRIPTION, PUBSUB_TOPIC, { apiEndpoint: emulator.address });
  }, BROKER_START);
  afterAll(async () => {
    await emulator.close();
    await kafka.stop();
  });

  const start = Math.floor(Date.now() / 1_000) * 1_000;
  const view = (second: number, page: string): string =>
    JSON.stringify({ session_id: 'ann', ga_event_dtm: new Date(start + 1_000 * second).toISOString(), page_title: page });

  test('goes on when there is something to do: nothing is lost, nothing twice, and nobody is accused', async () => {
    const flags = ['--job', 'resting', '--kafka_brokers', kafka.brokers, '--input_subscription', SUBSCRIPTION, '--output_topic', 'results'];
    const running = program.start([...flags, '--commit_interval', '0.1', '--early_trigger', '0', '--window_size', '3600', '--drain'], { env: { PUBSUB_EMULATOR_HOST: emulator.address } });
    const publisher = createPublisher({ projectTopic: PUBSUB_TOPIC, apiEndpoint: emulator.address });
    const pages = ['Home', 'Shop', 'Basket', 'Pay'];
    for (const [place, page] of pages.entries()) {
      await publisher.publish([{ data: view(place, page), attributes: {} }]);
      await eventually('the ack', () => (emulator.inspect(SUBSCRIPTION).acked === place + 1 ? true : undefined));
      await new Promise((resolve) => setTimeout(resolve, REST));
    }
    await publisher.close();
    running.child.kill('SIGTERM');
    const ended = await running.ended;

    expect(ended.code).toBe(0);
    expect(finishedOf(ended)).toMatchObject({ received: 4, duplicates: 0, deadLetters: {}, held: 0, closed: 4 });
    const results = (await readByKcat(kafka.brokers, 'results')).map(({ value }) => /"page":"([^"]*)"/.exec(value)?.[1]);
    expect(results.sort()).toEqual([...pages].sort());
    // It has been forgotten indeed, three times at least.
    const failures = logOf(ended.stderr).filter(({ level }) => level === 'warn' || level === 'error').map((line) => JSON.stringify(line));
    expect(failures.filter((line) => line.includes('INVALID_PRODUCER_ID_MAPPING')).length).toBeGreaterThanOrEqual(3);
  });
});
