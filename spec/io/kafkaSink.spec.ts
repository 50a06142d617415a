import { createHash } from 'node:crypto';
import { lastValueFrom, Observable } from 'rxjs';
import { KafkaError } from '../../src/io/kafkaError.js';
import { kafkaSink, type KafkaSinkOptions } from '../../src/io/kafkaSink.js';
import { deadLetterHeaders } from '../../src/model/deadLetterRecord.js';
import { recordBytes } from '../../src/model/record.js';
import { resultBody, resultHeaders, resultRecord } from '../../src/model/resultRecord.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Result } from '../../src/model/outcome.js';
import type { Sink } from '../../src/runtime/ports.js';
import { deadLetter } from '../support/deadLetters.js';
import { BROKER_START, someBrokers, type Brokers } from '../support/kafkaBroker.js';
import { bytesByKcat, readByKafkajs, readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { sampleResult } from '../support/results.js';

const done = (task: Observable<never>): Promise<unknown> => lastValueFrom(task, { defaultValue: undefined });
const encoding = { timestampPrecision: 'seconds' } as const;

jest.setTimeout(30_000);

describeWith(['java', 'mvn', 'kcat'], 'kafkaSink', () => {
  let kafka: Brokers;
  beforeAll(async () => {
    kafka = await someBrokers();
  }, BROKER_START);
  afterAll(() => kafka.stop());

  const options = (change: Partial<KafkaSinkOptions>): KafkaSinkOptions => ({
    brokers: kafka.brokers.split(','),
    outputTopic: 'results',
    deadLetters: 'dead-letters',
    encoding,
    log: () => undefined,
    ...change,
  });

  /** Writes to two new topics through a sink of its own and tells their names. */
  async function written(results: readonly Result[], deadLetters: readonly DeadLetter[], configEntries: { name: string; value: string }[] = []) {
    const name = `spec-${Math.random().toString(36).slice(2)}`;
    const topics = { outputTopic: name, deadLetters: `${name}.dead-letter` };
    await kafka.createTopics({ topic: topics.outputTopic, numPartitions: 3, configEntries }, { topic: topics.deadLetters, numPartitions: 4, configEntries });
    const sink = kafkaSink(options(topics));
    await done(sink.open());
    await done(sink.write(results, deadLetters));
    await done(sink.close());
    return topics;
  }

  test('writes results with the key, body and headers they are to have, also by the reading of a foreign client', async () => {
    const sessions = ['1234567890.1738286883', 'a', 'b', 'c', 'Übergröße', 'd\u0000e\u001ff', '🛒'];
    const results = sessions.map((session) => sampleResult({ session, page: `Seite „${session}“ "\\\u2028` }));
    const { outputTopic } = await written(results, []);

    const records = await readByKcat(kafka.brokers, outputTopic);
    expect(await readByKafkajs(kafka.brokers, outputTopic)).toStrictEqual(records);
    expect(records.map(({ key, value, headers }) => ({ key, value, headers })).sort(byKey)).toStrictEqual(
      results.map((it) => ({ key: it.emitted.key, value: resultBody(it, encoding), headers: resultHeaders(it, encoding) })).sort(byKey),
    );
  });

  test('survives half a surrogate in a session id: the body keeps it, key and header hold what UTF-8 can say', async () => {
    const { outputTopic } = await written([sampleResult({ session: 'a\ud800b', page: '\udfff' })], []);
    const [record] = await readByKcat(kafka.brokers, outputTopic);
    expect(record).toMatchObject({ key: 'a\ufffdb', headers: { session_id: 'a\ufffdb' } });
    expect(JSON.parse(record!.value)).toMatchObject({ session_id: 'a\ud800b', page: '\udfff' });
  });

  test('writes dead letters with their original bytes', async () => {
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x00, 0xfe, 0x0a, 0x0a]);
    const letter = { ...deadLetter({ id: '42', body, attributes: { empty: '', 'größe': '🛒' } }), sessionId: 'a' };
    const topics = await written([], [letter]);
    const [record] = await readByKcat(kafka.brokers, topics.deadLetters);
    expect(record).toMatchObject({ key: 'a', headers: deadLetterHeaders(letter) });
    expect(await bytesByKcat(kafka.brokers, topics.deadLetters, record!.partition, 0)).toStrictEqual(body);
  });

  test('writes the same dead letters to the same partitions every time, also those without a session or an id', async () => {
    const letters = Array.from({ length: 40 }, (_, i) => deadLetter(i % 2 === 0 ? { id: `m${i}` } : { body: `not json ${i}` }));
    const topics = await written([], [...letters, ...letters]);
    const records = await readByKcat(kafka.brokers, topics.deadLetters);
    const places = new Map<string, Set<number>>();
    for (const { value, headers, partition } of records) {
      const name = headers['message_id'] ?? value;
      places.set(name, (places.get(name) ?? new Set()).add(partition));
    }
    expect(records.every(({ key }) => key === null)).toBe(true);
    expect(places.size).toBe(40);
    expect([...places.values()].every((partitions) => partitions.size === 1)).toBe(true);
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(4);
  });

  test('10 000 records in one write all arrive once, those of a session in their order, though the topic takes 100 KB at a time', async () => {
    const results = Array.from({ length: 10_000 }, (_, i) => sampleResult({ session: `s${i % 50}`, revision: i }));
    const { outputTopic } = await written(results, [], [{ name: 'max.message.bytes', value: '100000' }]);
    const records = await readByKcat(kafka.brokers, outputTopic);
    expect(records).toHaveLength(10_000);
    for (let s = 0; s < 50; s++) {
      const panes = records.filter(({ key }) => key === `s${s}`).map(({ headers }) => headers['pane']);
      expect(panes).toStrictEqual(results.filter((_, i) => i % 50 === s).map((it) => resultHeaders(it, encoding)['pane']));
    }
  });

  test('a result of exactly the size the topic takes is written, one byte more makes it a dead letter', async () => {
    const limit = 200_000;
    const ofBatch = 61;
    const room = limit - ofBatch - recordBytes(resultRecord(sampleResult({ page: '' }), encoding));
    const results = [room, room + 1].map((length) => sampleResult({ page: 'x'.repeat(length) }));
    const topics = await written(results, [], [{ name: 'max.message.bytes', value: String(limit) }]);
    expect((await readByKcat(kafka.brokers, topics.outputTopic)).map(({ value }) => value)).toStrictEqual([resultBody(results[0]!, encoding)]);
    expect((await readByKcat(kafka.brokers, topics.deadLetters)).map(({ headers }) => headers['reason'])).toStrictEqual(['too_large']);
  });

  test('an oversized dead letter keeps its reason and the start of its body', async () => {
    const body = Buffer.alloc(3_000_000, '{"page_title":"');
    const letter = deadLetter({ id: '42', body });
    const topics = await written([], [letter], [{ name: 'max.message.bytes', value: '1048588' }]);
    const [{ headers } = { headers: {} }] = await readByKcat(kafka.brokers, topics.deadLetters);
    expect(headers).toStrictEqual({ ...deadLetterHeaders(letter), truncated: JSON.stringify({ bytes: 3_000_000, sha256: createHash('sha256').update(body).digest('hex') }) });
    const partition = (await readByKcat(kafka.brokers, topics.deadLetters))[0]!.partition;
    expect(await bytesByKcat(kafka.brokers, topics.deadLetters, partition, 0)).toStrictEqual(body.subarray(0, 65_536));
  });

  test('a dead letter with all the attributes that Pub/Sub allows is written as it is', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}`.padEnd(256, 'n'), 'v'.repeat(1_024)]));
    const letters = [deadLetter({ id: '1', attributes }), deadLetter({ id: '2', attributes, body: Buffer.alloc(10_000_000 - 128_000, 'x') })];
    const topics = await written([], letters, [{ name: 'max.message.bytes', value: '11534336' }]);
    const records = await readByKcat(kafka.brokers, topics.deadLetters);
    expect(records.map(({ headers }) => headers).sort((a, b) => Number(a['message_id']) - Number(b['message_id']))).toStrictEqual(letters.map(deadLetterHeaders));
    expect(records.map(({ value }) => value.length).sort((a, b) => a - b)).toStrictEqual([2, 9_872_000]);
  });

  test('dead letters go to another sink if there is one, results that are too large among them', async () => {
    const topic = `spec-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic, configEntries: [{ name: 'max.message.bytes', value: '10000' }] });
    const received: DeadLetter[] = [];
    const calls: string[] = [];
    const sink = kafkaSink(options({ outputTopic: topic, deadLetters: recordingSink(received, calls) }));
    await done(sink.open());
    await done(sink.write([sampleResult({}), sampleResult({ page: 'x'.repeat(10_000) })], [deadLetter({ id: '42' })]));
    await done(sink.close());
    expect(await readByKcat(kafka.brokers, topic)).toHaveLength(1);
    expect(received.map(({ reason, message }) => ({ reason, id: message.id }))).toStrictEqual([
      { reason: 'invalid', id: '42' },
      { reason: 'too_large', id: undefined },
    ]);
    expect(calls).toStrictEqual(['open', 'write', 'close']);
  });

  test('says at once which topics are missing and how to create them', async () => {
    const error = await done(kafkaSink(options({ outputTopic: 'nowhere', deadLetters: 'nowhere.either' })).open()).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(KafkaError);
    expect(error).toMatchObject({ fatal: true });
    expect(String(error)).toContain(`topics nowhere and nowhere.either do not exist on ${kafka.brokers}`);
    expect(String(error)).toContain(`kafka-topics.sh --bootstrap-server ${kafka.brokers} --create --topic nowhere.either`);
    // Nor were they created by asking.
    await expect(done(kafkaSink(options({ outputTopic: 'nowhere', deadLetters: 'nowhere.either' })).open())).rejects.toThrow('do not exist');
  });

  test('refuses a compacted topic, which would lose all results of a session but one', async () => {
    const topic = `spec-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] });
    const opened = done(kafkaSink(options({ outputTopic: topic, deadLetters: topic })).open());
    await expect(opened).rejects.toMatchObject({ fatal: true, message: expect.stringContaining(`topic ${topic} on ${kafka.brokers} is compacted`) });
  });

  test('a connection that has nothing to do sets no timers', async () => {
    const topic = `spec-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic });
    const sink = kafkaSink(options({ outputTopic: topic, deadLetters: topic }));
    await done(sink.open());
    await done(sink.write([sampleResult()], []));
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const own = 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(timers.mock.calls.length - own).toBeLessThan(5);
    timers.mockRestore();
    await done(sink.close());
  });
});

const byKey = (a: { key: string | null }, b: { key: string | null }): number => (a.key! < b.key! ? -1 : 1);

const recordingSink = (received: DeadLetter[], calls: string[]): Sink => {
  const called = (name: string, then: () => void = () => undefined): Observable<never> =>
    new Observable((out) => {
      calls.push(name);
      then();
      out.complete();
    });
  return {
    epochMessages: 1,
    open: () => called('open'),
    write: (_, deadLetters) => called('write', () => received.push(...deadLetters)),
    close: () => called('close'),
  };
};
