import { EarlyDeadlines } from '../../operators/core/earlyDeadlines.js';
import { snapshotOf } from '../../operators/state.js';
import type { Changed } from '../../operators/index.js';
import { pane, window } from '../operators/values.js';

const changed = (start: number, end: number, key = 'k'): Changed<string, undefined> => ({ _tag: 'Changed', key, window: window(start, end), replaces: [], draw: () => pane(start, end, undefined) });

/** Which windows are due, each at its first moment, until `last`. */
const drawn = (deadlines: EarlyDeadlines<string, undefined>, last = 100): (readonly [number, string, number, number])[] => {
  const all: (readonly [number, string, number, number])[] = [];
  for (let at = deadlines.next(); at <= last; at = deadlines.next()) {
    const due = deadlines.take(at);
    if (due) all.push([at, due.key, due.window.start, due.window.end]);
  }
  return all;
};

type Move = { readonly at: number; readonly changed: readonly [number, number]; readonly key?: string } | { readonly at: number; readonly fired: readonly [number, number] };

describe('EarlyDeadlines, every 10', () => {
  test.each<{ name: string; moves: readonly Move[]; expected: readonly (readonly [number, string, number, number])[] }>([
    { name: 'a window is due ten after its first news', moves: [{ at: 1, changed: [0, 5] }, { at: 7, changed: [0, 5] }], expected: [[11, 'k', 0, 5]] },
    { name: 'growth keeps the deadline', moves: [{ at: 1, changed: [5, 9] }, { at: 7, changed: [0, 9] }], expected: [[11, 'k', 0, 9]] },
    { name: 'a merge keeps the earliest', moves: [{ at: 3, changed: [0, 5] }, { at: 1, changed: [8, 13] }, { at: 7, changed: [0, 13] }], expected: [[11, 'k', 0, 13]] },
    { name: 'a window that fires is due no more', moves: [{ at: 1, changed: [0, 5] }, { at: 2, changed: [8, 13] }, { at: 7, fired: [0, 5] }], expected: [[12, 'k', 8, 13]] },
    { name: 'also when a cut made it smaller', moves: [{ at: 1, changed: [0, 5] }, { at: 7, fired: [0, 3] }], expected: [] },
    { name: 'windows that only touch are two', moves: [{ at: 1, changed: [0, 5] }, { at: 2, changed: [5, 10] }], expected: [[11, 'k', 0, 5], [12, 'k', 5, 10]] },
    { name: 'keys are apart', moves: [{ at: 1, changed: [0, 5] }, { at: 1, changed: [0, 5], key: 'l' }], expected: [[11, 'k', 0, 5], [11, 'l', 0, 5]] },
  ])('$name', ({ moves, expected }) => {
    const deadlines = new EarlyDeadlines<string, undefined>(10, false);
    for (const move of moves) {
      if ('changed' in move) deadlines.changed(changed(...move.changed, move.key), move.at);
      else deadlines.fired(pane(...move.fired, undefined));
    }

    expect(drawn(deadlines)).toStrictEqual(expected);
  });

  test('after a pane there is nothing to draw until there is news', () => {
    const deadlines = new EarlyDeadlines<string, undefined>(10, false);
    deadlines.changed(changed(0, 5), 1);
    drawn(deadlines);
    expect(deadlines.next()).toBe(Infinity);

    deadlines.changed(changed(0, 5), 30);
    expect(drawn(deadlines)).toStrictEqual([[40, 'k', 0, 5]]);
  });

  test('a restored deadline waits for its window to be announced, however late, or to fire', () => {
    const before = new EarlyDeadlines<string, undefined>(10, true);
    before.changed(changed(0, 5), 1);
    before.changed(changed(8, 13), 2);
    const after = new EarlyDeadlines<string, undefined>(10, true, snapshotOf(before));
    after.changed(changed(8, 13), 5);

    expect(drawn(after)).toStrictEqual([[12, 'k', 8, 13]]);
    expect(snapshotOf(after).entries).toStrictEqual([['k', [{ window: { start: 0, end: 5 }, at: 11, ordinal: 0 }]]]);
    after.fired(pane(0, 5, undefined));
    expect(snapshotOf(after).entries).toStrictEqual([]);
  });

  test('never is never', () => {
    const deadlines = new EarlyDeadlines<string, undefined>(Infinity, false);
    deadlines.changed(changed(0, 5), 1);

    expect([deadlines.next(), snapshotOf(deadlines).entries]).toStrictEqual([Infinity, []]);
  });
});
