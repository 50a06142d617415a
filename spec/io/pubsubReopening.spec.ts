import { Bench, Road, ackAll, numbered, numbers, pause, until } from './pubsubHarness.js';

jest.setTimeout(60_000);

describe('pubsubSource', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench.close());

  test('loses nothing when its stream is cut again and again', async () => {
    const total = 20_000;
    const source = bench.source();
    const reading = bench.read(source, 1_000, ackAll);
    const cutting = setInterval(() => bench.emulator.faults.cutStreams(), 200);
    for (let at = 0; at < total; at += 1_000) {
      await bench.publish(numbered(total).slice(at, at + 1_000));
      await pause(100);
    }
    clearInterval(cutting);
    await until(() => bench.inspect().undelivered === 0, () => bench.inspect());
    await reading.allTold();
    // What the cuts have lost on its way would come when its lease lapses.
    bench.emulator.faults.expireLeases(bench.subscription);
    await until(() => bench.inspect().undelivered + bench.inspect().outstanding === 0, () => bench.inspect());

    await reading.allTold();
    expect(numbers(reading.messages).size).toBe(total);
    expect(source.counters.reopened).toBeGreaterThan(3);
    expect(source.counters.held).toBe(0);
    expect(reading.tags().filter((tag) => tag === 'Interrupted').length).toBeGreaterThanOrEqual(source.counters.reopened);
    expect(reading.causes()).toContainEqual(expect.stringMatching(/^UNAVAILABLE: ./));
  });

  test('tells of every loss, and that it is open again', async () => {
    await bench.publish(numbered(1));
    const reading = bench.read(bench.source(), 100, ackAll);
    await until(() => reading.messages.length === 1);
    bench.emulator.faults.cutStreams();
    await until(() => reading.tags().at(-1) === 'Opened');
    expect(reading.tags()).toStrictEqual(['Opened', 'Delivered', 'Interrupted', 'Opened']);
    expect(reading.events).toContainEqual(expect.objectContaining({ _tag: 'Interrupted', lost: true }));
    expect(reading.source.counters.reopened).toBe(1);
  });

  test('outlasts an absence of Pub/Sub, at its start and later', async () => {
    const road = await Road.to(bench.emulator.address);
    try {
      await road.block();
      const reading = bench.read(bench.source({ apiEndpoint: road.address }), 100, ackAll);
      await until(() => reading.causes().length >= 2);
      expect(reading.tags()).not.toContain('Opened');
      await road.free();
      await until(() => reading.tags().includes('Opened'));

      await bench.publish(numbered(50));
      await until(() => numbers(reading.messages).size === 50);
      await reading.allTold();
      await road.block();
      await bench.publish(numbered(80));
      await until(() => reading.tags().at(-1) === 'Interrupted');
      await pause(1_000);
      await road.free();
      await until(() => numbers(reading.messages).size === 80);
      await reading.allTold();
      expect(bench.inspect()).toMatchObject({ acked: 130, deliveries: [130] });
    } finally {
      await road.block();
    }
  });

  test('acks when Pub/Sub is back what it could not ack while it was gone', async () => {
    const road = await Road.to(bench.emulator.address);
    try {
      await bench.publish(numbered(10));
      const reading = bench.read(bench.source({ apiEndpoint: road.address }), 100);
      await until(() => reading.messages.length === 10);
      await road.block();
      const acked = reading.ack(reading.messages);
      await pause(500);
      await road.free();
      await acked;
      expect(bench.inspect()).toMatchObject({ acked: 10, deliveries: [10] });
      expect(reading.source.counters).toMatchObject({ acked: 10, ackUnconfirmed: 0, held: 0 });
    } finally {
      await road.block();
    }
  });

  describe('takes a stream', () => {
    test('for silent when nothing comes for long, and opens it anew', async () => {
      const reading = bench.read(bench.source({ silentAfter: 300 }), 100, ackAll);
      await until(() => reading.causes().length >= 2);
      expect(new Set(reading.causes())).toStrictEqual(new Set(['opened anew after silence']));
      expect(reading.events.filter(({ _tag }) => _tag === 'Interrupted')).toEqual(reading.causes().map((cause) => ({ _tag: 'Interrupted', cause, lost: false })));
      expect(reading.source.counters.silentReopened).toBeGreaterThanOrEqual(2);
      await bench.publish(numbered(10));
      await until(() => reading.messages.length === 10);
    });

    test('not for silent while messages are held: it may be at its limit', async () => {
      await bench.publish(numbered(10));
      const reading = bench.read(bench.source({ silentAfter: 200 }), 10);
      await until(() => reading.messages.length === 10);
      await pause(1_000);
      expect(reading.causes()).toStrictEqual([]);
      await reading.ack(reading.messages);
      await until(() => reading.causes().length >= 1);
    });
  });
});
