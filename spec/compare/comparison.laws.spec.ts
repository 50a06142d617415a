import * as fc from 'fast-check';
import type { Kind } from '../../src/compare/reasons.js';
import { bodies, bodiesByEntry, found, withHeaders, written, type Session, type Written } from './pipelines.js';

const GAP = 60;

/** Pauses in tenths of a second, none shorter than what counts as the same instant, some longer than the gap. */
const pause = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 11, max: 598 }) }, { weight: 1, arbitrary: fc.integer({ min: 610, max: 3_000 }) });

const session = fc.array(fc.tuple(fc.constantFrom('Home', 'Shop', 'Basket', 'Größe – wählen'), pause), { minLength: 1, maxLength: 12 }).map((steps) => {
  let at = 0;
  return steps.map(([page, tenths]) => [page, (at += tenths) / 10] as const);
});

const sessions: fc.Arbitrary<readonly Session[]> = fc.array(session, { minLength: 1, maxLength: 8 }).map((all) => all.map((views, number) => ({ session: `s${number}`, views })));

/** How a side is written down. */
const form = fc.constantFrom(withHeaders, bodies, bodiesByEntry);

const runs = { numRuns: 300 };

test('law: nothing differs from itself, in whatever form and order', () => {
  fc.assert(
    fc.property(sessions, form, form, fc.func(fc.nat()), (all, left, right, key) => {
      const records = written(all, GAP);
      const shuffled = records.map((it, place) => ({ it, by: key(place) })).sort((a, b) => a.by - b.by).map(({ it }) => it);
      expect(found(left(records), right(shuffled))).toEqual({ same: records.length, differences: [] });
    }),
    runs,
  );
});

test('law: left and right are called by their names, whichever is which', () => {
  const swapped = (why: string) => why.replaceAll(/left|right/g, (side) => (side === 'left' ? 'right' : 'left'));
  fc.assert(
    fc.property(sessions, sessions, fc.constantFrom(GAP, 20), (one, other, gap) => {
      const [left, right] = [withHeaders(written(one, GAP)), withHeaders(written(other, gap))];
      const [there, back] = [found(left, right), found(right, left)];
      expect(back.same).toBe(there.same);
      expect(back.differences.map(({ why, count }) => [swapped(why), count]).sort()).toEqual(there.differences.map(({ why, count }) => [why, count]).sort());
    }),
    runs,
  );
});

/** Changes a record, or drops it. */
type Plant = { readonly kind: Kind; readonly fits: (it: Written) => boolean; readonly plant: (it: Written) => readonly Written[] };

const rest = ({ body, pane }: Written, time: number): Written => ({ pane, body: { ...body, time_spent_seconds: time } });

const isMeasured = ({ pane }: Written): boolean => pane.rule === 'next_view';

/** What is left of the session: its end is told by the last page. */
const PLANTS: readonly Plant[] = [
  { kind: 'rounding', fits: (it) => isMeasured(it) && it.body.time_spent_seconds % 1 !== 0, plant: (it) => [rest(it, Math.round(it.body.time_spent_seconds))] },
  { kind: 'last_page', fits: (it) => !isMeasured(it), plant: () => [] },
  { kind: 'last_page', fits: (it) => !isMeasured(it), plant: (it) => [rest(it, 12.5)] },
  { kind: 'page_name', fits: () => true, plant: ({ body, pane }) => [{ pane, body: { ...body, page: `${body.page} | Shop` } }] },
  { kind: 'revision', fits: isMeasured, plant: (it) => [it, { ...rest(it, it.body.time_spent_seconds + 5.5), pane: { ...it.pane, revision: 1 } }] },
  { kind: 'time_spent', fits: (it) => isMeasured(it) && it.body.time_spent_seconds % 1 !== 0 && it.body.time_spent_seconds > 4, plant: (it) => [rest(it, Math.round((it.body.time_spent_seconds - 2.3) * 10) / 10)] },
  { kind: 'missing_right', fits: (it) => isMeasured(it), plant: () => [] },
];

test.each(PLANTS)('law: one planted difference of the kind $kind is found, and nothing else', ({ kind, fits, plant }) => {
  fc.assert(
    fc.property(sessions, form, fc.nat(), (all, left, choice) => {
      // Another session of two pages makes sure that a page is measured and a last one is told.
      const records = written([...all, { session: 'other', views: [['Home', 0], ['Shop', 17.7]] }], GAP);
      // A lone last page that is missing might be missing for any reason.
      const places = records.flatMap((it, place) => (fits(it) && (kind !== 'last_page' || records[place - 1]?.body.window_end === it.body.window_end) ? [place] : []));
      const place = places[choice % places.length]!;
      const right = withHeaders(records.flatMap((it, at) => (at === place ? plant(it) : [it])));
      const { same, differences } = found(left(records), right);
      expect(differences).toMatchObject([{ kind, count: 1 }]);
      expect(same).toBe(records.length - 1);
    }),
    runs,
  );
});

test('law: a view that one side has not counted is called late there, and so is the page before it', () => {
  fc.assert(
    fc.property(sessions, form, form, fc.nat(), (all, left, right, choice) => {
      const some = [...all, { session: 'other', views: [['Home', 0], ['Shop', 17.7], ['Basket', 31.2]] }] satisfies readonly Session[];
      // Inside of a session that stays one without it.
      const places = some.flatMap(({ views }, number) =>
        views.flatMap(([, at], place) => (place > 0 && place < views.length - 1 && views[place + 1]![1] - views[place - 1]![1] < GAP && at > 0 ? [{ number, place }] : [])),
      );
      const dropped = places[choice % places.length]!;
      const fewer = some.map((it, number) => (number === dropped.number ? { ...it, views: it.views.filter((_, place) => place !== dropped.place) } : it));
      const { differences } = found(left(written(some, GAP)), right(written(fewer, GAP)));
      expect(differences.map(({ kind, count }) => [kind, count])).toEqual([['lateness', 1], ['lateness', 1]]);
    }),
    runs,
  );
});

test('law: another gap is told by boundaries and last pages alone', () => {
  fc.assert(
    fc.property(sessions, form, (all, left) => {
      const { differences } = found(left(written(all, GAP)), withHeaders(written(all, 30.05)));
      expect(differences.filter(({ kind }) => kind !== 'boundary' && kind !== 'last_page')).toEqual([]);
    }),
    runs,
  );
});
