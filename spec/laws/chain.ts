import * as fc from 'fast-check';
import { pipe } from 'rxjs';
import {
  assignWatermarks, branch, dedupeEmitted, earlyTrigger, sessionWindow, StateSlot,
  type DedupeEmittedSlot, type EarlyTriggerSlot, type Millis, type Pane, type SessionWindowSlot, type WatermarksSlot,
} from '../../operators/index.js';
import { Drive, HandClock } from '../operators/drive.js';
import type { Options } from '../operators/sessions.js';
import { hit, hits, type Hit, type Hits } from '../operators/values.js';

/** Rules of the whole chain. Idleness counts in seconds, so all durations do. */
export interface ChainRules extends Options {
  readonly maxOutOfOrderness: Millis;
  readonly idleTimeout: Millis;
  readonly every: Millis;
}

/** The time a visitor spent on a page: until the next page, or until the end of the session. */
export interface Spent {
  readonly page: string;
  readonly at: Millis;
  readonly spent: Millis;
}

/** An early pane leaves the last page out: nobody knows yet when it is left. */
export const timesSpent = ({ value, window, timing }: Pane<string, Hits>): readonly Spent[] =>
  value.slice(0, timing === 'EARLY' ? -1 : value.length).map(({ page, at }, n) => ({ page, at, spent: (value[n + 1]?.at ?? window.end) - at }));

export interface Slots {
  readonly watermarks: WatermarksSlot;
  readonly sessions: SessionWindowSlot<string, Hits>;
  readonly triggers: EarlyTriggerSlot<string>;
  readonly emitted: DedupeEmittedSlot<string, Spent>;
}

export const newSlots = (): Slots => ({ watermarks: new StateSlot(), sessions: new StateSlot(), triggers: new StateSlot(), emitted: new StateSlot() });

/** What a restart does: every snapshot goes through JSON, and comes back in slots of its own. */
export const restored = (from: Slots): Slots => ({
  watermarks: new StateSlot(throughJson(from.watermarks.snapshot())),
  sessions: new StateSlot(throughJson(from.sessions.snapshot())),
  triggers: new StateSlot(throughJson(from.triggers.snapshot())),
  emitted: new StateSlot(throughJson(from.emitted.snapshot())),
});

const throughJson = <T>(value: T): T => {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
};

/** All operators of this library in a row, on a clock that a spec moves by hand. */
export const chain = ({ maxOutOfOrderness, idleTimeout, every, ...rules }: ChainRules, state = newSlots(), start: Millis = 0) =>
  new Drive((scheduler) => pipe(
    assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness, idleTimeout, scheduler, state: state.watermarks }),
    branch('Future', () => undefined),
    sessionWindow<string, Hit, Hits>({ key: (it) => it.key, gap: 10_000, aggregate: hits, ...rules, scheduler, state: state.sessions }),
    earlyTrigger({ every, scheduler, state: state.triggers }),
    dedupeEmitted({ results: timesSpent, identity: ({ page, at }: Spent) => `${page} ${at}`, same: (a, b) => a.spent === b.spent, state: state.emitted }),
  ), new HandClock(start));

/** What happens to a chain: a hit of so many ms before the newest one, or after it, comes; or time goes by. */
export type Event = { readonly kind: 'hit'; readonly value: Hit } | { readonly kind: 'wait'; readonly for: Millis };

const HALF_SECOND = 500;
const times = (min: Millis, max: Millis): fc.Arbitrary<Millis> => fc.integer({ min: min / HALF_SECOND, max: max / HALF_SECOND }).map((n) => n * HALF_SECOND);

export const KEYS = ['ada', 'bob', 'eve'] as const;

/** Visitors whose hits come in disorder, some much too late, with pauses long enough to be idle. */
export const events: fc.Arbitrary<Event[]> = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('hit' as const), key: fc.constantFrom(...KEYS), page: fc.constantFrom('/', '/buy'), by: fc.oneof(times(-6_000, 9_000), times(-60_000, 20_000)) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), for: fc.oneof(times(500, 5_000), times(500, 60_000)) }) },
), { maxLength: 50 }).map((moves) => {
  let newest = 0;
  return moves.map((move): Event => {
    if (move.kind === 'wait') return move;
    const at = newest + move.by;
    newest = Math.max(newest, at);
    return { kind: 'hit', value: hit(move.page, at, move.key) };
  });
});

export const chainRules = fc.record({
  maxOutOfOrderness: fc.constantFrom(0, 2_000, 5_000),
  idleTimeout: fc.constantFrom(3_000, 20_000, Infinity),
  every: fc.constantFrom(1_500, 5_000, 30_000),
  allowedLateness: fc.constantFrom(0, 15_000),
  accumulation: fc.constantFrom('ACCUMULATING' as const, 'DISCARDING' as const),
  historic: fc.constantFrom('process' as const, 'process' as const, 'late' as const),
  historicTimeout: fc.constantFrom(4_000, 20_000),
  closedSessionMemory: fc.constantFrom(10_000, 40_000, 600_000),
  maxSessionEvents: fc.constantFrom(2, 5, 10_000),
  maxSessionDuration: fc.constantFrom(20_000, 86_400_000),
});

/** Plays one event. */
export const meet = (drive: ReturnType<typeof chain>, event: Event): void => {
  if (event.kind === 'hit') drive.send(event.value);
  else drive.advanceTo(drive.clock.now() + event.for);
};
