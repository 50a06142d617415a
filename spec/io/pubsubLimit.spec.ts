import { Bench, numbered, numbers, pause, until } from './pubsubHarness.js';

jest.setTimeout(60_000);

describe('pubsubSource holds no more than its limit', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench.close());

  test('while acks are withheld, and while they come', async () => {
    await bench.publish(numbered(10_000));
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.messages.length === 100);
    await pause(500);
    expect(reading.source.counters.held).toBe(100);
    expect(bench.inspect().outstanding).toBe(100);

    while (reading.messages.length < 10_000) {
      const unacked = reading.messages.slice(-reading.unacked);
      await reading.ack(unacked.slice(0, 70));
      await until(() => reading.unacked > 0 || reading.messages.length === 10_000);
    }
    expect(reading.mostUnacked).toBe(100);
    expect(numbers(reading.messages).size).toBe(10_000);
  });

  test('in bytes', async () => {
    await bench.publish(numbered(100, 1_000));
    const reading = bench.read(bench.source({ maxOutstandingBytes: 10_000 }), 1_000);
    await until(() => reading.messages.length > 0);
    await pause(300);
    expect(reading.messages.length).toBeLessThanOrEqual(10);
  });

  test('when messages are held from a stream that was lost', async () => {
    await bench.publish(numbered(60));
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.messages.length === 60);
    bench.emulator.faults.cutStreams();
    await bench.publish(numbered(1_000));
    await until(() => reading.messages.length === 100);
    await pause(300);
    expect(reading.mostUnacked).toBe(100);
    expect(bench.inspect().outstanding).toBe(100);
  });

  test('and opens no stream while nothing is left of it', async () => {
    await bench.publish(numbered(100));
    const reading = bench.read(bench.source(), 50);
    await until(() => reading.messages.length === 50);
    bench.emulator.faults.cutStreams();
    await until(() => reading.causes().length === 1);
    await pause(500);
    expect(bench.inspect().consumers).toBe(0);

    await reading.ack(reading.messages.slice(0, 1));
    await until(() => reading.messages.length === 51);
  });

  test('and has all of it back when what it held from a lost stream is acked', async () => {
    await bench.publish(numbered(90));
    const reading = bench.read(bench.source(), 100);
    await until(() => reading.messages.length === 90);
    bench.emulator.faults.cutStreams();
    await bench.publish(numbered(1_000));
    await until(() => reading.messages.length === 100);
    await reading.ack(reading.messages.slice(0, 90));
    await until(() => reading.unacked === 100);
    await pause(300);
    expect(reading.mostUnacked).toBe(100);
  });

  test('and takes up a limit that was raised', async () => {
    await bench.publish(numbered(1_000));
    const control = { maxOutstandingMessages: 10 };
    const reading = bench.readWithin(bench.source(), control);
    await until(() => reading.messages.length === 10);
    control.maxOutstandingMessages = 200;
    await reading.ack(reading.messages.slice(0, 10));
    await until(() => reading.unacked === 200);
    await pause(300);
    expect(reading.mostUnacked).toBe(200);
    expect(bench.inspect().deliveries).toStrictEqual([210]);
  });
});
