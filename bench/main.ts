import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeEvents } from './events.js';

/**
 * The benchmarks: every figure is taken in a process of its own, rivals in turn, and the median of
 * the rounds counts. Absolute figures belong to the machine; the ratios are what is looked at.
 */

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 600_000);

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

const inProcess = (name: string, args: readonly string[]): unknown =>
  JSON.parse(execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=12288', script(name), ...args], { encoding: 'utf8' }));

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const numberIn = (result: unknown, name: string): number => {
  const value: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, name) : undefined;
  if (typeof value !== 'number') throw new Error(`the run told no ${name}`);
  return value;
};

const RIVALS = [
  ['ceiling', 'ceiling: splitting and JSON.parse'],
  ['bare', '(a) bare loop'],
  ['pipeline', '(b) pipeline, no early panes'],
  ['early', '(c) pipeline, early panes, recorded clock'],
] as const;

const throughput = (folder: string): void => {
  const input = join(folder, 'events.ndjson');
  writeEvents(input, { count: EVENTS, openSessions: 20_000, disorder: 10_000 });
  print(`Node ${process.version}, ${EVENTS} events of ${Math.round(statSync(input).size / EVENTS)} bytes, 20 000 sessions open, 10 s disorder, median of ${ROUNDS} rounds\n`);
  const runs = Array.from({ length: ROUNDS }, () => RIVALS.map(([name]) => inProcess('worker', [name, input, join(folder, name)])));
  const figure = (rival: number, name: string): number => median(runs.map((round) => numberIn(round[rival], name)));
  const perSecond = RIVALS.map((_, rival) => EVENTS / figure(rival, 'cpuSeconds'));
  const [ceiling = NaN, bare = NaN] = perSecond;
  for (const [rival, [, title]] of RIVALS.entries()) {
    const rate = perSecond[rival] ?? NaN;
    print(`${title.padEnd(44)}${Math.round(rate).toLocaleString('en').padStart(9)} events/CPU s   ${(rate / bare).toFixed(2)} × (a)   ${Math.round(figure(rival, 'peakBytes') / 1e6)} MB peak`);
  }
  print(`(a) reaches ${(bare / ceiling).toFixed(2)} of the ceiling\n`);
};

const openSessions = (): void => {
  print('cost of an event and size of a session of three pages, by open sessions');
  const sizes = [10_000, 100_000, 1_000_000];
  const runs = sizes.map((open) => Array.from({ length: Math.min(ROUNDS, 3) }, () => inProcess('openSessions', [String(open)])));
  const cost = runs.map((rounds) => median(rounds.map((round) => numberIn(round, 'microsPerEvent'))));
  for (const [place, open] of sizes.entries()) {
    const bytes = median((runs[place] ?? []).map((round) => numberIn(round, 'bytesPerSession')));
    print(`${open.toLocaleString('en').padStart(10)} open: ${cost[place]?.toFixed(2)} µs CPU an event, ${((cost[place] ?? NaN) / (cost[0] ?? NaN)).toFixed(2)} × the first; ${Math.round(bytes)} bytes a session`);
  }
};

const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-bench-'));
try {
  const wanted = process.argv[2];
  if (wanted === undefined || wanted === 'throughput') throughput(folder);
  if (wanted === undefined || wanted === 'sessions') openSessions();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
