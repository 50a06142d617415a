import * as fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { ackFailure } from '../../src/emulator/ackFailure.js';
import { portions } from '../../src/io/pubsubAckIds.js';
import { acknowledge } from '../../src/io/pubsubAcks.js';
import { subscriberClient } from '../../src/io/pubsubClients.js';
import { zeroCounters } from '../../src/io/pubsubCounters.js';
import { Bench, numbered, pause, until, type Reading } from './pubsubHarness.js';

jest.setTimeout(60_000);

describe('an ack', () => {
  let bench: Bench;
  afterEach(() => bench.close());

  const delivered = async (count: number, settings: Parameters<typeof Bench.start>[0] = {}): Promise<Reading> => {
    bench = await Bench.start(settings);
    await bench.publish(numbered(count));
    const reading = bench.read(bench.source(), 30_000);
    await until(() => reading.messages.length === count);
    return reading;
  };

  test('of more than one request holds takes several', async () => {
    const reading = await delivered(6_001);
    await reading.ack(reading.messages);
    expect(bench.inspect()).toMatchObject({ acked: 6_001, outstanding: 0 });
    expect(reading.source.counters).toMatchObject({ acked: 6_001, held: 0 });
  });

  test('of nothing is done at once, and of something an error, when the source is not open', async () => {
    const reading = await delivered(1);
    reading.leave();
    await reading.ack([]);
    await expect(reading.ack(reading.messages)).rejects.toThrow('nothing can be acked while the source is not open');
  });

  test('is tried again while it is refused for now; till then the message is held', async () => {
    const reading = await delivered(10);
    bench.emulator.faults.set(bench.subscription, { acks: 'refused' });
    const acked = reading.ack(reading.messages);
    await pause(500);
    expect(reading.source.counters).toMatchObject({ acked: 0, held: 10 });
    bench.emulator.faults.set(bench.subscription, {});
    await acked;
    expect(reading.source.counters).toMatchObject({ acked: 10, ackUnconfirmed: 0, held: 0 });
    expect(bench.inspect().acked).toBe(10);
  });

  test('that cannot be told in time is counted and told, and is no error', async () => {
    const reading = await delivered(10);
    bench.emulator.faults.set(bench.subscription, { acks: 'refused' });
    const client = await subscriberClient(bench.subscription, { apiEndpoint: bench.emulator.address });
    const counters = zeroCounters();
    const ackIds = reading.messages.map(({ receipt }) => String(receipt));
    const unconfirmed = await lastValueFrom(acknowledge(ackIds, { client, subscription: bench.subscription, patience: 300, counters }).pipe(toArray()));
    expect(unconfirmed.sort()).toEqual(ackIds.sort());
    expect(counters).toMatchObject({ acked: 0, ackUnconfirmed: 10 });
    await client.close();
  });

  test('that no further try would mend is an error', async () => {
    await delivered(1);
    const client = await subscriberClient(bench.subscription, { apiEndpoint: bench.emulator.address });
    const subscription = 'projects/shop/subscriptions/other';
    const acked = lastValueFrom(acknowledge(['1:1'], { client, subscription, patience: 300, counters: zeroCounters() }), { defaultValue: undefined });
    await expect(acked).rejects.toThrow(/^projects\/shop\/subscriptions\/other: it does not exist/);
    await client.close();
  });

  describe('under exactly-once delivery', () => {
    test('is confirmed', async () => {
      const reading = await delivered(3_000, { exactlyOnce: true });
      await reading.ack(reading.messages);
      expect(reading.source.counters).toMatchObject({ acked: 3_000, ackUnconfirmed: 0 });
      expect(bench.inspect().acked).toBe(3_000);
    });

    test('is unconfirmed where the lease had ended, and confirmed for all others of the request', async () => {
      const reading = await delivered(1_000, { exactlyOnce: true });
      bench.emulator.faults.expireLeases(bench.subscription);
      await until(() => reading.messages.length === 2_000);
      await reading.ack(reading.messages);
      expect(reading.source.counters).toMatchObject({ acked: 1_000, ackUnconfirmed: 1_000, held: 0, delivered: 2_000 });
      expect(bench.inspect()).toMatchObject({ acked: 1_000, outstanding: 0, undelivered: 0 });
    });

    test('is unconfirmed for any number of ended leases, and the connection lives on', async () => {
      const reading = await delivered(5_000, { exactlyOnce: true });
      bench.emulator.faults.expireLeases(bench.subscription);
      await reading.ack(reading.messages.slice(0, 5_000));
      expect(reading.source.counters).toMatchObject({ acked: 0, ackUnconfirmed: 5_000 });
      await until(() => reading.messages.length === 10_000);
      await reading.ack(reading.messages.slice(5_000));
      expect(bench.inspect()).toMatchObject({ acked: 5_000, outstanding: 0, undelivered: 0 });
      expect(reading.causes()).toEqual([]);
    });
  });
});

test('portions: every ack id once and in order, none longer than an answer that refuses all of them may be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: 1, max: 600 }), (count, length) => {
      const ackIds = Array.from({ length: count }, (_, index) => String(index).padStart(length, '0'));
      const requests = portions(ackIds);
      expect(requests.flat()).toStrictEqual(ackIds);
      for (const request of requests) {
        expect(request.length).toBeGreaterThan(0);
        const answer = ackFailure(request).metadata.get('grpc-status-details-bin')[0];
        expect(answer).toBeInstanceOf(Buffer);
        expect(String(answer?.toString('base64')).length).toBeLessThanOrEqual(65_536);
      }
    }),
    { numRuns: 20 },
  );
});
