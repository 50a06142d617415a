import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEVER, lastValueFrom } from 'rxjs';
import { bareLoop } from '../../bench/bareLoop.js';
import { pageViews } from '../../bench/events.js';
import { parseCommandLine } from '../../src/config/parseCommandLine.js';
import { run } from '../../src/run.js';
import type { TaskReport } from '../../src/runtime/taskLoop.js';

const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-rival-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EVENTS = 30_000;

/** The benchmark's events, made harder: visitors come again and again, about as soon as their last session has closed, and some views come twice. */
const lines = (): readonly string[] => {
  const again = new Map<number, string>();
  return [...pageViews({ count: EVENTS, openSessions: 2_000, disorder: 10_000 })].flatMap(({ sentAt, body }, place) => {
    const line = JSON.stringify({
      publish_time: new Date(sentAt).toISOString(),
      data: JSON.parse(body.replace(/"session_id":"(\d+)\.\d+"/, (_, number) => `"session_id":"${Number(number) % (place % 2 === 0 ? 4_000 : 5_000)}"`)),
    });
    if (place % 20 === 0) again.set(place + 1 + (place % 15_000), line);
    const repeated = again.get(place);
    return repeated === undefined ? [line] : [line, repeated];
  });
};

const pipeline = (input: string, output: string): Promise<TaskReport> => {
  const parsed = parseCommandLine(['--input', input, '--output', output, '--early_trigger', '0'], {}, () => '');
  if (parsed._tag === 'Left' || parsed.right._tag !== 'Run') throw new Error('not a run');
  return lastValueFrom(run(parsed.right.config, { log: () => undefined, stop$: NEVER }));
};

const sorted = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n').sort();

test('the rival of the benchmark comes to the same results as the pipeline', async () => {
  const [input, byHand, byPipeline] = [join(folder, 'events.ndjson'), join(folder, 'by-hand.ndjson'), join(folder, 'by-pipeline.ndjson')] as const;
  writeFileSync(input, `${lines().join('\n')}\n`);

  const events = bareLoop(input, byHand);
  const { counts } = await pipeline(input, byPipeline);

  expect(events).toBe(counts.received);
  expect(counts.duplicates).toBeGreaterThan(100);
  expect(counts.deadLetters.late ?? 0).toBeGreaterThan(100);
  expect(sorted(byHand)).toEqual(sorted(byPipeline));
}, 60_000);
