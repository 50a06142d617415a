import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Message } from '../../src/model/message.js';
import { ndjsonSource } from '../../src/io/ndjsonSource.js';
import { until } from '../io/ndjsonHarness.js';
import { eventOf } from '../pipeline/play.js';
import { Rig, expectConserved } from './rig.js';
import { SOAK_SECONDS } from '../support/soak.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** A turn of the event loop first: what a `WeakRef` showed is kept until it ends. */
const settle = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
};

describe('a sink that is slower than the input', () => {
  test('what is held is bounded by the limit, however much has gone through', async () => {
    const limit = 40_000;
    const rig = new Rig({ lean: true, maxOutstandingMessages: limit }).start();
    rig.sink.stalled = true;
    const seen: WeakRef<Message>[] = [];
    const next = (): Message => {
      const message = rig.message({ session: 's', page: 'A', at: 0 });
      seen.push(new WeakRef(message));
      return message;
    };
    for (let round = 0; round < 14; round += 1) {
      rig.hand.fill(next);
      rig.pass(1);
      rig.sink.release();
    }
    await settle();
    const alive = seen.filter((message) => message.deref() !== undefined).length;
    expect(seen.length).toBeGreaterThan(3 * limit);
    expect(alive).toBeLessThanOrEqual(limit + 100);
  });

  test('a stall of two minutes under full input: bounded, nothing acked, time stands still, and everything is there afterwards', () => {
    const rig = new Rig({ maxOutstandingMessages: 1_000 }).start();
    let sent = 0;
    const next = (): Message => rig.message({ session: `s${(sent += 1) % 50}`, page: `P${sent}`, at: rig.now - 1 });
    rig.hand.fill(next);
    rig.pass(2);
    rig.sink.stalled = true;
    for (let second = 0; second < 120; second += 1) {
      rig.hand.fill(next);
      rig.pass(1);
    }
    expect(sent).toBe(2_000);
    expect(rig.hand.acked).toHaveLength(1_000);
    rig.sink.flow();
    rig.pass(1);
    // Two minutes of silence have not closed anybody.
    expect(rig.lastReport?.counts).toMatchObject({ closed: 0 });
    expect(rig.sink.results.filter(({ emitted }) => emitted.pane.timing === 'ON_TIME')).toEqual([]);
    rig.hand.end();
    expect(rig.hand.acked).toHaveLength(sent);
    expect(rig.lastReport?.counts).toMatchObject({ received: sent, closed: sent, deadLetters: {} });
    expect(rig.sink.results.filter(({ emitted }) => emitted.revision === 0)).toHaveLength(sent);
    expectConserved(rig);
  });

  test('blocked for longer than two commit intervals, task time stands still: no early panes and no idleness come of it', () => {
    const rig = new Rig({ maxOutstandingMessages: 2 }).start();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B' });
    rig.pass(600);
    rig.sink.flow();
    rig.pass(0.05);
    expect(rig.spent).toEqual([]);
    // The early pane is due 30 s after the first view. 3 s had passed before time stood still: 1 s to the cut, then two intervals.
    rig.pass(26.5);
    expect(rig.spent).toEqual([]);
    rig.pass(2);
    expect(rig.spent).toEqual([['s', 'A', 1]]);
  });

  test('while there is room for more, a pending commit does not stop time', () => {
    const rig = new Rig({ maxOutstandingMessages: 3 }).start();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B' });
    rig.pass(40);
    rig.sink.flow();
    rig.pass(1);
    expect(rig.spent).toEqual([['s', 'A', 1]]);
  });

  test.each([
    { lost: true, level: 'warn' },
    { lost: false, level: 'info' },
  ])('an interruption is told with its cause; lost: $lost, level: $level', ({ lost, level }) => {
    const rig = new Rig().start();
    rig.hand.interrupted({ lost });
    expect(rig.logs.filter(({ event }) => event === 'source_interrupted')).toEqual([{ level, event: 'source_interrupted', fields: { cause: 'the line was cut' } }]);
  });

  test('an interrupted input is not idle, however long', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' });
    rig.pass(10);
    rig.hand.interrupted();
    rig.pass(36_000);
    expect(rig.spent).toEqual([]);
    rig.hand.opened();
    // idle after 60 s, 10 s of disorder, 60 s of gap
    rig.pass(129);
    expect(rig.spent).toEqual([]);
    rig.pass(2);
    expect(rig.spent).toEqual([['s', 'A', 60]]);
  });
});

describe('a file as the input', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'runtime-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (lines: readonly unknown[]): string => {
    const path = join(folder, 'events.ndjson');
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  };

  /** Lets the file be read, and real time go by, until the run is over. */
  const over = (rig: Rig): Promise<void> => until('the end of the run', () => {
    rig.pass(1);
    return rig.outcome !== 'running';
  });

  test('a sink that stalls stops the reading; when it goes on every line has its outcome, and the end closes everything ON_TIME', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => eventOf({ session: `s${n % 100}`, page: `P${n}`, at: Math.floor(n / 100) }));
    let read = 0;
    const rig = new Rig({ source: ndjsonSource({ path: file(lines), progress: (bytes) => (read = bytes) }), maxOutstandingMessages: 100 });
    rig.sink.stalled = true;
    rig.start();
    await until('a write', () => { rig.pass(1); return rig.sink.attempts.length > 0; });
    const before = read;
    for (let turn = 0; turn < 20; turn += 1) {
      rig.pass(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(read).toBe(before);
    expect(read).toBeLessThan(600 * 1024);
    rig.sink.flow();
    await over(rig);
    expect(rig.outcome).toBe('complete');
    expect(rig.lastReport?.counts).toMatchObject({ received: 20_000, closed: 20_000, held: 0, deadLetters: {} });
    const last = rig.sink.results.filter(({ emitted }) => emitted.pane.isLast);
    expect(last.every(({ emitted: { pane } }) => pane.timing === 'ON_TIME' && pane.forced === false)).toBe(true);
    expect(rig.sink.results.filter(({ emitted }) => emitted.revision === 0)).toHaveLength(20_000);
    expectConserved(rig);
  });

  test('an empty file completes', async () => {
    const rig = new Rig({ source: ndjsonSource({ path: file([]) }) }).start();
    await over(rig);
    expect(rig.outcome).toBe('complete');
    expect(rig.sink.attempts).toEqual([]);
    expect(rig.lastReport?.counts).toMatchObject({ received: 0 });
  });

  test('a file that is not there ends the run with the reason', async () => {
    const rig = new Rig({ source: ndjsonSource({ path: join(folder, 'none') }) }).start();
    await over(rig);
    expect(rig.outcome).toMatchObject({ error: { message: expect.stringContaining('none'), fatal: true } });
  });

  test('on the recorded clock a message without publish_time ends the run and names its line', async () => {
    const envelope = (at: number, publish_time?: string) => ({ message_id: `${at}`, publish_time, data: eventOf({ at }) });
    const rig = new Rig({ clock: 'recorded', source: ndjsonSource({ path: file([envelope(1, '2025-01-30T15:30:01Z'), envelope(2), envelope(3, '2025-01-30T15:30:03Z')]) }) }).start();
    await over(rig);
    expect(rig.outcome).toMatchObject({ error: { fatal: true, message: expect.stringContaining('line 2') } });
    expect(rig.sink.written).toEqual([]);
  });
});

const LASTS = SOAK_SECONDS ?? 1;

test(`the heap does not grow under full input with a slow sink (${LASTS} s)`, async () => {
  const rig = new Rig({ lean: true, maxOutstandingMessages: 30_000 }).start();
  rig.sink.stalled = true;
  let sent = 0;
  const go = async (milliseconds: number): Promise<number> => {
    const start = performance.now();
    do {
      rig.hand.fill(() => rig.message({ session: `s${(sent += 1) % 500}`, page: `P${sent % 10}`, at: Math.floor(rig.now) }));
      rig.pass(5);
      rig.sink.release();
      rig.logs.length = 0;
      rig.journal.length = 0;
      rig.reports.length = 0;
      await settle();
    } while (performance.now() - start < milliseconds);
    return process.memoryUsage().heapUsed;
  };
  const before = await go(LASTS * 500);
  const sentBefore = sent;
  const after = await go(LASTS * 500);
  expect(sent).toBeGreaterThan(sentBefore);
  // 30 000 messages take about 20 MB; a leak of every message would show in a longer soak.
  expect(after - before).toBeLessThan(32e6);
}, 60_000 + LASTS * 2_000);
