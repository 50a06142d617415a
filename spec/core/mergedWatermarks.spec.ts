import { MergedWatermarks } from '../../operators/core/mergedWatermarks.js';
import type { Millis } from '../../operators/index.js';

/** What an input brings at an instant of processing time: a watermark, or something else. */
interface Move {
  readonly at: Millis;
  readonly from: number;
  readonly watermark?: Millis;
}

interface Case {
  readonly name: string;
  readonly moves: readonly Move[];
  /** When the merged watermark rose, and to what, until 100. */
  readonly rises: readonly (readonly [Millis, Millis])[];
}

const INPUTS = 2;
const IDLE_TIMEOUT = 10;

/** Plays moves, and looks at each millisecond whether an input has fallen silent. */
const risesOf = (moves: readonly Move[], inputs = INPUTS): (readonly [Millis, Millis])[] => {
  const merged = new MergedWatermarks(inputs, IDLE_TIMEOUT, 0);
  const rises: (readonly [Millis, Millis])[] = [];
  const look = (now: Millis): void => {
    const risen = merged.takeRisen(now);
    if (risen !== undefined) rises.push([now, risen]);
  };
  for (let now = 0; now <= 100; now += 1) {
    look(now);
    for (const { from, watermark } of moves.filter(({ at }) => at === now)) {
      merged.heard(from, now);
      if (watermark !== undefined) merged.advance(from, watermark);
      look(now);
    }
  }
  return rises;
};

describe('MergedWatermarks of two inputs, idle after 10', () => {
  test.each<Case>([
    { name: 'the least counts', moves: [{ at: 1, from: 0, watermark: 50 }, { at: 2, from: 1, watermark: 30 }, { at: 3, from: 1, watermark: 70 }], rises: [[2, 30], [3, 50], [11, 70]] },
    { name: 'one that goes back takes nothing back', moves: [{ at: 1, from: 0, watermark: 50 }, { at: 2, from: 1, watermark: 30 }, { at: 3, from: 1, watermark: 20 }, { at: 4, from: 1, watermark: 25 }], rises: [[2, 30], [14, 50]] },
    { name: 'an input that has never said anything holds for as long as it is not idle', moves: [{ at: 3, from: 0, watermark: 50 }], rises: [[10, 50]] },
    { name: 'an input that is idle does not hold the other', moves: [{ at: 1, from: 1, watermark: 30 }, { at: 2, from: 0, watermark: 50 }, { at: 9, from: 0, watermark: 60 }], rises: [[2, 30], [11, 60]] },
    { name: 'anything from it keeps it from being idle', moves: [{ at: 1, from: 1, watermark: 30 }, { at: 2, from: 0, watermark: 50 }, { at: 8, from: 1 }, { at: 9, from: 0 }], rises: [[2, 30], [18, 50]] },
    { name: 'when it speaks again it holds again, and the merged watermark stands', moves: [{ at: 1, from: 1, watermark: 30 }, { at: 9, from: 0, watermark: 50 }, { at: 15, from: 1, watermark: 35 }, { at: 16, from: 0, watermark: 60 }, { at: 17, from: 1, watermark: 55 }], rises: [[9, 30], [11, 50], [17, 55], [27, 60]] },
    { name: 'when all are idle the furthest counts, also when it fell silent first', moves: [{ at: 1, from: 0, watermark: 50 }, { at: 5, from: 1, watermark: 30 }], rises: [[5, 30], [15, 50]] },
    { name: 'and when it fell silent last', moves: [{ at: 1, from: 1, watermark: 30 }, { at: 5, from: 0, watermark: 50 }], rises: [[5, 30], [11, 50]] },
    { name: 'one that has ended does not hold the other, and is not the furthest', moves: [{ at: 1, from: 1, watermark: Infinity }, { at: 5, from: 0, watermark: 50 }], rises: [[5, 50]] },
    { name: 'when both have ended, so has the merged one', moves: [{ at: 1, from: 1, watermark: Infinity }, { at: 50, from: 0, watermark: Infinity }], rises: [[50, Infinity]] },
    { name: 'nobody says anything', moves: [], rises: [] },
  ])('$name', ({ moves, rises }) => {
    expect(risesOf(moves)).toStrictEqual(rises);
  });

  test('no input at all has ended', () => {
    expect(risesOf([], 0)).toStrictEqual([[0, Infinity]]);
  });

  test('it tells when the next input falls silent', () => {
    const merged = new MergedWatermarks(INPUTS, IDLE_TIMEOUT, 0);
    merged.heard(0, 4);
    expect([merged.nextIdle(4), merged.nextIdle(10), merged.nextIdle(14)]).toStrictEqual([10, 14, Infinity]);

    merged.advance(1, Infinity);
    expect(merged.nextIdle(4)).toBe(14);
  });
});
