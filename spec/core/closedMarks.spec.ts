import { anyOverlaps, isForgettable, remember } from '../../operators/core/closedMarks.js';
import type { Mark } from '../../operators/core/session.js';

const mark = (start: number, end: number, rest: Partial<Mark> = {}): Mark => ({ start, end, closedAt: 0, owesClosed: false, ordinal: 0, ...rest });

describe('closed marks', () => {
  test.each([
    { name: 'before', start: 0, end: 10, overlaps: false },
    { name: 'into its start', start: 5, end: 10.5, overlaps: true },
    { name: 'inside', start: 12, end: 13, overlaps: true },
    { name: 'around', start: 0, end: 50, overlaps: true },
    { name: 'from its last instant', start: 19.5, end: 30, overlaps: true },
    { name: 'from its end', start: 20, end: 30, overlaps: false },
  ])('a window $name: overlaps $overlaps', ({ start, end, overlaps }) => {
    expect(anyOverlaps([mark(-90, -80), mark(10, 20)], start, end)).toBe(overlaps);
  });

  test.each([
    { watermark: 29, now: 110, forgettable: false },
    { watermark: 30, now: 109, forgettable: false },
    { watermark: 30, now: 110, forgettable: true },
    { watermark: -Infinity, now: Infinity, forgettable: false },
  ])('ending at 20 and closed at 100, with a memory of 10, watermark $watermark, now $now: forgettable $forgettable', ({ watermark, now, forgettable }) => {
    expect(isForgettable(mark(10, 20, { closedAt: 100 }), 10, watermark, now)).toBe(forgettable);
  });

  test('they stand by their start, whatever order they closed in', () => {
    expect([mark(30, 40), mark(10, 20), mark(20, 30)].reduce(remember, [])).toStrictEqual([mark(10, 20), mark(20, 30), mark(30, 40)]);
  });

  test('the seventeenth makes one span of the two oldest, remembered as long as the younger of them', () => {
    const sixteen = Array.from({ length: 16 }, (_, n) => mark(n * 100, n * 100 + 10, { closedAt: n, ordinal: n }));
    const owing = sixteen.map((it, n) => (n === 1 ? { ...it, closedAt: 99, owesClosed: true } : it));
    const all = remember(owing, mark(5_000, 5_010));

    expect(all).toHaveLength(16);
    expect(all.slice(0, 2)).toStrictEqual([mark(0, 110, { closedAt: 99, owesClosed: true }), owing[2]]);
    expect(all.at(-1)).toStrictEqual(mark(5_000, 5_010));
  });
});
