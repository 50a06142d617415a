import * as fc from 'fast-check';
import type { EarlyDeadline, HeldSession, KeyedEmissions, KeyedSessions, Mark } from '../../operators/index.js';
import type { StateEntry } from '../../src/changelog/committedState.js';
import { PageTime } from '../../src/model/pageTime.js';
import type { Visit } from '../../src/model/pageView.js';
import { Visits } from '../../src/model/visits.js';
import type { SeenId } from '../../src/runtime/messageIds.js';

/** Times as they are (whole) and as clocks give them (with a fraction); JSON has no negative zero. */
const finite = fc.oneof(fc.integer({ min: 0, max: 2_000_000_000_000 }), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);

const window = fc.record({ start: finite, end: finite });
const names = fc.oneof(fc.constantFrom('Home Page', 'Basket', '0'), fc.string({ unit: 'binary' }));
const extra = fc.option(fc.dictionary(fc.constantFrom('segment', 'device', '__proto__'), fc.option(names)), { nil: undefined });

const batch = fc.oneof(
  fc.constant({ hasBatch: false, batchPage: 0, batchOrdering: 0, batchIndex: 0 }),
  fc.record({ hasBatch: fc.constant(true), batchPage: finite, batchOrdering: finite, batchIndex: finite }),
);

const visit: fc.Arbitrary<Visit> = fc.tuple(fc.record({ timestamp: finite, title: names, page: names, extra }), fc.boolean(), batch).map(
  ([named, isNamedByTitle, order]) => ({ ...named, ...order, page: isNamedByTitle ? named.title : named.page }),
);

const held: fc.Arbitrary<HeldSession<Visits>> = fc.record({
  window, accumulator: fc.array(visit, { maxLength: 20 }).map((visits) => Visits.of(visits)), events: fc.nat(),
  mode: fc.constantFrom('live' as const, 'fired' as const, 'historic' as const), index: fc.nat(), fresh: fc.boolean(), arrivedAt: finite, ordinal: fc.nat(),
});
const mark: fc.Arbitrary<Mark> = fc.record({ start: finite, end: finite, closedAt: finite, owesClosed: fc.boolean(), ordinal: fc.nat() });

export const sessionsValue: fc.Arbitrary<KeyedSessions<Visits>> = fc.record({ sessions: fc.array(held, { maxLength: 3 }), closed: fc.array(mark, { maxLength: 3 }) });
export const earlyValue: fc.Arbitrary<readonly EarlyDeadline[]> = fc.array(fc.record({ window, at: finite, ordinal: fc.nat() }), { maxLength: 3 });

const pageTime: fc.Arbitrary<PageTime> = fc.record({
  page: names, entry: finite, timeSpent: finite, rule: fc.constantFrom('next_view' as const, 'session_gap' as const), elementTimestamp: finite, extra,
}).map((it) => new PageTime(it.page, it.entry, it.timeSpent, it.rule, it.elementTimestamp, it.extra));
export const emittedValue: fc.Arbitrary<KeyedEmissions<PageTime>> = fc.array(
  fc.tuple(fc.record({ value: pageTime, revision: fc.nat(), window }), fc.option(names)).map(
    ([emission, identity]) => [identity ?? `${emission.value.entry} ${emission.value.page}`, emission] as const,
  ),
  { maxLength: 3 },
);

const seenId: fc.Arbitrary<SeenId> = fc.record({ id: names, seenAt: finite, pinned: fc.boolean() });
const orGone = <V>(value: fc.Arbitrary<V>): fc.Arbitrary<V | undefined> => fc.option(value, { nil: undefined });

/** Any entry that there can be, with everything in it that can be. */
export const anyEntry: fc.Arbitrary<StateEntry<Visits>> = fc.oneof(
  fc.record({ _tag: fc.constant('Sessions' as const), key: names, value: orGone(sessionsValue) }),
  fc.record({ _tag: fc.constant('Early' as const), key: names, value: orGone(earlyValue) }),
  fc.record({ _tag: fc.constant('Emitted' as const), key: names, value: orGone(emittedValue) }),
  fc.record({ _tag: fc.constant('Ids' as const), ids: fc.uniqueArray(seenId, { minLength: 1, maxLength: 5, selector: ({ id }) => id }) }),
);
