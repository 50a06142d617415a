import { startBroker } from './kafka.js';
import { count, inProcess, medianOf, megabytes, numberIn, print, ROUNDS } from './measure.js';
import { DEAD_LETTERS, OUTPUT } from './restore/job.js';

/** How long a task takes to be ready again with so many open sessions, beside a bare read of the same changelog. */

const SESSIONS = Number(process.env['BENCH_SESSIONS'] ?? 1_000_000);

const BARE_READS = [['large', 'bare read, fetches as large'], ['own', "bare read, kafkajs's own fetches"]] as const;

export async function restore(): Promise<void> {
  const broker = await startBroker();
  try {
    await broker.createTopics({ topic: OUTPUT, numPartitions: 6 }, { topic: DEAD_LETTERS, numPartitions: 1 });
    const running = await inProcess('restore/fill', [broker.address, String(SESSIONS)]);
    const restores: unknown[] = [];
    const reads = BARE_READS.map((): unknown[] => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      restores.push(await inProcess('restore/restoring', [broker.address]));
      for (const [place, [fetches]] of BARE_READS.entries()) reads[place]?.push(await inProcess('restore/bareRead', [broker.address, fetches]));
    }
    const held = numberIn(running, 'held');
    if (restores.some((it) => numberIn(it, 'held') !== held)) throw new Error('not all that was committed has been restored');

    const bytes = medianOf(reads[0] ?? [], 'bytes');
    print(`Node ${process.version}, ${count(SESSIONS)} open sessions of three pages, a changelog of ${megabytes(bytes)}, median of ${ROUNDS} rounds\n`);
    const wall = medianOf(restores, 'wallSeconds');
    const cpu = medianOf(restores, 'cpuSeconds');
    print(`${'restore, until a task is ready'.padEnd(36)}${wall.toFixed(2)} s, ${cpu.toFixed(2)} CPU s; ${count(SESSIONS / wall)} sessions a second`);
    for (const [place, [, title]] of BARE_READS.entries()) {
      const bareWall = medianOf(reads[place] ?? [], 'wallSeconds');
      const bareCpu = medianOf(reads[place] ?? [], 'cpuSeconds');
      print(`${title.padEnd(36)}${bareWall.toFixed(2)} s, ${bareCpu.toFixed(2)} CPU s; the restore takes ${(wall / bareWall).toFixed(2)} × the time, ${(cpu / bareCpu).toFixed(2)} × the CPU time`);
    }
    const [heap, resident] = [numberIn(running, 'heapBytes'), numberIn(running, 'residentBytes')];
    const [restored, peak] = [medianOf(restores, 'heapBytes'), medianOf(restores, 'peakBytes')];
    print(`${'memory of the running state'.padEnd(36)}${megabytes(heap)} heap after gc, ${megabytes(resident)} resident`);
    print(`${'memory after the restore'.padEnd(36)}${megabytes(restored)} heap after gc, ${(restored / heap).toFixed(2)} × running`);
    print(`${'peak of the restore'.padEnd(36)}${megabytes(peak)} resident, ${(peak / resident).toFixed(2)} × running\n`);

    await printCommits(broker.address);
  } finally {
    await broker.stop();
  }
}

async function printCommits(broker: string): Promise<void> {
  const commits = await inProcess('restore/commits', [broker, String(SESSIONS)]);
  print(`commits of 2 000 messages, ${count(numberIn(commits, 'commits'))} of each kind`);
  for (const [name, title] of [['sweep', 'while the whole state is written'], ['usual', 'when it is not']] as const) {
    const [half, most, longest] = ['Median', 'P99', 'Longest'].map((it) => Math.round(numberIn(commits, `${name}${it}`)));
    print(`${title.padEnd(36)}p50 ${half} ms, p99 ${most} ms, longest ${longest} ms`);
  }
  print(`${'ratio'.padEnd(36)}${['Median', 'P99', 'Longest'].map((it) => (numberIn(commits, `sweep${it}`) / numberIn(commits, `usual${it}`)).toFixed(2)).join(', ')}\n`);
}
