import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Bench, numbered, numbers, pause, until } from './pubsubHarness.js';
import { SOAK_SECONDS } from '../support/soak.js';

/** How long the consumer stalls, s. */
const STALL = SOAK_SECONDS ?? 8;

jest.setTimeout((STALL + 60) * 1_000);

describe('pubsubSource keeps its leases', () => {
  let bench: Bench;
  afterEach(() => bench.close());

  test('past several deadlines: while it reads, while it has no stream, and after a stop', async () => {
    bench = await Bench.start({ ackDeadline: 10 });
    await bench.publish(numbered(6_000));
    const reader = bench.read(bench.source({ ackDeadline: 10 }), 3_000);
    const stopped = bench.read(bench.source({ ackDeadline: 10 }), 3_000);
    await until(() => reader.messages.length + stopped.messages.length === 6_000);
    stopped.stop();
    bench.emulator.faults.cutStreams();
    await pause(23_000);

    expect(bench.inspect().deliveries).toStrictEqual([6_000]);
    expect(bench.inspect().outstanding).toBe(6_000);
    expect(reader.source.counters.extended).toBeGreaterThanOrEqual(3_000 * 4);
    await stopped.ack(stopped.messages);
    await stopped.over();
    await reader.ack(reader.messages);
    expect(bench.inspect()).toMatchObject({ acked: 6_000, deliveries: [6_000] });
    expect(bench.log).toStrictEqual([]);
  });

  test('and takes note of those it has lost, where the subscription tells', async () => {
    bench = await Bench.start({ exactlyOnce: true });
    await bench.publish(numbered(10));
    const reading = bench.read(bench.source({ ackDeadline: 10 }), 100);
    await until(() => reading.messages.length === 10);
    bench.emulator.faults.expireLeases(bench.subscription);
    await until(() => reading.messages.length === 20);
    await until(() => reading.source.counters.extended === 20);
    expect(reading.source.counters).toMatchObject({ held: 20, extensionsRefused: 10 });

    await reading.ack(reading.messages);
    expect(reading.source.counters).toMatchObject({ held: 0, acked: 10, ackUnconfirmed: 10, extensionsRefused: 10 });
  });

  test(`while the consumer stalls for ${STALL} s under full input: memory stays flat and nothing is lost or delivered twice`, async () => {
    bench = await Bench.start();
    const total = 20_000;
    const limit = 2_000;
    await bench.publish(numbered(total, 500));
    const reading = bench.read(bench.source(), limit);
    await until(() => reading.messages.length === limit);
    const heap = heapUsed();
    await pause(STALL * 1_000);
    expect(heapUsed() - heap).toBeLessThan(5_000_000);
    expect(reading.mostUnacked).toBe(limit);
    expect(reading.source.counters.held).toBe(limit);

    while (reading.messages.length < total) {
      await reading.ack(reading.messages.slice(-reading.unacked));
      await until(() => reading.unacked > 0);
    }
    await reading.ack(reading.messages.slice(-reading.unacked));
    expect(numbers(reading.messages).size).toBe(total);
    expect(reading.mostUnacked).toBeLessThanOrEqual(limit);
    expect(bench.inspect()).toMatchObject({ acked: total, deliveries: [total] });
  });
});

/** After a full collection. */
const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
};
