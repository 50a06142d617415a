import { e2e } from './e2e.js';
import { page } from './page.js';
import { restore } from './restore.js';
import { sessions } from './sessions.js';
import { soak } from './soak.js';
import { throughput } from './throughput.js';

/**
 * The benchmarks: every figure is taken in a process of its own, rivals in turn, and the median of
 * the rounds counts. Absolute figures belong to the machine; the ratios are what is looked at.
 */

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = { throughput, sessions, e2e, restore, page };

/** Takes an hour: only where it is asked for. */
const ALL: typeof BENCHMARKS = { ...BENCHMARKS, soak };

const [wanted] = process.argv.slice(2);
const chosen = wanted === undefined ? Object.values(BENCHMARKS) : [ALL[wanted]];
try {
  for (const benchmark of chosen) {
    if (!benchmark) throw new Error(`there is no benchmark ${String(wanted)}; there are ${Object.keys(ALL).join(', ')}`);
    await benchmark();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
