import * as fc from 'fast-check';
import type { Visit } from '../../src/model/pageView.js';
import { Visits, visitsAggregate } from '../../src/model/visits.js';

const visit = (change: Partial<Visit>): Visit => ({
  timestamp: 0, title: 'A', page: 'A', hasBatch: false, batchPage: 0, batchOrdering: 0, batchIndex: 0, extra: undefined, ...change,
});

const grown = (from: Visits, visits: readonly Visit[]): Visits => visits.reduce<Visits>((list, one) => list.with(one) ?? list, from);

/** Visits that differ in title or time; enough of them for both ways to keep a list. */
const distinct = fc.uniqueArray(
  fc.record({
    timestamp: fc.nat(8), title: fc.constantFrom('A', 'a', ' A', 'B', 'C', 'D'), hasBatch: fc.boolean(),
    batchPage: fc.nat(2), batchOrdering: fc.nat(12), batchIndex: fc.nat(2),
  }).map((it) => visit({ ...it, page: it.title.trim().toUpperCase(), ...(!it.hasBatch && { batchPage: 0, batchOrdering: 0, batchIndex: 0 }) })),
  { maxLength: 50, selector: ({ timestamp, title }) => `${timestamp} ${title}` },
);

/** The order as it is agreed, one criterion after the other, by stable sorts from the last to the first. */
const agreedOrder = (visits: readonly Visit[]): readonly Visit[] => {
  const criteria: ((it: Visit) => number | string)[] = [
    (it) => it.timestamp, (it) => (it.hasBatch ? 0 : 1), (it) => it.batchPage, (it) => it.batchOrdering, (it) => it.batchIndex, (it) => it.page, (it) => it.title,
  ];
  return criteria.reduceRight<Visit[]>((sorted, by) => sorted.sort((a, b) => (by(a) < by(b) ? -1 : Number(by(a) > by(b)))), [...visits]);
};

describe('visits', () => {
  test('law: are in the agreed order, in whatever order they came', () => {
    fc.assert(
      fc.property(distinct.chain((visits) => fc.tuple(fc.constant(visits), fc.shuffledSubarray(visits, { minLength: visits.length }))), ([visits, arrival]) => {
        expect(grown(Visits.NONE, arrival).inOrder()).toEqual(agreedOrder(visits));
        expect(Visits.of(arrival).inOrder()).toEqual(agreedOrder(visits));
      }),
    );
  });

  test('batch fields are compared as numbers, not as text', () => {
    const [ninth, tenth] = [visit({ title: 'ninth', hasBatch: true, batchOrdering: 9 }), visit({ title: 'tenth', hasBatch: true, batchOrdering: 10 })];
    expect(grown(Visits.NONE, [tenth, ninth]).inOrder()).toEqual([ninth, tenth]);
  });

  test('law: the same title at the same time is known, whatever page it was then, short list or long', () => {
    fc.assert(
      fc.property(distinct, fc.nat(), (visits, pick) => {
        fc.pre(visits.length > 0);
        const list = grown(Visits.NONE, visits);
        const known = visits[pick % visits.length];
        expect(known && list.with({ ...known, page: 'another', hasBatch: !known.hasBatch })).toBeUndefined();
        expect(list.with(visit({ timestamp: 9 }))?.length).toBe(visits.length + 1);
        expect(list.length).toBe(visits.length);
      }),
    );
  });

  test('law: merged lists hold the visits of both, know them, and leave the parts as they were', () => {
    fc.assert(
      fc.property(distinct, fc.nat(50), (visits, cut) => {
        const [a, b] = [grown(Visits.NONE, visits.slice(0, cut)), grown(Visits.NONE, visits.slice(cut))];
        const merged = visitsAggregate.merge(a, b);
        expect(merged.inOrder()).toEqual(agreedOrder(visits));
        expect(visitsAggregate.merge(b, a).inOrder()).toEqual(agreedOrder(visits));
        for (const one of visits) expect(merged.with(one)).toBeUndefined();

        const more = merged.with(visit({ timestamp: 9 }));
        expect(more?.inOrder()).toHaveLength(visits.length + 1);
        expect(merged.inOrder()).toEqual(agreedOrder(visits));
        expect(a.inOrder()).toEqual(agreedOrder(visits.slice(0, cut)));
        expect(b.inOrder()).toEqual(agreedOrder(visits.slice(cut)));
      }),
    );
  });

  test('law: two lists that grow from one, short or long, do not see each other\'s visits', () => {
    fc.assert(
      fc.property(distinct, fc.nat(30), fc.nat(10), (visits, length, more) => {
        const [trunk, one, other] = [visits.slice(0, length), visits.slice(length, length + more), visits.slice(length + more)];
        const from = grown(Visits.NONE, trunk);
        const [left, right] = [grown(from, one), grown(from, other)];
        expect(from.inOrder()).toEqual(agreedOrder(trunk));
        expect(left.inOrder()).toEqual(agreedOrder([...trunk, ...one]));
        expect(right.inOrder()).toEqual(agreedOrder([...trunk, ...other]));
        for (const visit of one) expect(right.with(visit)?.length).toBe(right.length + 1);
      }),
    );
  });

  test('a list that is handed out does not change when it is sorted or the list grows', () => {
    const list = grown(Visits.NONE, Array.from({ length: 20 }, (_, n) => visit({ timestamp: 20 - n })));
    const before = list.inOrder();
    const copy = [...before];
    list.with(visit({ timestamp: 0 }));
    expect(before).toEqual(copy);
    expect(list.inOrder()).toEqual(copy);
  });
});
