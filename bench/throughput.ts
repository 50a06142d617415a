import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEvents } from './events.js';
import { count, inProcess, medianOf, megabytes, print, ROUNDS } from './measure.js';

/** Events per CPU second, from file to file, beside a loop by hand. */

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 600_000);

const RIVALS = [
  ['ceiling', 'ceiling: splitting and JSON.parse'],
  ['bare', '(a) bare loop'],
  ['pipeline', '(b) pipeline, no early panes'],
  ['early', '(c) pipeline, early panes, recorded clock'],
] as const;

export async function throughput(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-bench-'));
  try {
    const input = join(folder, 'events.ndjson');
    writeEvents(input, { count: EVENTS, openSessions: 20_000, disorder: 10_000 });
    print(`Node ${process.version}, ${EVENTS} events of ${Math.round(statSync(input).size / EVENTS)} bytes, 20 000 sessions open, 10 s disorder, median of ${ROUNDS} rounds\n`);
    const runs = RIVALS.map((): unknown[] => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [place, [name]] of RIVALS.entries()) runs[place]?.push(await inProcess('worker', [name, input, join(folder, name)]));
    }
    const perSecond = runs.map((rounds) => EVENTS / medianOf(rounds, 'cpuSeconds'));
    const [ceiling = NaN, bare = NaN] = perSecond;
    for (const [place, [, title]] of RIVALS.entries()) {
      const rate = perSecond[place] ?? NaN;
      print(`${title.padEnd(44)}${count(rate).padStart(9)} events/CPU s   ${(rate / bare).toFixed(2)} × (a)   ${megabytes(medianOf(runs[place] ?? [], 'peakBytes'))} peak`);
    }
    print(`(a) reaches ${(bare / ceiling).toFixed(2)} of the ceiling\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
