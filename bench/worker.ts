import { rmSync } from 'node:fs';
import { lastValueFrom, NEVER } from 'rxjs';
import { parseCommandLine } from '../src/config/parseCommandLine.js';
import { run } from '../src/run.js';
import { bareLoop, ceiling } from './bareLoop.js';
import { measure, peakMemory, tell } from './measure.js';

/** One run of one rival in a process of its own: prints its CPU time, wall time and peak memory as JSON. */

const quiet = (): void => undefined;

const pipeline = async (input: string, output: string, flags: readonly string[]): Promise<number> => {
  const parsed = parseCommandLine(['--input', input, '--output', output, ...flags], {}, () => '');
  if (parsed._tag === 'Left' || parsed.right._tag !== 'Run') throw new Error('not a run');
  const { counts } = await lastValueFrom(run(parsed.right.config, { log: quiet, stop$: NEVER }));
  return counts.received;
};

const RIVALS: Readonly<Record<string, (input: string, output: string) => number | Promise<number>>> = {
  ceiling,
  bare: bareLoop,
  pipeline: (input, output) => pipeline(input, output, ['--early_trigger', '0']),
  early: (input, output) => pipeline(input, output, ['--clock', 'recorded']),
};

const [name = '', input = '', output = ''] = process.argv.slice(2);
const rival = RIVALS[name];
if (!rival) throw new Error(`no rival called ${name}`);
const cost = measure();
const events = await rival(input, output);
tell({ events, ...cost(), peakBytes: peakMemory() });
rmSync(`${output}.dead-letter.ndjson`, { force: true });
