import { NEVER, map } from 'rxjs';
import { pubsubClient } from '../../src/io/pubsubClients.js';
import { Bench, ackAll, numbered, numbers, pause, until } from './pubsubHarness.js';

jest.setTimeout(60_000);

describe('pubsubSource', () => {
  let bench: Bench;
  const started = async (settings?: Parameters<typeof Bench.start>[0]): Promise<Bench> => (bench = await Bench.start(settings));
  afterEach(() => bench.close());

  test('delivers a message as it was published, and acks it', async () => {
    await started();
    const before = Date.now();
    await bench.publish([{ data: Buffer.from([0, 255, 10]), attributes: { timestamp: '2025-01-30T15:30:00Z', source: 'ga4' } }]);
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.messages.length === 1);

    const [message] = reading.messages;
    expect(message).toStrictEqual({
      id: expect.stringMatching(/./),
      publishTime: expect.any(Number),
      attributes: { timestamp: '2025-01-30T15:30:00Z', source: 'ga4' },
      body: Buffer.from([0, 255, 10]),
      deliveryAttempt: undefined,
      receipt: expect.stringMatching(/./),
    });
    expect(message!.publishTime).toBeGreaterThanOrEqual(before);
    expect(message!.publishTime).toBeLessThanOrEqual(Date.now());
    expect(reading.source.counters).toMatchObject({ delivered: 1, held: 1, acked: 0 });
    expect(reading.source.counters.heldBytes).toBeGreaterThan(3);

    await reading.ack(reading.messages);
    expect(bench.inspect()).toMatchObject({ acked: 1, outstanding: 0, undelivered: 0 });
    expect(reading.source.counters).toMatchObject({ delivered: 1, held: 0, heldBytes: 0, acked: 1, ackUnconfirmed: 0 });
  });

  test('counts delivery attempts where the subscription does', async () => {
    await started({ deadLetter: { topic: 'projects/shop/topics/dead', maxDeliveryAttempts: 100 } });
    await bench.publish(numbered(1));
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.messages.length === 1);
    bench.emulator.faults.expireLeases(bench.subscription);
    await until(() => reading.messages.length === 2);
    expect(reading.messages.map((message) => message.deliveryAttempt)).toStrictEqual([1, 2]);
  });

  test('takes a message of ten megabytes', async () => {
    await started();
    const data = Buffer.alloc(10_000_000, 'long page ');
    await bench.publish([{ data, attributes: {} }]);
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.messages.length === 1);
    expect(data.equals(Buffer.from(reading.messages[0]!.body))).toBe(true);
  });

  test('tells that it is open although nothing comes', async () => {
    await started();
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.events.length > 0);
    expect(reading.events).toStrictEqual([{ _tag: 'Opened' }]);
  });

  test('passes duplicates on, and acks each delivery', async () => {
    await started();
    bench.emulator.faults.set(bench.subscription, { duplicates: 1 });
    await bench.publish(numbered(20));
    const reading = bench.read(bench.source(), 100, ackAll);
    await until(() => reading.messages.length === 40);
    await reading.allTold();
    expect(numbers(reading.messages).size).toBe(20);
    expect(new Set(reading.messages.map((message) => message.receipt)).size).toBe(40);
    expect(bench.inspect()).toMatchObject({ acked: 40, outstanding: 0, undelivered: 0 });
  });

  describe('ends with an error that says what to do', () => {
    test('when the subscription does not exist', async () => {
      await started();
      const reading = bench.read(bench.source({ subscription: 'projects/shop/subscriptions/other' }), 100);
      await expect(reading.over()).rejects.toThrow(/^projects\/shop\/subscriptions\/other: it does not exist: create it/);
    });

    test('when the subscription is deleted', async () => {
      await started();
      const reading = bench.read(bench.source(), 100);
      await until(() => reading.tags().includes('Opened'));
      const client = pubsubClient(bench.subscription, { apiEndpoint: bench.emulator.address });
      await client.subscription(bench.subscription).delete();
      await client.close();
      await expect(reading.over()).rejects.toThrow(/^projects\/shop\/subscriptions\/views: it does not exist/);
    });

    test('when the name is none', async () => {
      await started();
      const reading = bench.read(bench.source({ subscription: 'views' }), 100);
      await expect(reading.over()).rejects.toThrow(/views.*projects\/P\/subscriptions\/S/);
    });
  });

  test('what throws further down ends the reading, and is not swallowed', async () => {
    await started();
    await bench.publish(numbered(1));
    const outcome = new Promise((resolve, reject) => {
      bench
        .source()
        .open({ stop$: NEVER, maxOutstandingMessages: 10 })
        .pipe(
          map((event) => {
            if (event._tag === 'Delivered') throw new Error('broken consumer');
          }),
        )
        .subscribe({ complete: () => resolve('complete'), error: reject });
    });
    await expect(outcome).rejects.toThrow('broken consumer');
    await until(() => bench.inspect().consumers === 0);
  });

  describe('a dead-letter policy that gives up early', () => {
    const readBriefly = async (maxDeliveryAttempts: number): Promise<void> => {
      await started({ deadLetter: { topic: 'projects/shop/topics/dead', maxDeliveryAttempts } });
      await bench.publish(numbered(1));
      const reading = bench.read(bench.source(), 100);
      await until(() => reading.messages.length === 1);
      await pause(300);
    };

    test('is warned of', async () => {
      await readBriefly(19);
      expect(bench.log).toStrictEqual([
        { level: 'warn', event: 'few_delivery_attempts', fields: expect.objectContaining({ subscription: bench.subscription, maxDeliveryAttempts: 19 }) },
      ]);
    });

    test('begins below twenty attempts', async () => {
      await readBriefly(20);
      expect(bench.log).toStrictEqual([]);
    });
  });

  test('leaves nothing behind', async () => {
    await started();
    await bench.publish(numbered(100));
    await pause(200); // the publisher's connection is gone by now
    const before = openHandles();
    const reading = bench.read(bench.source(), 50);
    await until(() => reading.messages.length === 50);
    expect(openHandles().length).toBeGreaterThan(before.length);
    reading.leave();
    await until(() => openHandles().length <= before.length, openHandles);
    expect(bench.inspect().consumers).toBe(0);
  });
});

/** What keeps the process alive. */
const openHandles = (): string[] => process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Immediate/.test(kind));
