import * as fc from 'fast-check';
import { Deadlines } from '../../operators/core/deadlines.js';

/** Instants that share a bucket, lie far apart, before 1970, between milliseconds. */
const instants = fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -1e15, max: 1e15 }), fc.double({ min: -100, max: 100, noNaN: true }));
const moves = fc.array(fc.oneof({ weight: 2, arbitrary: fc.record({ add: instants }) }, { weight: 1, arbitrary: fc.record({ takeBy: instants }) }), { maxLength: 200 });

describe('Deadlines', () => {
  test('gives what is due by (time, age), as a sorted list would, whatever was added and taken before', () => {
    fc.assert(fc.property(moves, (played) => {
      const deadlines = new Deadlines<{ readonly ordinal: number }>();
      let list: { readonly at: number; readonly item: { readonly ordinal: number } }[] = [];
      let ordinal = 0;
      for (const move of played) {
        if ('add' in move) {
          const item = { ordinal: ordinal++ };
          deadlines.add(item, move.add);
          list = [...list, { at: move.add, item }].sort((a, b) => a.at - b.at || a.item.ordinal - b.item.ordinal);
        } else {
          const [first] = list;
          const due = first && first.at <= move.takeBy ? first : undefined;
          expect(deadlines.take(move.takeBy)).toStrictEqual(due);
          if (due) list = list.slice(1);
        }
        expect(deadlines.next()).toBe(list[0]?.at ?? Infinity);
      }
    }));
  });

  test('an older item goes first among those of one instant, also when it was added later', () => {
    const deadlines = new Deadlines<{ readonly ordinal: number }>();
    deadlines.add({ ordinal: 2 }, 10);
    deadlines.next();
    deadlines.add({ ordinal: 1 }, 10);

    expect([deadlines.take(10), deadlines.take(10), deadlines.take(10)].map((due) => due?.item.ordinal)).toStrictEqual([1, 2, undefined]);
  });

  test('what is never due is not kept', () => {
    const deadlines = new Deadlines<{ readonly ordinal: number }>();
    deadlines.add({ ordinal: 0 }, Infinity);

    expect(deadlines.take(Infinity)).toBeUndefined();
  });
});
