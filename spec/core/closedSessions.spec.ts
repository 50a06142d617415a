import { ClosedSessions } from '../../operators/core/closedSessions.js';
import type { Mark } from '../../operators/core/session.js';

const KEY = 'ada';
const mark = (start: number, end: number, rest: Partial<Mark> = {}): Mark => ({ start, end, closedAt: 0, owesClosed: false, ordinal: 0, ...rest });

/** A memory of 10 for one key, and what it has told. */
const memory = (marks: readonly Mark[] = []) => {
  const told: string[] = [];
  const held = new Set<string>();
  const closed = new ClosedSessions<string>(10, (key) => held.has(key), ({ window }) => { told.push(`[${window.start}, ${window.end})`); }, true);
  closed.restore(KEY, marks);
  return { closed, told, held };
};

describe('ClosedSessions', () => {
  test.each([
    { name: 'before', start: 0, end: 10, overlaps: false },
    { name: 'into its start', start: 5, end: 10.5, overlaps: true },
    { name: 'inside', start: 12, end: 13, overlaps: true },
    { name: 'around', start: 0, end: 50, overlaps: true },
    { name: 'from its last instant', start: 19.5, end: 30, overlaps: true },
    { name: 'from its end', start: 20, end: 30, overlaps: false },
    { name: 'after all', start: 100, end: 110, overlaps: false },
  ])('a window $name: overlaps $overlaps', ({ start, end, overlaps }) => {
    const { closed } = memory([mark(-90, -80), mark(10, 20), mark(80, 90)]);

    expect(closed.overlaps(KEY, start, end)).toBe(overlaps);
    expect(closed.overlaps('another', start, end)).toBe(false);
  });

  test.each([
    { watermark: 29, now: 110, isHeld: false, forgotten: false },
    { watermark: 30, now: 109, isHeld: false, forgotten: false },
    { watermark: 30, now: 110, isHeld: true, forgotten: false },
    { watermark: 30, now: 110, isHeld: false, forgotten: true },
  ])('one that ended at 20 and closed at 100, watermark $watermark, now $now, its key held $isHeld: forgotten $forgotten', ({ watermark, now, isHeld, forgotten }) => {
    const { closed, held } = memory([mark(10, 20, { closedAt: 100 })]);
    if (isHeld) held.add(KEY);
    closed.forgetDue(watermark, now);
    closed.forget(KEY, watermark, now);

    expect(closed.of(KEY)).toHaveLength(forgotten ? 0 : 1);
  });

  test('the clock comes first, the watermark later: then it is forgotten, and its end told if it was still owed', () => {
    const { closed, told } = memory([mark(10, 20, { owesClosed: true }), mark(30, 40)]);
    expect(closed.next()).toBe(10);
    closed.forgetDue(-Infinity, 10);
    expect([told, closed.next()]).toStrictEqual([[], Infinity]);

    closed.advance(29, 11);
    expect(told).toStrictEqual([]);
    closed.advance(30, 11);
    expect([told, closed.of(KEY)]).toStrictEqual([['[10, 20)'], [mark(30, 40)]]);
    closed.advance(50, 11);
    expect([told, closed.of(KEY), [...closed.all()]]).toStrictEqual([['[10, 20)'], [], []]);
  });

  test('they stand by their start, whatever order they closed in', () => {
    const { closed } = memory();
    for (const start of [30, 10, 20]) closed.remember(KEY, { start, end: start + 10 }, 0, false, 0);

    expect(closed.of(KEY)).toStrictEqual([mark(10, 20), mark(20, 30), mark(30, 40)]);
  });

  test('the seventeenth makes one span of the two oldest, remembered as long as the younger of them', () => {
    const sixteen = Array.from({ length: 16 }, (_, n) => mark(n * 100, n * 100 + 10, { closedAt: n === 1 ? 99 : n, ordinal: n, owesClosed: n === 1 }));
    const { closed } = memory(sixteen);
    closed.remember(KEY, { start: 5_000, end: 5_010 }, 16, false, 200);

    expect(closed.of(KEY)).toStrictEqual([mark(0, 110, { closedAt: 99, owesClosed: true }), ...sixteen.slice(2), mark(5_000, 5_010, { closedAt: 200, ordinal: 16 })]);
  });
});
