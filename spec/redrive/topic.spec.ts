import { writeFileSync } from 'node:fs';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { kafkaPort } from '../../src/io/kafkaPort.js';
import { kafkaSends } from '../../src/io/kafkaSends.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import { deadLetterRecord } from '../../src/model/deadLetterRecord.js';
import { eventually, Session, type Received } from '../emulator/session.js';
import { jsonLines, logOf, usingProgram, type Ended, type Running } from '../e2e/program.js';
import { BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';

jest.setTimeout(120_000);

const TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';

describeWith(['java', 'mvn', 'kcat'], 'redriving the dead letters of a topic', () => {
  const program = usingProgram();
  let kafka: OwnBroker;
  let emulator: Emulator;
  let session: Session;
  /** Of the dead letters. */
  let from: string;

  beforeAll(async () => {
    kafka = await ownBroker();
  }, BROKER_START);
  afterAll(() => kafka.stop());

  beforeEach(async () => {
    emulator = await startEmulator();
    await ensureTopic(TOPIC, { apiEndpoint: emulator.address });
    await ensureSubscription(SUBSCRIPTION, TOPIC, { apiEndpoint: emulator.address });
    session = new Session(emulator.address);
    from = `dead-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic: from, numPartitions: 2 });
  });
  afterEach(async () => {
    await session.close();
    await emulator.close();
  });

  const started = (...args: readonly string[]): Running =>
    program.start(['redrive', '--from', from, '--kafka_brokers', kafka.brokers, ...args], { env: { PUBSUB_EMULATOR_HOST: emulator.address } });
  const redriven = (...args: readonly string[]): Promise<Ended> => started('--topic', TOPIC, ...args).ended;

  const letter = (name: string, { message, ...change }: Omit<Partial<DeadLetter>, 'message'> & { readonly message?: Partial<DeadLetter['message']> } = {}): DeadLetter => ({
    reason: 'invalid', stage: 'validate', faults: [], sessionId: name,
    ...change,
    message: { id: `id-${name}`, publishTime: Date.UTC(2025, 0, 30), attributes: { source: 'ga4' }, body: name, deliveryAttempt: undefined, receipt: 0, ...message },
  });

  /** Writes dead letters as the pipeline does. */
  const kept = async (letters: readonly DeadLetter[], topic = from): Promise<void> => {
    const port = kafkaPort({ brokers: [kafka.brokers], log: () => undefined });
    const [layout] = await port.layouts([topic]);
    const producer = await port.producer();
    for (const send of kafkaSends(layout!, letters.map(deadLetterRecord)).flat()) await producer.send(send);
    await producer.close();
  };

  const numbered = (count: number): readonly DeadLetter[] => Array.from({ length: count }, (_, i) => letter(`letter-${i}`));

  /** All that has come to the subscription, acked. */
  const arrived = async (): Promise<readonly Received[]> => {
    const all: Received[] = [];
    for (let some = await session.pull(SUBSCRIPTION, 1_000); some.length > 0; some = await session.pull(SUBSCRIPTION, 1_000)) {
      all.push(...some);
      await session.ack(SUBSCRIPTION, ...some);
    }
    return all;
  };

  const texts = (messages: readonly Received[]): readonly string[] => messages.map(({ text }) => text).sort();

  const errorOf = ({ stderr }: Ended): unknown => logOf(stderr).find(({ event }) => event === 'failed')?.['error'];

  const countsOf = ({ stderr }: Ended): unknown => logOf(stderr).find(({ event }) => event === 'redriven')?.['byReason'];

  test('bytes and attributes come back as they were, once, and the summary says so', async () => {
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x0a, 0x7d]);
    await kept([letter('a'), letter('b', { reason: 'late', message: { attributes: { source: 'ga4', reason: 'mine', 'größe': '🛒' } } })]);
    await kept([letter('c', { reason: 'not_json', message: { body, attributes: {} } })]);

    const dry = await started('--dry_run').ended;
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain('would_be_redriven');
    expect(await arrived()).toEqual([]);

    const ended = await redriven();
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toBe([
      'reason              redriven  redriven_before',
      'invalid                    1                0',
      'late                       1                0',
      'not_json                   1                0',
      'sum                        3                0',
      '3 dead letters read, 3 of them wanted', '',
    ].join('\n'));
    const messages = [...(await arrived())].sort((a, b) => (a.text < b.text ? -1 : 1));
    expect(messages.map(({ attributes }) => attributes)).toEqual([
      { source: 'ga4', redrive_count: '1' }, { source: 'ga4', reason: 'mine', 'größe': '🛒', redrive_count: '1' }, { redrive_count: '1' },
    ]);
    expect(messages.map(({ text, bytes }) => [text, bytes])).toEqual([['a', 1], ['b', 1], [body.toString(), body.length]]);

    expect(countsOf(await redriven())).toEqual({ invalid: { redriven_before: 1 }, late: { redriven_before: 1 }, not_json: { redriven_before: 1 } });
    expect(await arrived()).toEqual([]);
  });

  test('only what is asked for is sent, and the rest another time', async () => {
    await kept([letter('late', { reason: 'late' }), letter('future', { reason: 'future' }), letter('bad')]);
    expect(countsOf(await redriven('--reason', 'late,future'))).toEqual({ late: { redriven: 1 }, future: { redriven: 1 } });
    expect(texts(await arrived())).toEqual(['future', 'late']);
    expect(countsOf(await redriven())).toEqual({ invalid: { redriven: 1 }, late: { redriven_before: 1 }, future: { redriven_before: 1 } });
    expect(texts(await arrived())).toEqual(['bad']);
  });

  test('--since looks at when a dead letter was written', async () => {
    await kept([letter('old')]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    const since = new Date().toISOString();
    await kept([letter('new')]);
    expect(await redriven('--since', since)).toMatchObject({ code: 0 });
    expect(texts(await arrived())).toEqual(['new']);
  });

  test('what is not whole, no event, or has been redriven too often is refused and counted', async () => {
    await kept([
      letter('half', { message: { oversize: 20_000_000 } }),
      letter('result', { reason: 'too_large', stage: 'write' }),
      letter('thrice', { message: { attributes: { redrive_count: '3' } } }),
      letter('twice', { message: { attributes: { redrive_count: '2' } } }),
    ]);
    const ended = await redriven();
    expect(countsOf(ended)).toEqual({ invalid: { truncated: 1, too_often: 1, redriven: 1 }, too_large: { no_event: 1 } });
    expect(ended.stdout).toMatch(/^reason {14} *redriven {2}redriven_before {2}truncated {2}no_event {2}too_often\n/);
    expect((await arrived()).map(({ text, attributes }) => [text, attributes['redrive_count']])).toEqual([['twice', '3']]);
    expect(countsOf(await redriven('--max_redrives', '4'))).toMatchObject({ invalid: { redriven: 1 } });
    expect(texts(await arrived())).toEqual(['thrice']);
  });

  test('killed in the middle, the next one goes on: nothing is lost, and at most a hundred come twice', async () => {
    const count = 1_500;
    await kept(numbered(count));
    const first = started('--topic', TOPIC, '--rate', '1000');
    await eventually('some messages', () => (emulator.inspect(SUBSCRIPTION).undelivered >= 300 ? true : undefined));
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await redriven()).toMatchObject({ code: 0 });
    const messages = texts(await arrived());
    expect(new Set(messages).size).toBe(count);
    expect(messages.length - count).toBeLessThanOrEqual(100);
    expect(countsOf(await redriven())).toEqual({ invalid: { redriven_before: count } });
    expect(await arrived()).toEqual([]);
  });

  test('a stop ends it after what it has in hand, and the next one goes on without sending anything twice', async () => {
    await kept(numbered(1_000));
    const first = started('--topic', TOPIC, '--rate', '200');
    await eventually('some messages', () => (emulator.inspect(SUBSCRIPTION).undelivered >= 100 ? true : undefined));
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    const sent = emulator.inspect(SUBSCRIPTION).undelivered;
    expect(sent).toBeLessThan(1_000);
    expect(countsOf(await redriven())).toEqual({ invalid: { redriven_before: sent, redriven: 1_000 - sent } });
    expect(texts(await arrived())).toEqual(numbered(1_000).map(({ message: { body } }) => body).sort());
  });

  test('of two at a time the former gives way', async () => {
    const count = 1_500;
    await kept(numbered(count));
    const first = started('--topic', TOPIC, '--rate', '200');
    await eventually('some messages', () => (emulator.inspect(SUBSCRIPTION).undelivered >= 100 ? true : undefined));
    expect(await redriven()).toMatchObject({ code: 0 });
    const ended = await first.ended;
    expect(ended).toMatchObject({ code: 1 });
    expect(errorOf(ended)).toBe(`another redrive of topic ${from} has begun, and this one gives way`);
    const messages = texts(await arrived());
    expect(new Set(messages).size).toBe(count);
    expect(messages.length - count).toBeLessThanOrEqual(100);
  });

  test('a message that goes wrong again counts its redrives, until it is refused', async () => {
    const config = program.file('pipeline.yaml');
    writeFileSync(config, [`kafka_brokers: ["${kafka.brokers}"]`, `input_subscription: ${SUBSCRIPTION}`, `output_topic: ${from}-results`, `dead_letter_topic: ${from}`, 'commit_interval: 0.05', 'hold_for: 0', ''].join('\n'));
    await kafka.createTopics({ topic: `${from}-results` });
    const pipeline = program.start(['--config', config], { env: { PUBSUB_EMULATOR_HOST: emulator.address } });
    await pipeline.logged('source_opened');
    const acked = (count: number) => eventually(`${count} acks`, () => (emulator.inspect(SUBSCRIPTION).acked === count ? true : undefined));

    const publisher = createPublisher({ projectTopic: TOPIC, apiEndpoint: emulator.address });
    await publisher.publish([{ data: '{"session_id":"ann"}', attributes: { source: 'ga4' } }]);
    await publisher.close();
    await acked(1);
    for (const round of [1, 2]) {
      const ended = await program.start(['redrive', '--from', from, '--config', config, '--topic', TOPIC, '--max_redrives', '2'], { env: { PUBSUB_EMULATOR_HOST: emulator.address } }).ended;
      expect(countsOf(ended)).toMatchObject({ invalid: { redriven: 1 } });
      await acked(1 + round);
    }
    expect(countsOf(await redriven('--max_redrives', '2'))).toEqual({ invalid: { redriven_before: 2, too_often: 1 } });

    const letters = await readByKcat(kafka.brokers, from);
    expect(letters.map(({ value, headers }) => [value, headers['reason'], headers['attribute.source'], headers['attribute.redrive_count']])).toEqual([
      ['{"session_id":"ann"}', 'invalid', 'ga4', undefined], ['{"session_id":"ann"}', 'invalid', 'ga4', '1'], ['{"session_id":"ann"}', 'invalid', 'ga4', '2'],
    ]);
    expect(new Set(letters.map(({ headers }) => headers['errors'])).size).toBe(1);
    pipeline.child.kill('SIGTERM');
    await pipeline.ended;
  });

  test('to stdout they go as a run reads them', async () => {
    await kept([letter('a', { message: { body: '{"x":1}' } })]);
    const { code, stdout } = await started('--output', '-').ended;
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toEqual([{ message_id: 'id-a', publish_time: '2025-01-30T00:00:00Z', attributes: { source: 'ga4', redrive_count: '1' }, data: '{"x":1}' }]);
    expect((await started('--output', '-').ended).stdout).toBe('');
  });

  describe('what is wrong', () => {
    test('no such topic of dead letters', async () => {
      from = 'nowhere';
      expect(errorOf(await redriven())).toBe(`there is no topic nowhere on ${kafka.brokers}`);
      expect(errorOf(await started('--dry_run').ended)).toBe(`there is no topic nowhere on ${kafka.brokers}`);
    });

    test('a topic of something else', async () => {
      const port = kafkaPort({ brokers: [kafka.brokers], log: () => undefined });
      const producer = await port.producer();
      await producer.send({ topic: from, partition: 1, records: [{ key: 'k', value: 'v', headers: {}, placement: '' }] });
      await producer.close();
      const ended = await redriven();
      expect(ended).toMatchObject({ code: 1 });
      expect(errorOf(ended)).toBe(`topic ${from} is no topic of dead letters: the record at partition 1, offset 0 has no header "reason"`);
    });

    test('no such Pub/Sub topic: nothing counts as sent', async () => {
      await kept([letter('a')]);
      const ended = await started('--topic', 'projects/p/topics/nowhere').ended;
      expect(ended).toMatchObject({ code: 1 });
      expect(errorOf(ended)).toMatch(/^projects\/p\/topics\/nowhere: it does not exist: create it, or correct its name/);
      expect(countsOf(await redriven())).toEqual({ invalid: { redriven: 1 } });
    });
  });
});
