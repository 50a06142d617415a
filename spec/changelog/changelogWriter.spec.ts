import { FORMAT, unframe, type ChangelogRecord } from '../../src/changelog/changelogRecord.js';
import { ChangelogWriter, type ChangelogSizes, type ChangelogWriterOptions } from '../../src/changelog/changelogWriter.js';
import type { CommittedDelta, StateEntry } from '../../src/changelog/committedState.js';
import { headOf, type Head } from '../../src/changelog/head.js';
import type { Visits } from '../../src/model/visits.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';

/** Changes of so many keys, each a line of about 20 bytes. */
const delta = (count: number, key = (n: number) => `${n}`.padStart(8, '0')): CommittedDelta<Visits> => ({
  taskTime: 1_000, idsFrom: 0, tally: { received: 0, duplicates: 0, contradictions: 0, deadLetters: {} },
  ids: [],
  flow: {
    watermarks: { header: { sent: null, reached: null, elementAt: null, ticks: 0 }, entries: [] },
    sessions: { header: { watermark: null, ordinal: 0, counts: { duplicates: 0, held: 0, closed: 0 } }, entries: [] },
    early: { header: { ordinal: 0 }, entries: Array.from({ length: count }, (_, n) => [key(n), []] as const) }, emitted: { header: undefined, entries: [] },
  },
});

/** So many entries, each a line of 20 bytes. */
function* entries(count: number): Generator<StateEntry<Visits>, void> {
  for (let n = 0; n < count; n += 1) yield { _tag: 'Early', key: `${n}`.padStart(8, '0'), value: [] };
}

const writer = (options: Partial<ChangelogWriterOptions<Visits>> = {}, sizes: Partial<ChangelogSizes> = {}) =>
  new ChangelogWriter({
    instance: 'me', settings: {}, codec: pagesViewedCodec, isRestored: false, entries: () => entries(100), ...options, sizes: { record: 1_000, piece: 200, leastBetweenSweeps: 5_000, ...sizes },
  });

const stored = (record: ChangelogRecord) => ({ ...record, offset: 0n });
const text = (records: readonly ChangelogRecord[]): string => Buffer.concat(records.map(({ value }) => value)).toString();
const head = (records: readonly ChangelogRecord[]): Head => headOf(text(records).split('\n')[0]!);
const bytes = (records: readonly ChangelogRecord[]): number => records.reduce((sum, { value }) => sum + value.length, 0);

describe('records of an epoch', () => {
  test('an epoch without changes is one record with its head', () => {
    const records = writer().write(7, delta(0), true);
    expect(records.map((record) => unframe(stored(record)))).toEqual([{ kind: 'epoch', format: FORMAT, owner: 'me', epoch: 7, part: 1, parts: 1 }]);
    expect(head(records)).toMatchObject({ parked: true, piece: null });
  });

  test('an epoch of any size is cut into numbered parts, none larger than a record may be, and most of them nearly full', () => {
    const records = writer({}, { leastBetweenSweeps: Infinity }).write(1, delta(1_000), false);
    expect(records.map((record) => unframe(stored(record)).part)).toEqual(records.map((_, place) => place + 1));
    expect(new Set(records.map((record) => unframe(stored(record)).parts))).toEqual(new Set([records.length]));
    expect(Math.max(...records.map(({ value }) => value.length))).toBeLessThanOrEqual(1_000);
    expect(bytes(records) / records.length).toBeGreaterThan(750);
  });

  test('a line that is longer than a record goes on in the next', () => {
    const key = 'ä'.repeat(5_000);
    const records = writer().write(1, delta(1, () => key), false);
    expect(Math.max(...records.map(({ value }) => value.length))).toBeLessThanOrEqual(1_000);
    expect(text(records)).toContain(key);
  });

  test('by default records stay below 500 KB and a piece of a quiet epoch takes about 256 KB', () => {
    const records = new ChangelogWriter({ instance: 'me', settings: {}, codec: pagesViewedCodec, isRestored: true, entries: () => entries(100_000) }).write(2, delta(0), false);
    expect(Math.max(...records.map(({ value }) => value.length))).toBeLessThan(500_000);
    expect(bytes(records)).toBeGreaterThan(256_000);
    expect(bytes(records)).toBeLessThan(258_000);
  });
});

describe('sweeps', () => {
  test('after a restore one begins at once', () => {
    expect(head(writer({ isRestored: true }).write(8, delta(0), false)).piece).toEqual({ number: 1, isLast: false });
  });

  test('a new state has none until its changes are worth one', () => {
    const subject = writer();
    const pieces = Array.from({ length: 8 }, (_, place) => head(subject.write(place + 1, delta(50), false)).piece?.number);
    expect(pieces.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    expect(pieces.filter((number) => number === 1)).toHaveLength(1);
  });

  test('its pieces are numbered, the last is marked, and together they hold every entry once', () => {
    const subject = writer({ isRestored: true });
    const written: string[] = [];
    let piece: Head['piece'] = null;
    let number = 0;
    do {
      number += 1;
      const records = subject.write(number, delta(0), false);
      piece = head(records).piece;
      expect(piece?.number).toBe(number);
      written.push(...text(records).split('\n').slice(1, -1));
    } while (!piece?.isLast);
    expect(written.map((line) => Number(line.split('"')[3]))).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(head(subject.write(number + 1, delta(0), false)).piece).toBeNull();
  });

  test('a piece takes as much as the changes beside it, and a small one where there are few', () => {
    const subject = writer({ isRestored: true, entries: () => entries(10_000) });
    const quiet = bytes(subject.write(1, delta(0), false));
    const changes = bytes(writer().write(2, delta(100), false));
    const busy = bytes(subject.write(2, delta(100), false));
    expect(quiet).toBeLessThan(1_000);
    expect(busy / changes).toBeGreaterThan(1.5);
    expect(busy / changes).toBeLessThan(2.1);
  });

  test('the next one waits for changes of twice its size since it began', () => {
    const subject = writer({ isRestored: true, entries: () => entries(1_000) }, { piece: 100_000, leastBetweenSweeps: 1 });
    const sweep = bytes(subject.write(1, delta(0), false));
    const each = bytes(writer().write(2, delta(100), false));
    const begun = Array.from({ length: 60 }, (_, place) => head(subject.write(place + 2, delta(100), false)).piece !== null).indexOf(true) + 1;
    expect((begun * each) / sweep).toBeGreaterThan(1.9);
    expect((begun * each) / sweep).toBeLessThan(2.6);
  });

  test('the changes beside a sweep count towards the next one', () => {
    const subject = writer({ isRestored: true, entries: () => entries(400) }, { leastBetweenSweeps: 1 });
    const pieces = Array.from({ length: 40 }, (_, place) => head(subject.write(place + 1, delta(50), false)).piece);
    const last = pieces.findIndex((piece) => piece?.isLast);
    const pause = pieces.findIndex((piece, place) => place > last && piece !== null) - last - 1;
    // While it was written, as much was changed: half of what the next one waits for.
    expect(pause / (last + 1)).toBeGreaterThan(0.7);
    expect(pause / (last + 1)).toBeLessThan(1.4);
  });

  test('nothing is given up before the epoch of the last piece is acknowledged, and then what is older than the first', () => {
    const subject = writer({ isRestored: true, entries: () => entries(25) });
    const last = [1, 2, 3].map((epoch) => head(subject.write(epoch, delta(0), false)).piece?.isLast);
    expect(last).toEqual([false, false, true]);
    expect([subject.acknowledged(1, 100n), subject.acknowledged(2, 105n), subject.acknowledged(3, 110n), subject.acknowledged(4, 115n)]).toEqual([undefined, undefined, 100n, undefined]);
  });

  test('a sweep of one piece gives up what is older than itself', () => {
    const subject = writer({ isRestored: true, entries: () => entries(0) });
    subject.write(5, delta(0), false);
    expect(subject.acknowledged(5, 40n)).toBe(40n);
  });
});
