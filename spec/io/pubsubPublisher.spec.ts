import { ensureSubscription, ensureTopic, readSubscription } from '../../src/io/pubsubAdmin.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import { Bench, ackAll, numbered, numbers, until } from './pubsubHarness.js';

jest.setTimeout(60_000);

describe('on the publishing side', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench.close());

  test('publish resolves when everything is taken', async () => {
    const publisher = createPublisher({ projectTopic: bench.topic, apiEndpoint: bench.emulator.address });
    await publisher.publish(numbered(12_345));
    expect(bench.inspect().undelivered).toBe(12_345);
    await publisher.publish([]);
    await publisher.close();

    const reading = bench.read(bench.source(), 30_000, ackAll);
    await until(() => reading.messages.length === 12_345);
    expect(numbers(reading.messages).size).toBe(12_345);
    expect(reading.messages.every(({ body, attributes }) => attributes['index'] === body.toString())).toBe(true);
  });

  test('publish rejects for a topic that does not exist, and says what to do', async () => {
    const publisher = createPublisher({ projectTopic: 'projects/shop/topics/other', apiEndpoint: bench.emulator.address });
    await expect(publisher.publish(numbered(5_000))).rejects.toThrow(/^projects\/shop\/topics\/other: it does not exist: create it/);
    await publisher.close();
  });

  test('topics and subscriptions that are there already are left as they are', async () => {
    const endpoint = { apiEndpoint: bench.emulator.address };
    await bench.publish(numbered(3));
    await ensureTopic(bench.topic, endpoint);
    await ensureSubscription(bench.subscription, bench.topic, { ...endpoint, ackDeadline: 60 });
    expect(bench.inspect().undelivered).toBe(3);
    expect((await readSubscription(bench.subscription, endpoint)).ackDeadline).toBe(10_000);
  });

  test('a subscription is created with the settings it is given', async () => {
    const endpoint = { apiEndpoint: bench.emulator.address };
    const path = 'projects/shop/subscriptions/careful';
    await ensureSubscription(path, bench.topic, {
      ...endpoint,
      ackDeadline: 45,
      exactlyOnce: true,
      retry: { minimum: 1, maximum: 20 },
      deadLetter: { topic: bench.topic, maxDeliveryAttempts: 30 },
    });
    expect(await readSubscription(path, endpoint)).toStrictEqual({ ackDeadline: 45_000, exactlyOnce: true, retryMaximum: 20_000, maxDeliveryAttempts: 30 });
    expect(await readSubscription(bench.subscription, endpoint)).toStrictEqual({
      ackDeadline: 10_000,
      exactlyOnce: false,
      retryMaximum: undefined,
      maxDeliveryAttempts: undefined,
    });
  });

  test('a subscription to a topic that does not exist is refused', async () => {
    const created = ensureSubscription('projects/shop/subscriptions/new', 'projects/shop/topics/other', { apiEndpoint: bench.emulator.address });
    await expect(created).rejects.toThrow(/^projects\/shop\/topics\/other: it does not exist/);
  });
});
