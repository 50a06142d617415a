import { count, inProcess, medianOf, print, ROUNDS } from './measure.js';

/** What an event costs and what a session takes, by the number of open sessions. */
export async function sessions(): Promise<void> {
  print('cost of an event and size of a session of three pages, by open sessions');
  let first: number | undefined;
  for (const open of [10_000, 100_000, 1_000_000]) {
    const runs: unknown[] = [];
    for (let round = 0; round < Math.min(ROUNDS, 3); round += 1) runs.push(await inProcess('openSessions', [String(open)]));
    const cost = medianOf(runs, 'microsPerEvent');
    first ??= cost;
    print(`${count(open).padStart(10)} open: ${cost.toFixed(2)} µs CPU an event, ${(cost / first).toFixed(2)} × the first; ${count(medianOf(runs, 'bytesPerSession'))} bytes a session`);
  }
  print('');
}
