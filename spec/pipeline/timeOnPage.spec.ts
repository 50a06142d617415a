import * as fc from 'fast-check';
import type { Pane } from '../../operators/index.js';
import type { Visit } from '../../src/model/pageView.js';
import { Visits } from '../../src/model/visits.js';
import { timeOnPage } from '../../src/stages/timeOnPage.js';

type Batch = readonly [page: number, ordering: number, index: number];

const visit = (page: string, timestamp: number, batch?: Batch, title = page): Visit => {
  const [batchPage, batchOrdering, batchIndex] = batch ?? [0, 0, 0];
  return { page, title, timestamp, hasBatch: batch !== undefined, batchPage, batchOrdering, batchIndex, extra: undefined };
};

const pane = (visits: readonly Visit[], change: Partial<Pane<string, Visits>> = {}): Pane<string, Visits> => {
  const times = visits.map(({ timestamp }) => timestamp);
  const window = { start: Math.min(...times), end: Math.max(...times) + 60_000 };
  return { _tag: 'Pane', key: 's', window, value: Visits.of(visits), timing: 'ON_TIME', index: 0, isFirst: true, isLast: true, historic: false, forced: false, ...change };
};

const rules = { lastPage: 'gap', earlyLastPage: false } as const;
const times = (of: Pane<string, Visits>, with_: Partial<Parameters<typeof timeOnPage>[0]> = {}) =>
  timeOnPage({ ...rules, ...with_ })(of).map(({ page, timeSpent, rule }) => [page, timeSpent, rule]);

describe('time on page', () => {
  const three = [visit('A', 0), visit('B', 30_000), visit('C', 45_500)];

  test('runs to the next view, of the last page to the end of the window', () => {
    expect(times(pane(three))).toEqual([['A', 30_000, 'next_view'], ['B', 15_500, 'next_view'], ['C', 60_000, 'session_gap']]);
  });

  test('of the last page is left out when it is to be', () => {
    expect(times(pane(three), { lastPage: 'omit' })).toEqual([['A', 30_000, 'next_view'], ['B', 15_500, 'next_view']]);
  });

  test('of the page that is still open is left out of an early pane, unless it is asked for', () => {
    expect(times(pane(three, { timing: 'EARLY' }))).toEqual([['A', 30_000, 'next_view'], ['B', 15_500, 'next_view']]);
    expect(times(pane(three, { timing: 'EARLY' }), { earlyLastPage: true })).toHaveLength(3);
    expect(times(pane(three.slice(0, 1), { timing: 'EARLY' }))).toEqual([]);
  });

  test('of a page that will have no result is not shown early either', () => {
    expect(times(pane(three, { timing: 'EARLY' }), { lastPage: 'omit', earlyLastPage: true })).toEqual([['A', 30_000, 'next_view'], ['B', 15_500, 'next_view']]);
  });

  test('of the last page is a measurement in a window that a cap closed, for the next view closed it', () => {
    const capped = pane(three, { forced: 'cap', window: { start: 0, end: 50_000 } });
    expect(times(capped, { lastPage: 'omit' })).toContainEqual(['C', 4_500, 'next_view']);
  });

  test('of one page seen under two titles at one instant is one result', () => {
    const twice = pane([visit('Home', 0, undefined, 'Home'), visit('Home', 0, undefined, 'HOME'), visit('B', 10_000)]);
    expect(times(twice)).toEqual([['Home', 10_000, 'next_view'], ['B', 60_000, 'session_gap']]);
  });

  describe('of the last page, seen before at the same instant,', () => {
    const home = (title: string, ordering: number): Visit => visit('Home', 5_000, [0, ordering, 0], title);
    const told = (visits: readonly Visit[], timing: 'EARLY' | 'ON_TIME') => times(pane(visits, { timing }), { lastPage: 'omit' });
    const other = visit('B', 5_000, [0, 2, 0]);

    test('is what was measured then, if another page came between: what an early pane told stands', () => {
      expect(told([home('Home', 1), other], 'EARLY')).toEqual([['Home', 0, 'next_view']]);
      expect(told([home('Home', 1), other, home('HOME', 3), home(' Home', 4)], 'ON_TIME')).toEqual([['Home', 0, 'next_view'], ['B', 0, 'next_view']]);
    });

    test('is none, if no other page came between: it is one view', () => {
      expect(told([home('Home', 1), home('HOME', 3)], 'ON_TIME')).toEqual([]);
      expect(told([other, home('HOME', 3), home(' Home', 4)], 'ON_TIME')).toEqual([['B', 0, 'next_view']]);
    });
  });

  test('among equal timestamps follows GA4 batch order, those with batch fields first, then the page', () => {
    const equal = [visit('none', 0), visit('third', 0, [1, 10, 0]), visit('second', 0, [1, 9, 7]), visit('first', 0, [0, 99, 0]), visit('also none', 0)];
    fc.assert(
      fc.property(fc.shuffledSubarray(equal, { minLength: equal.length }), (arrival) => {
        expect(timeOnPage(rules)(pane(arrival)).map(({ page }) => page)).toEqual(['first', 'second', 'third', 'also none', 'none']);
      }),
    );
  });

  test('law: never negative, never NaN, adds up to the window, and does not depend on the order of arrival', () => {
    const anyVisit = fc.record({ page: fc.constantFrom('A', 'B', 'C'), timestamp: fc.integer({ min: 0, max: 50_000 }) }).map(({ page, timestamp }) => visit(page, timestamp));
    const distinct = fc.uniqueArray(anyVisit, { minLength: 1, maxLength: 40, selector: ({ page, timestamp }) => `${timestamp} ${page}` });
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.double({ noNaN: true })), (visits, chance) => {
        const results = timeOnPage(rules)(pane(visits));
        for (const { timeSpent } of results) expect(timeSpent).toBeGreaterThanOrEqual(0);
        const { start, end } = pane(visits).window;
        expect(results.reduce((sum, { timeSpent }) => sum + timeSpent, 0)).toBe(end - start);
        const shuffled = visits.map((one) => ({ one, at: chance.next().value ?? 0 })).sort((a, b) => a.at - b.at).map(({ one }) => one);
        expect(timeOnPage(rules)(pane(shuffled))).toEqual(results);
      }),
    );
  });

  test('law: a result of an early pane is never left out later, whatever has come since', () => {
    const batch = fc.option(fc.tuple(fc.nat(1), fc.nat(3), fc.nat(1)), { nil: undefined });
    const anyVisit = fc.record({ title: fc.constantFrom('A', ' A', 'B', ' B'), timestamp: fc.nat(2), batch }).map((it) => visit(it.title.trim(), it.timestamp, it.batch, it.title));
    const shown = fc.record({ lastPage: fc.constantFrom('gap', 'omit'), earlyLastPage: fc.boolean() });
    const told = (of: Pane<string, Visits>, by: Parameters<typeof timeOnPage>[0]) => timeOnPage(by)(of).map((one) => one.identity());
    fc.assert(
      fc.property(fc.array(anyVisit, { minLength: 1, maxLength: 8 }), fc.nat(7), shown, (visits, more, by) => {
        const first = pane(visits.slice(0, Math.max(1, visits.length - more)), { timing: 'EARLY' });
        expect(told(pane(visits), by)).toEqual(expect.arrayContaining(told(first, by)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('visits', () => {
  test('law: a list that has grown leaves every earlier one as it was, also when an earlier one grows again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.nat(30), fc.constantFrom('A', 'B', 'C')), { maxLength: 60 }), (steps) => {
        const versions: { readonly visits: Visits; readonly model: readonly Visit[] }[] = [{ visits: Visits.NONE, model: [] }];
        for (const [pick, timestamp, page] of steps) {
          const from = versions[pick % versions.length];
          if (!from) continue;
          const known = from.model.some((other) => other.page === page && other.timestamp === timestamp);
          const grown = from.visits.with(visit(page, timestamp));
          expect(grown === undefined).toBe(known);
          if (grown) versions.push({ visits: grown, model: [...from.model, visit(page, timestamp)] });
        }
        for (const { visits, model } of versions) {
          expect(visits.length).toBe(model.length);
          expect(visits.inOrder()).toEqual([...model].sort((a, b) => a.timestamp - b.timestamp || (a.page < b.page ? -1 : 1)));
        }
      }),
    );
  });
});
