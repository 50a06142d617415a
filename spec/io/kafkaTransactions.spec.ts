import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lastValueFrom, toArray } from 'rxjs';
import { kafkaChangelog } from '../../src/io/kafkaChangelog.js';
import { kafkaPort } from '../../src/io/kafkaPort.js';
import type { KafkaTransaction, TransactionalProducer } from '../../src/io/kafkaTransactions.js';
import { asAdmin, BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { tcpProxy, type TcpProxy } from '../support/tcpProxy.js';

jest.setTimeout(60_000);

describeWith(['java', 'mvn', 'kcat'], 'transactions of kafkaPort', () => {
  let kafka: OwnBroker;
  let proxy: TcpProxy;
  let results: string;
  let changelog: string;
  const producers: TransactionalProducer[] = [];
  const logged: string[] = [];
  const log = (level: string, event: string): number => logged.push(`${level} ${event}`);

  beforeAll(async () => {
    proxy = await tcpProxy();
    kafka = await ownBroker(['transaction.max.timeout.ms=60000', 'transaction.abort.timed.out.transaction.cleanup.interval.ms=100'], proxy);
  }, BROKER_START);
  afterAll(async () => {
    await kafka.stop();
    await proxy.close();
  });

  beforeEach(async () => {
    logged.length = 0;
    results = `spec-${Math.random().toString(36).slice(2)}`;
    changelog = `${results}-changelog`;
    await kafka.createTopics({ topic: results, numPartitions: 2 }, { topic: changelog });
  });
  afterEach(async () => {
    proxy.resume();
    await Promise.all(producers.splice(0).map((it) => it.close()));
  });

  /** Of one id per test; through the proxy if it is to be disturbed. */
  const producer = async ({ timeout = 30_000, address = kafka.brokers } = {}): Promise<TransactionalProducer> => {
    const made = await kafkaPort({ brokers: [address], log }).transactional({ id: results, timeout });
    producers.push(made);
    return made;
  };

  const record = (value: string) => ({ key: value, value, headers: {}, placement: value });

  /** One record to each partition of the results, and one to the changelog. */
  const write = async (transaction: KafkaTransaction, name: string): Promise<void> => {
    await Promise.all([0, 1].map((partition) => transaction.send({ topic: results, partition, records: [record(`${name}-${partition}`)] })));
    await transaction.send({ topic: changelog, partition: 0, records: [record(name)] });
  };

  const commitOne = async (by: TransactionalProducer, name: string): Promise<void> => {
    const transaction = await by.begin();
    await write(transaction, name);
    await transaction.commit();
  };

  const valuesIn = async (topic: string): Promise<readonly string[]> => (await readByKcat(kafka.brokers, topic)).map(({ value }) => value).sort();
  const endOf = async (topic: string): Promise<number> => {
    let end = 0;
    await asAdmin(kafka.brokers, async (admin) => {
      const [partition] = await admin.fetchTopicOffsets(topic);
      end = Number(partition!.high);
    });
    return end;
  };
  const everywhere = (...names: string[]) => ({ results: names.flatMap((it) => [`${it}-0`, `${it}-1`]).sort(), changelog: [...names].sort() });
  const visible = async () => ({ results: await valuesIn(results), changelog: await valuesIn(changelog) });

  test('a commit makes results and changelog visible together, an abort nothing', async () => {
    const ours = await producer();
    const first = await ours.begin();
    await write(first, 'a');
    expect(await visible()).toStrictEqual(everywhere());
    await first.commit();
    expect(await visible()).toStrictEqual(everywhere('a'));

    const second = await ours.begin();
    await write(second, 'b');
    await second.abort();
    await commitOne(ours, 'c');
    expect(await visible()).toStrictEqual(everywhere('a', 'c'));
  });

  test('transactions follow each other closely without a warning', async () => {
    const ours = await producer();
    await commitOne(ours, 'first');
    logged.length = 0;
    const names = Array.from({ length: 30 }, (_, i) => `t${i}`);
    for (const name of names) await commitOne(ours, name);
    expect(await visible()).toStrictEqual(everywhere('first', ...names));
    expect(logged.filter((it) => !it.startsWith('debug'))).toStrictEqual([]);
  });

  test('a transaction without records commits', async () => {
    const ours = await producer();
    await (await ours.begin()).commit();
    await commitOne(ours, 'a');
    expect(await visible()).toStrictEqual(everywhere('a'));
  });

  test('a second producer takes the id over: what the first one does fails as fenced, and its records are never seen', async () => {
    const first = await producer();
    await commitOne(first, 'before');
    const open = await first.begin();
    await write(open, 'zombie');
    const second = await producer();
    await commitOne(second, 'after');

    expect(await failure(open.send({ topic: results, partition: 0, records: [record('late')] }))).toMatchObject({ name: 'KafkaError', kind: 'fenced', fatal: false });
    expect(await failure(open.commit())).toMatchObject({ kind: 'fenced', fatal: false, message: expect.stringContaining(`cannot commit a transaction of ${results}`) });
    await commitOne(second, 'later');
    expect(await visible()).toStrictEqual(everywhere('before', 'after', 'later'));
  });

  test('a transaction that a killed process left open is decided by the next holder of the id, and readers go on', async () => {
    const script = `
      const { Kafka, logLevel } = require('kafkajs');
      const [broker, id, topic] = process.argv.slice(1);
      void (async () => {
        const producer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).producer({ transactionalId: id, maxInFlightRequests: 1, transactionTimeout: 60000 });
        await producer.connect();
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value: 'killed' }] });
        console.log('sent');
      })();`;
    const child = spawn(process.execPath, ['-e', script, kafka.brokers, results, changelog], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    await commitOne(await producer(), 'after');
    expect(await visible()).toStrictEqual(everywhere('after'));
    const read$ = kafkaChangelog({ brokers: [kafka.brokers], log }).read(changelog, 0, ({ key }) => key === 'after');
    expect((await lastValueFrom(read$.pipe(toArray()))).map(({ key }) => key)).toStrictEqual(['after']);
  });

  test('a transaction that outlives its timeout is fenced, and a new producer goes on', async () => {
    const ours = await producer({ timeout: 1_000 });
    const open = await ours.begin();
    await write(open, 'slow');
    const ofRecordAndMark = 2;
    while ((await endOf(changelog)) < ofRecordAndMark) await pause(100);
    expect(await failure(open.commit())).toMatchObject({ kind: 'fenced', fatal: false });
    await commitOne(await producer(), 'next');
    expect(await visible()).toStrictEqual(everywhere('next'));
  });

  test('a commit whose answer is lost ends as an unknown outcome within the timeout; here it had happened', async () => {
    const ours = await producer({ timeout: 2_000, address: proxy.address });
    const open = await ours.begin();
    await write(open, 'a');
    proxy.swallowAnswersTo(isEndOfTransaction);
    const asked = performance.now();
    expect(await failure(open.commit())).toMatchObject({ kind: 'unknown_outcome', fatal: false, message: expect.stringContaining('no answer for 2 s') });
    expect(performance.now() - asked).toBeLessThan(10_000);
    proxy.resume();
    await commitOne(await producer({ address: proxy.address }), 'b');
    expect(await visible()).toStrictEqual(everywhere('a', 'b'));
  });

  test('a commit whose connection is cut ends as an unknown outcome at once', async () => {
    const ours = await producer({ address: proxy.address });
    const open = await ours.begin();
    await write(open, 'a');
    proxy.swallowAnswersTo((sent) => {
      if (isEndOfTransaction(sent)) setImmediate(() => proxy.cut());
      return false;
    });
    expect(await failure(open.commit())).toMatchObject({ kind: 'unknown_outcome', fatal: false });
    proxy.resume();
    await commitOne(await producer({ address: proxy.address }), 'b');
    expect((await visible()).changelog).toContain('b');
  });

  test('records whose answer is lost are repeated on a new connection, and written once', async () => {
    const ours = await producer({ address: proxy.address });
    const open = await ours.begin();
    await write(open, 'a');
    let cuts = 0;
    proxy.swallowAnswersTo((sent) => {
      if (!isProduce(sent) || cuts > 0) return false;
      cuts += 1;
      setTimeout(() => proxy.cut(), 100);
      return true;
    });
    await open.send({ topic: changelog, partition: 0, records: [record('again')] });
    await open.commit();
    expect(cuts).toBe(1);
    expect(await valuesIn(changelog)).toStrictEqual(['a', 'again']);
  });

  test('a broker that is silent: every request ends within the timeout, and closing ends what was still tried', async () => {
    const ours = await producer({ timeout: 1_000, address: proxy.address });
    await commitOne(ours, 'a');
    const open = await ours.begin();
    proxy.pause();
    expect(await failure(write(open, 'b'))).toMatchObject({ kind: 'other', fatal: false, message: expect.stringContaining('no answer for 1 s') });
    const closing = ours.close();
    proxy.resume();
    await closing;
    await commitOne(await producer({ address: proxy.address }), 'c');
    expect(await visible()).toStrictEqual(everywhere('a', 'c'));
  });

  test('a timeout above what the brokers allow is fatal, and names both', async () => {
    expect(await failure(producer({ timeout: 60_001 }))).toMatchObject({
      fatal: true,
      message: `the transaction timeout of 60001 ms is longer than broker 1 of ${kafka.brokers} allows (transaction.max.timeout.ms=60000)`,
    });
  });
});

describeWith(['java', 'mvn'], 'a transactional id that expired while it rested', () => {
  let kafka: OwnBroker;
  beforeAll(async () => {
    kafka = await ownBroker(['transactional.id.expiration.ms=1000', 'transaction.remove.expired.transaction.cleanup.interval.ms=100']);
  }, BROKER_START);
  afterAll(() => kafka.stop());

  test('is told from a fenced one, and a new producer goes on', async () => {
    await kafka.createTopics({ topic: 'results' });
    const port = kafkaPort({ brokers: [kafka.brokers], log: () => undefined });
    const producer = () => port.transactional({ id: 'spec', timeout: 10_000 });
    const commitOne = async (by: TransactionalProducer): Promise<void> => {
      const transaction = await by.begin();
      await transaction.send({ topic: 'results', partition: 0, records: [{ key: null, value: '', headers: {}, placement: '' }] });
      await transaction.commit();
    };
    const first = await producer();
    let error: unknown;
    while (error === undefined) {
      error = await failure(commitOne(first));
      await pause(2_000);
    }
    expect(error).toMatchObject({ kind: 'expired_id', fatal: false });
    const second = await producer();
    await commitOne(second);
    await first.close();
    await second.close();
  });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const failure = (task: Promise<unknown>): Promise<unknown> =>
  task.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The kind of a request is in its fifth and sixth byte, and small ones come in one piece. */
const kindOf = (sent: Buffer): number => (sent.length < 6 ? -1 : sent.readInt16BE(4));
const isProduce = (sent: Buffer): boolean => kindOf(sent) === 0;
const isEndOfTransaction = (sent: Buffer): boolean => kindOf(sent) === 26;
