import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import type { Publication } from '../../src/traffic/publication.js';
import { eventually } from '../emulator/session.js';
import { BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat, type KafkaRecord } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { accounted, finishedOf, jsonLines, logOf, SEVEN_FIELDS, usingProgram } from './program.js';
import { expectedTimes, isView, listed, publications, standingTimes } from './published.js';
import { SOAK_SECONDS } from '../support/soak.js';

const STALL = SOAK_SECONDS ?? 15;

jest.setTimeout((120 + 2 * STALL) * 1_000);

const TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';

/** Messages that may be delivered and not acked. */
const LIMIT = 2_000;

/** Is refused, and tells thereby that everything before it has been read. */
const LAST = 'that is all';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeWith(['java', 'mvn', 'kcat'], 'from Pub/Sub to Kafka', () => {
  const program = usingProgram();
  let kafka: OwnBroker;

  beforeAll(async () => {
    kafka = await ownBroker();
    const topics = ['results', 'results.dead-letter', 'after-stall'];
    await kafka.createTopics(...topics.map((topic) => ({ topic, numPartitions: 3 })));
  }, BROKER_START);
  afterAll(() => kafka.stop());

  test('what was published by one process is read by another, and its results by a client of another family', async () => {
    const emulator = program.start(['emulator', '--port', '0']);
    const env = { PUBSUB_EMULATOR_HOST: await eventually('its address', () => /PUBSUB_EMULATOR_HOST=(\S+)\n/.exec(emulator.stdout())?.[1]) };

    const published = publications(6_000);
    const refused = published.filter((it) => !isView(it));
    const publish = async (bodies: readonly Pick<Publication, 'data' | 'attributes'>[]): Promise<void> => {
      const input = program.file('events.ndjson');
      writeFileSync(input, bodies.map(({ data, attributes }) => `${JSON.stringify({ data, attributes })}\n`).join(''));
      expect(await program.start(['publish', '--create', '--topic', TOPIC, '--subscription', SUBSCRIPTION, '--input', input], { env }).ended).toMatchObject({ code: 0 });
    };
    await publish(published);
    await publish([{ data: LAST, attributes: {} }]);

    const run = program.start(['--input_subscription', SUBSCRIPTION, '--kafka_brokers', kafka.brokers, '--output_topic', 'results', '--drain'], { env });
    await run.logged('source_opened');
    const deadLetters = (): Promise<readonly KafkaRecord[]> => readByKcat(kafka.brokers, 'results.dead-letter');
    await until(async () => (await deadLetters()).some(({ value }) => value === LAST));
    run.child.kill('SIGTERM');
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    const finished = finishedOf(ended);
    expect(finished).toMatchObject({ received: published.length + 1, held: 0 });
    expect(accounted(finished)).toBe(finished.received);

    const records = await readByKcat(kafka.brokers, 'results');
    expect(records).toHaveLength(finished.results);
    for (const { key, value, headers } of records) {
      const body: Record<string, unknown> = JSON.parse(value);
      expect(Object.keys(body)).toEqual(SEVEN_FIELDS);
      expect(Object.keys(headers)).toEqual(['session_id', 'processing_time', 'pane']);
      expect([key, headers['session_id']]).toEqual([body['session_id'], body['session_id']]);
    }
    expect(listed(standingTimes(records))).toEqual(listed(expectedTimes(published)));

    const letters = (await deadLetters()).filter(({ value }) => value !== LAST);
    expect(letters.map(({ value }) => value).sort()).toEqual(refused.map(({ data }) => data).sort());
    const reasons = { invalid: ['invalid', 'not_json'], otherEvent: ['excluded'], future: ['future'] };
    const reasonsOf = new Map(Object.entries(reasons).flatMap(([kind, expected]) => refused.filter((it) => it.kind === kind).map(({ data }) => [data, expected])));
    for (const { value, headers } of letters) {
      expect(reasonsOf.get(value)).toContain(headers['reason']);
      expect(headers).toMatchObject({ stage: expect.any(String), message_id: expect.any(String), publish_time: expect.any(String), 'attribute.source': 'ga4_streaming' });
    }
  });

  describe('while Kafka stands still', () => {
    let emulator: Emulator;

    beforeEach(async () => {
      emulator = await startEmulator();
    });
    afterEach(async () => {
      kafka.resume();
      await emulator.close();
    });

    test('nothing is lost, nothing is delivered twice, memory stays as it is; with the state in memory dead letters may go to a file', async () => {
      const endpoint = { apiEndpoint: emulator.address };
      await ensureTopic(TOPIC, endpoint);
      await ensureSubscription(SUBSCRIPTION, TOPIC, { ...endpoint, exactlyOnce: true });
      const publisher = createPublisher({ projectTopic: TOPIC, ...endpoint });

      const args = ['--kafka_brokers', kafka.brokers, '--output_topic', 'after-stall', '--dead_letter_output', program.file('dead.ndjson'), '--state', 'memory'];
      const env = { PUBSUB_EMULATOR_HOST: emulator.address };
      const run = program.start(['--input_subscription', SUBSCRIPTION, '--max_outstanding_messages', String(LIMIT), ...args], { env });
      await run.logged('source_opened');

      const perSecond = 1_000;
      const published = publications((STALL + 4) * perSecond);
      const memory: number[] = [];
      const outstanding: number[] = [];
      for (let second = 0; second * perSecond < published.length; second += 1) {
        if (second === 2) kafka.pause();
        if (second === 2 + STALL) kafka.resume();
        await Promise.all([publisher.publish(published.slice(second * perSecond, (second + 1) * perSecond)), pause(1_000)]);
        if (second > 4 && second < 2 + STALL) {
          memory.push(residentMegabytes(run.pid));
          outstanding.push(emulator.inspect(SUBSCRIPTION).outstanding);
        }
      }
      await publisher.close();
      expect(run.child.exitCode).toBeNull();
      expect(Math.max(...memory)).toBeLessThan(memory[0]! + 100);
      expect(outstanding.at(-1)).toBe(LIMIT); // it did stand still

      await eventually('all acks', () => (emulator.inspect(SUBSCRIPTION).acked === published.length ? true : undefined), 60_000);
      run.child.kill('SIGTERM');
      const ended = await run.ended;
      expect(ended.code).toBe(0);
      expect(finishedOf(ended)).toMatchObject({ received: published.length, held: 0 });
      expect(emulator.inspect(SUBSCRIPTION)).toMatchObject({ undelivered: 0, outstanding: 0, deliveries: [published.length] });

      const records = await readByKcat(kafka.brokers, 'after-stall');
      expect(listed(standingTimes(records))).toEqual(listed(expectedTimes(published)));
      const letters = jsonLines<{ data: string }>(readFileSync(program.file('dead.ndjson'), 'utf8'));
      expect(letters.map(({ data }) => data).sort()).toEqual(published.filter((it) => !isView(it)).map(({ data }) => data).sort());
      expect(logOf(ended.stderr).filter(({ event }) => event === 'conservation_violated')).toEqual([]);
    });
  });
});

const residentMegabytes = (pid: number): number => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < 60_000) {
    if (await holds()) return;
    await pause(200);
  }
  throw new Error(`waited 60 s in vain for ${holds.toString()}`);
}
