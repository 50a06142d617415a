import * as fc from 'fast-check';
import type { StoredRecord, ChangelogRecord } from '../../src/changelog/changelogRecord.js';
import { ChangelogReader, type Restored } from '../../src/changelog/changelogReader.js';
import { ChangelogWriter, type ChangelogSizes } from '../../src/changelog/changelogWriter.js';
import type { CommittedDelta } from '../../src/changelog/committedState.js';
import { ownerRecord, type Owner } from '../../src/changelog/owner.js';
import { PageTime } from '../../src/model/pageTime.js';
import { Visits } from '../../src/model/visits.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { LiveState } from './liveState.js';
import { shown } from './shown.js';

/** What a task does between two commits, in small: each key's value is a number, or it is gone. */
export interface Step {
  readonly changes: readonly { readonly part: 'sessions' | 'early' | 'emitted'; readonly key: string; readonly value: number | undefined }[];
  readonly ids: readonly { readonly id: string; readonly pinned: boolean }[];
  /** How many of the last epochs' ids are remembered. */
  readonly memory: number;
  readonly then: 'go on' | 'restart' | 'park and restart';
}

export const step: fc.Arbitrary<Step> = fc.record({
  changes: fc.array(
    fc.record({
      part: fc.constantFrom('sessions' as const, 'early' as const, 'emitted' as const),
      key: fc.constantFrom(...Array.from('abcdefghijkl')),
      value: fc.option(fc.nat(1_000), { nil: undefined, freq: 3 }),
    }),
    { maxLength: 6 },
  ),
  ids: fc.uniqueArray(fc.record({ id: fc.nat(30).map(String), pinned: fc.constantFrom(false, false, true) }), { maxLength: 3, selector: ({ id }) => id }),
  memory: fc.integer({ min: 1, max: 6 }),
  then: fc.constantFrom(...Array<'go on'>(14).fill('go on'), 'restart' as const, 'park and restart' as const),
});

export const steps = fc.array(step, { minLength: 1, maxLength: 60 });

/** So small that a few epochs have sweeps of several pieces, and epochs several records. */
export const SMALL: ChangelogSizes = { record: 300, piece: 80, leastBetweenSweeps: 200 };

const START = 1_000_000;

const deltaOf = ({ changes, ids, memory }: Step, epoch: number, idsFrom: number): CommittedDelta<Visits> => {
  const taskTime = START + 1_000 * epoch;
  const window = { start: epoch, end: epoch + 60 };
  const of = <V>(part: Step['changes'][number]['part'], value: (n: number) => V) =>
    [...new Map(changes.filter((change) => change.part === part).map(({ key, value: n }) => [key, n === undefined ? undefined : value(n)] as const))];
  return {
    taskTime,
    idsFrom: Math.max(idsFrom, taskTime - 1_000 * memory),
    tally: { received: epoch, duplicates: 0, contradictions: 0, deadLetters: { invalid: epoch } },
    ids: ids.map(({ id, pinned }, place) => ({ id, pinned, seenAt: taskTime - 100 + place })),
    flow: {
      watermarks: { header: { sent: epoch, reached: epoch, elementAt: null, ticks: 0 }, entries: [] },
      sessions: {
        header: { watermark: epoch, ordinal: epoch, counts: { duplicates: 0, held: 0, closed: epoch } },
        entries: of('sessions', (n) => ({
          sessions: [{ window, accumulator: Visits.of([visit(n)]), events: 1, mode: 'live' as const, index: 0, fresh: true, arrivedAt: taskTime, ordinal: n }], closed: [],
        })),
      },
      early: { header: { ordinal: epoch }, entries: of('early', (n) => [{ window, at: taskTime, ordinal: n }]) },
      emitted: {
        header: undefined,
        entries: of('emitted', (n) => [[`${n} A`, { value: new PageTime('A', n, 1, 'next_view', n, undefined), revision: 0, window }] as const]),
      },
    },
  };
};

const visit = (timestamp: number) => ({ timestamp, title: 'Seite für ä', page: 'A', hasBatch: false, batchPage: 0, batchOrdering: 0, batchIndex: 0, extra: undefined });

/** A changelog, and what its owner knew while it was written. */
export interface History {
  readonly log: readonly StoredRecord[];
  /** Epoch of each record; 0 for owners. */
  readonly epochOf: readonly number[];
  /** By epoch; undefined before the first. */
  readonly states: readonly unknown[];
  /** From the time when this many records had been written, those below the offset were not needed. */
  readonly trims: readonly { readonly written: number; readonly below: bigint }[];
  readonly owners: readonly Owner[];
}

/** Writes what a task does as its changelog: with new owners at restarts, and acknowledged one epoch late. */
export const written = (played: readonly Step[], sizes: ChangelogSizes = SMALL): History => {
  const log: StoredRecord[] = [];
  const epochOf: number[] = [];
  const states: unknown[] = [undefined];
  const trims: { written: number; below: bigint }[] = [];
  const owners: Owner[] = [];
  const live = new LiveState();
  const append = (records: readonly ChangelogRecord[], epoch: number): bigint => {
    const first = BigInt(2 * log.length);
    // Offsets have gaps where the broker keeps its own.
    for (const record of records) log.push({ ...record, offset: BigInt(2 * log.length) });
    epochOf.push(...records.map(() => epoch));
    return first;
  };
  const start = (): ChangelogWriter<Visits> => {
    const owner = { instance: `instance-${owners.length}`, takeover: 1, startedAt: START, host: 'node-1', pid: 1 };
    owners.push(owner);
    append([ownerRecord(owner)], 0);
    return new ChangelogWriter({ instance: owner.instance, settings: { window_size: 60 }, codec: pagesViewedCodec, isRestored: states.length > 1, entries: () => live.entries(), sizes });
  };

  let writer = start();
  let idsFrom = -Infinity;
  let pending: { readonly epoch: number; readonly offset: bigint } | undefined;
  played.forEach((one, place) => {
    const epoch = place + 1;
    const delta = deltaOf(one, epoch, idsFrom);
    idsFrom = delta.idsFrom;
    live.apply(epoch, delta);
    const offset = append(writer.write(epoch, delta, one.then === 'park and restart'), epoch);
    states.push(shown(live.committed()));
    const below = pending && writer.acknowledged(pending.epoch, pending.offset);
    if (below !== undefined) trims.push({ written: log.length, below });
    pending = { epoch, offset };
    if (one.then === 'go on') return;
    pending = undefined;
    writer = start();
  });
  return { log, epochOf, states, trims, owners };
};

export const restore = (log: readonly StoredRecord[], isTrimmed = false): Restored => {
  const reader = new ChangelogReader();
  for (const record of log) reader.read(record);
  return reader.finish(isTrimmed);
};
