import { lastValueFrom, Subject, tap } from 'rxjs';
import { parseCommandLine } from '../../src/config/parseCommandLine.js';
import { run } from '../../src/run.js';
import { complaints } from '../log.js';
import { tell } from '../measure.js';
import { Window } from './window.js';

/**
 * The pipeline as its users run it, until it has taken so many messages; then it parks. Prints what
 * the measured window cost. Arguments: messages, then flags of `run`.
 */

const [count = '', ...flags] = process.argv.slice(2);
const parsed = parseCommandLine(flags, {}, () => '');
if (parsed._tag === 'Left' || parsed.right._tag !== 'Run') throw new Error('not a run');

const stop$ = new Subject<void>();
const window = new Window(Number(count));
let resultsBefore = 0;
let isDone = false;
await lastValueFrom(
  run(parsed.right.config, { log: complaints, stop$ }).pipe(
    tap(({ counts: { received }, results }) => {
      if (isDone) return;
      if (!window.hasBegun) resultsBefore = results;
      const cost = window.committed(received);
      if (!cost) return;
      isDone = true;
      tell({ ...cost, results: results - resultsBefore });
      stop$.next();
    }),
  ),
);
process.exit();
