import { lastValueFrom, Subject, tap } from 'rxjs';
import { parseCommandLine } from '../../src/config/parseCommandLine.js';
import { run } from '../../src/run.js';
import type { Log, TaskReport } from '../../src/runtime/taskLoop.js';
import { heap, tell } from '../measure.js';
import type { Sample } from './slope.js';

/**
 * The pipeline as its users run it, until it has taken so many messages; then it parks. Prints samples of its memory, its account, and
 * how often its log told of what. Arguments: messages, seconds between two samples, then flags of `run`.
 */

const [count = '', every = '', ...flags] = process.argv.slice(2);
const parsed = parseCommandLine(flags, {}, () => '');
if (parsed._tag === 'Left' || parsed.right._tag !== 'Run') throw new Error('not a run');

const stop$ = new Subject<void>();
const samples: Sample[] = [];
const logged: Record<string, number> = {};
const log: Log = (level, event, fields) => {
  if (level === 'debug') return;
  logged[event] = (logged[event] ?? 0) + 1;
  if (level === 'error') process.stderr.write(`${event} ${JSON.stringify(fields ?? {})}\n`);
};
let last: TaskReport | undefined;
const startedAt = performance.now();
const timer = setInterval(() => {
  samples.push({ seconds: (performance.now() - startedAt) / 1_000, heap: heap(), resident: process.memoryUsage.rss(), held: last?.counts.held ?? 0 });
}, Number(every) * 1_000);
await lastValueFrom(
  run(parsed.right.config, { log, stop$ }).pipe(
    tap((report) => {
      last = report;
      // What was delivered twice is a duplicate; no two messages of this load are alike.
      if (report.counts.received - report.counts.duplicates >= Number(count)) stop$.next();
    }),
  ),
);
clearInterval(timer);
tell({ samples, counts: last?.counts, results: last?.results, logged });
process.exit();
