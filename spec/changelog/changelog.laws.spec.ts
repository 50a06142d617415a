import * as fc from 'fast-check';
import { ChangelogRefusal } from '../../src/changelog/changelogRefusal.js';
import type { StoredRecord } from '../../src/changelog/changelogRecord.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { restore, steps, written, type History } from './history.js';
import { shown } from './shown.js';

const RUNS = { numRuns: 150 };

/** The log as it stood when so many records had been written and the last epoch among them was whole. */
const upTo = ({ log, epochOf }: History, count: number): { readonly log: readonly StoredRecord[]; readonly epoch: number } => {
  let end = Math.min(count, log.length);
  while (end > 0 && end < log.length && epochOf[end] === epochOf[end - 1] && epochOf[end] !== 0) end += 1;
  return { log: log.slice(0, end), epoch: Math.max(0, ...epochOf.slice(0, end)) };
};

/** A state of some epoch, or a refusal; anything else fails. */
const outcome = ({ states }: History, log: readonly StoredRecord[], isTrimmed = false): number | 'refused' => {
  try {
    const { state } = restore(log, isTrimmed);
    const epoch = state?.epoch ?? 0;
    expect(shown(state?.as(pagesViewedCodec))).toEqual(states[epoch]);
    return epoch;
  } catch (thrown) {
    if (thrown instanceof ChangelogRefusal) return 'refused';
    throw thrown;
  }
};

const share = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const among = (part: number, length: number): number => Math.floor(part * length);
const changed = (log: readonly StoredRecord[], at: number, change: Partial<StoredRecord>): readonly StoredRecord[] => log.map((record, place) => (place === at ? { ...record, ...change } : record));
const flipped = (text: string, at: number, bit: number): string => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);

describe('laws of the changelog', () => {
  test('changes and pieces of sweeps, whole or cut off by restarts, restore every committed state', () => {
    let sweeps = 0;
    fc.assert(
      fc.property(steps, share, (played, part) => {
        const history = written(played);
        sweeps += history.trims.length;
        const { log, epoch } = upTo(history, among(part, history.log.length) + 1);
        expect(outcome(history, log)).toBe(epoch);
        expect(outcome(history, history.log)).toBe(played.length);
      }),
      RUNS,
    );
    // Nothing of this would tell of sweeps if there were none.
    expect(sweeps).toBeGreaterThan(RUNS.numRuns);
  });

  test('what a writer says is not needed is not needed, from then on and for ever', () => {
    fc.assert(
      fc.property(steps, share, share, (played, which, part) => {
        const history = written(played);
        const trim = history.trims[among(which, history.trims.length)];
        fc.pre(trim !== undefined);
        const count = trim.written + among(part, history.log.length - trim.written + 1);
        const { log, epoch } = upTo(history, count);
        expect(outcome(history, log.filter(({ offset }) => offset >= trim.below), true)).toBe(epoch);
      }),
      RUNS,
    );
  });

  test('a changelog that has lost its beginning is refused, or restores the newest state', () => {
    fc.assert(
      fc.property(steps, share, (played, part) => {
        const history = written(played);
        const first = 1 + among(part, history.log.length);
        expect(['refused', played.length]).toContain(outcome(history, history.log.slice(first), true));
      }),
      RUNS,
    );
  });

  test('a changelog that has lost its end is refused within an epoch, and restores an earlier state between two', () => {
    fc.assert(
      fc.property(steps, share, (played, part) => {
        const history = written(played);
        const end = among(part, history.log.length) + 1;
        const isBetween = history.epochOf[end] !== history.epochOf[end - 1] || history.epochOf[end] === 0;
        expect(outcome(history, history.log.slice(0, end))).toBe(isBetween ? Math.max(...history.epochOf.slice(0, end)) : 'refused');
      }),
      RUNS,
    );
  });

  test('a single bit that is another is noticed, wherever it stands', () => {
    fc.assert(
      fc.property(steps, share, share, fc.nat(7), fc.constantFrom('value', 'key', 'format', 'owner', 'epoch', 'part', 'crc32'), (played, which, where, bit, place) => {
        const history = written(played);
        const at = among(which, history.log.length);
        const { value, key, headers } = history.log[at]!;
        const flip = (): Partial<StoredRecord> => {
          if (place === 'key') return { key: flipped(key!, among(where, key!.length), bit) };
          if (place !== 'value') return { headers: { ...headers, [place]: flipped(headers[place]!, among(where, headers[place]!.length), bit) } };
          const other = Buffer.from(value);
          other[among(where, other.length)]! ^= 1 << bit;
          return { value: other };
        };
        expect(outcome(history, changed(history.log, at, flip()))).toBe('refused');
      }),
      RUNS,
    );
  });

  test('a record that is missing, there twice or in the place of its neighbour leads to no state that there never was', () => {
    fc.assert(
      fc.property(steps, share, fc.constantFrom('missing', 'twice', 'swapped'), fc.boolean(), (played, which, damage, isTrimmed) => {
        const history = written(played);
        const { log } = history;
        const at = among(which, log.length);
        const damaged = {
          missing: log.filter((_, place) => place !== at),
          twice: log.flatMap((record, place) => (place === at ? [record, record] : [record])),
          swapped: log.map((record, place) => (place === at ? log[at + 1] ?? record : place === at + 1 ? log[at]! : record)),
        };
        outcome(history, damaged[damage], isTrimmed);
      }),
      RUNS,
    );
  });

  test('what a fenced instance still wrote is left out', () => {
    fc.assert(
      fc.property(steps, steps, share, (played, zombies, which) => {
        const history = written(played);
        const later = history.log.findLastIndex(({ key }) => key === 'owner');
        fc.pre(later > 0);
        const at = later + 1 + among(which, history.log.length - later);
        const ghosts = written(zombies.map((one) => ({ ...one, then: 'go on' as const }))).log.filter(({ key }) => key === 'epoch');
        expect(outcome(history, [...history.log.slice(0, at), ...ghosts, ...history.log.slice(at)])).toBe(played.length);
      }),
      RUNS,
    );
  });
});
