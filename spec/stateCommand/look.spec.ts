import { defer, from, lastValueFrom, of } from 'rxjs';
import type { StoredRecord } from '../../src/changelog/changelogRecord.js';
import { ChangelogRefusal } from '../../src/changelog/changelogRefusal.js';
import { look } from '../../src/stateCommand/look.js';
import type { Found } from '../../src/stateCommand/inspector.js';
import { SMALL, written, type Step } from '../changelog/history.js';

const step: Step = { changes: [{ part: 'sessions', key: 'a', value: 1 }], ids: [], memory: 1, then: 'go on' };
/** One record an epoch; a restart in the middle, so that the log may be trimmed below its second half. */
const { log, trims } = written([step, step, { ...step, then: 'restart' }, step, step, step], { ...SMALL, record: 10_000, leastBetweenSweeps: Infinity });
const sizeOf = (records: readonly StoredRecord[]): number => records.reduce((sum, { key, value }) => sum + value.length + (key?.length ?? 0), 0);

/** A log that is found in these states, one after the other, each time it is read. */
const found = (...states: readonly (readonly StoredRecord[])[]): Promise<Found> => {
  let reading = 0;
  const beginning = (): bigint => states[Math.min(reading, states.length - 1)]?.[0]?.offset ?? 0n;
  return lastValueFrom(
    look({
      beginning: () => defer(() => of(beginning())),
      records: () => defer(() => from(states[Math.min(reading++, states.length - 1)] ?? [])),
    }),
  );
};

const refusalIn = ({ restored }: Found): ChangelogRefusal => {
  if (restored instanceof ChangelogRefusal) return restored;
  throw new Error('it was not refused');
};

describe('a look at a changelog', () => {
  test('tells what it takes, its last owner and commit, and what a run would go on with', async () => {
    expect(await found(log)).toMatchObject({
      log: { records: log.length, bytes: sizeOf(log), firstOffset: log[0]!.offset, lastOffset: log.at(-1)!.offset },
      owner: { instance: 'instance-1' },
      epoch: 6,
      restored: { state: { epoch: 6 }, parked: false },
    });
  });

  test('finds nothing in one that is new', async () => {
    expect(await found([])).toMatchObject({ log: { records: 0, bytes: 0, firstOffset: undefined, lastOffset: undefined }, owner: undefined, epoch: 0, restored: { state: undefined } });
  });

  test('looks at all of one that is refused', async () => {
    const damaged = log.map((record, place) => (place === 2 ? { ...record, value: Buffer.from('x') } : record));
    const seen = await found(damaged);
    expect(refusalIn(seen)).toMatchObject({ fault: 'corrupt', offset: log[2]!.offset });
    expect(seen).toMatchObject({ log: { records: log.length }, owner: { instance: 'instance-1' }, epoch: 6 });
  });

  test('refuses one whose beginning was cut off', async () => {
    expect(refusalIn(await found(log.slice(-1)))).toMatchObject({ fault: 'truncated' });
  });

  test('is taken again when a job that runs has trimmed it meanwhile', async () => {
    const { below } = trims.at(-1)!;
    const trimmed = log.filter(({ offset }) => offset >= below);
    const halfGone = [log[1]!, ...trimmed.slice(1)];
    expect(refusalIn(await found(halfGone))).toMatchObject({ fault: 'stranger' });
    expect(await found(halfGone, trimmed)).toMatchObject({ log: { records: trimmed.length }, restored: { state: { epoch: 6 } } });
  });

  describe('that ends in the middle of an epoch', () => {
    const { log: parts, epochOf } = written(Array<Step>(6).fill({ ...step, ids: Array.from({ length: 20 }, (_, n) => ({ id: `${n}`, pinned: false })) }), { ...SMALL, leastBetweenSweeps: Infinity });
    const middleOf = (epoch: number) => parts.slice(0, epochOf.indexOf(epoch) + 1);

    test('is taken again as long as a job that runs goes on', async () => {
      expect(refusalIn(await found(middleOf(4)))).toMatchObject({ fault: 'incomplete' });
      expect(await found(middleOf(4), middleOf(5), middleOf(6), parts)).toMatchObject({ restored: { state: { epoch: 6 } } });
    });

    test('is refused when nothing has come since', async () => {
      const seen = await found(middleOf(4), middleOf(5), middleOf(5), parts);
      expect(refusalIn(seen)).toMatchObject({ fault: 'incomplete', offset: undefined });
      expect(seen).toMatchObject({ epoch: 5 });
    });

    test('is refused at once when that is not at its end', async () => {
      expect(refusalIn(await found([...middleOf(4), ...parts.slice(epochOf.indexOf(5))], parts))).toMatchObject({ fault: 'incomplete', offset: parts[epochOf.indexOf(5)]!.offset });
    });
  });
});
