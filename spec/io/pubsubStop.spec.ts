import { Bench, numbered, numbers, pause, until, type Reading } from './pubsubHarness.js';

jest.setTimeout(60_000);

describe('a stop of pubsubSource', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench.close());

  const delivered = async (count: number, limit: number): Promise<Reading> => {
    await bench.publish(numbered(count));
    const reading = bench.read(bench.source(), limit);
    await until(() => reading.messages.length === Math.min(count, limit));
    return reading;
  };

  test('ends the reading at once, and completes when all that was delivered is acked', async () => {
    const reading = await delivered(50, 100);
    reading.stop();
    await until(() => reading.tags().at(-1) === 'Ended');
    expect(reading.events.at(-1)).toStrictEqual({ _tag: 'Ended', complete: false });
    expect(bench.inspect().consumers).toBe(0);

    await bench.publish(numbered(50));
    await reading.ack(reading.messages.slice(0, 49));
    await pause(300);
    expect(reading.isOver).toBe(false);
    await reading.ack(reading.messages.slice(49));
    await reading.over();
    expect(reading.messages).toHaveLength(50);
    expect(reading.tags()).not.toContain('Interrupted');
    expect(bench.inspect()).toMatchObject({ acked: 50, undelivered: 50, outstanding: 0, deliveries: [50] });
  });

  test('completes at once when nothing is held', async () => {
    const reading = bench.read(bench.source(), 100);
    reading.stop();
    await reading.over();
    expect(reading.tags()).toStrictEqual(['Ended']);
  });

  test('needs no stream: at the limit, and while Pub/Sub is gone', async () => {
    const reading = await delivered(20, 10);
    bench.emulator.faults.cutStreams();
    await until(() => reading.causes().length === 1);
    reading.stop();
    await until(() => reading.tags().at(-1) === 'Ended');

    const unreachable = bench.read(bench.source({ apiEndpoint: '127.0.0.1:1' }), 10);
    await until(() => unreachable.causes().length === 1);
    unreachable.stop();
    await unreachable.over();
    expect(unreachable.tags().at(-1)).toBe('Ended');
  });

  test('costs no message a delivery attempt, ten times over, in the midst of the flow', async () => {
    await bench.publish(numbered(30_000, 500));
    const seen = new Set<number>();
    for (let round = 1; round <= 10; round += 1) {
      const enough = round * 100;
      const reading = bench.read(bench.source(), 2_000, (messages, it) => {
        void it.ack(messages);
        if (it.messages.length >= enough) it.stop();
      });
      await reading.over();
      for (const number of numbers(reading.messages)) seen.add(number);
      expect(reading.source.counters).toMatchObject({ held: 0, acked: reading.messages.length, ackUnconfirmed: 0 });
    }
    const { acked, undelivered, outstanding, deliveries } = bench.inspect();
    expect(deliveries).toStrictEqual([seen.size]);
    expect(outstanding).toBe(0);
    expect(acked).toBe(seen.size);
    expect(undelivered).toBe(30_000 - seen.size);
  });
});
