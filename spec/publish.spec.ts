import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { startEmulator, type Emulator } from '../src/emulator/startEmulator.js';
import { describeProgress, publish } from '../src/publish.js';
import type { PublishConfig } from '../src/config/publishConfig.js';

const TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';

describe('publish', () => {
  let emulator: Emulator;
  let folder: string;
  const hostBefore = process.env['PUBSUB_EMULATOR_HOST'];

  beforeEach(async () => {
    emulator = await startEmulator();
    process.env['PUBSUB_EMULATOR_HOST'] = emulator.address;
    folder = mkdtempSync(join(tmpdir(), 'publish-'));
  });

  afterEach(async () => {
    await emulator.close();
    if (hostBefore === undefined) delete process.env['PUBSUB_EMULATOR_HOST'];
    else process.env['PUBSUB_EMULATOR_HOST'] = hostBefore;
    rmSync(folder, { recursive: true });
  });

  const config = (events: PublishConfig['events'], create = true): PublishConfig => ({ topic: TOPIC, endpoint: undefined, subscription: SUBSCRIPTION, create, events, logLevel: 'info' });

  const file = (...lines: string[]): PublishConfig['events'] => {
    const path = join(folder, 'events.ndjson');
    writeFileSync(path, lines.join('\n'));
    return { _tag: 'File', path };
  };

  const waiting = () => emulator.attempts(SUBSCRIPTION).size;

  test('synthetic traffic, at its rate, for its duration', async () => {
    const progress = await lastValueFrom(publish(config({ _tag: 'Synthetic', product: 'pages_viewed', rate: 500, duration: 1_000, seed: 1 })).pipe(toArray()));
    const last = progress.at(-1);
    expect(last?.published).toBeGreaterThan(200);
    expect(last?.published).toBeLessThan(700);
    expect(last?.elapsed).toBeGreaterThan(800);
    expect(waiting()).toBe(last?.published);
    expect(progress.map(({ published }) => published)).toEqual([...progress.map(({ published }) => published)].sort((a, b) => a - b));
  });

  test('a file, line by line, whatever stands in it', async () => {
    const lines = ['{"session_id":"s"}', 'not json', '', '{"data":{"session_id":"s"},"attributes":{"source":"x"}}'];
    const { published } = await lastValueFrom(publish(config(file(...lines))));
    expect(published).toBe(3);
    expect(waiting()).toBe(3);
  });

  test('a file that is longer than what may wait', async () => {
    const { published } = await lastValueFrom(publish(config(file(...Array.from({ length: 10_000 }, (_, i) => `{"n":${i},"filler":"${'x'.repeat(100)}"}`)))));
    expect(published).toBe(10_000);
    expect(waiting()).toBe(10_000);
  });

  test('to a topic that is there already', async () => {
    await lastValueFrom(publish(config(file('{}'))));
    await lastValueFrom(publish(config(file('{}'))));
    await lastValueFrom(publish(config(file('{}'), false)));
    expect(waiting()).toBe(3);
  });

  test('to a topic that is not there is an error that names it', async () => {
    await expect(lastValueFrom(publish(config(file('{}'), false)))).rejects.toThrow(TOPIC);
  });

  test('of a file that is not there is an error that names it', async () => {
    await expect(lastValueFrom(publish(config({ _tag: 'File', path: join(folder, 'none.ndjson') })))).rejects.toThrow('none.ndjson');
  });
});

test('progress is told as count, time and rate', () => {
  expect(describeProgress({ published: 12_345, elapsed: 12_300 })).toBe('12345 events in 12.3 s, 1004 a second');
  expect(describeProgress({ published: 0, elapsed: 0 })).toBe('0 events in 0.0 s, 0 a second');
});
