import { ANY_ORDER, type Planned } from '../../src/simulate/planned.js';
import { random, type Random } from '../../src/traffic/random.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Event time from one message to the next, ms. */
const STEP = 100;

/** The gap between sessions that the load is made for, ms. */
export const GAP = MINUTE;

/** An event is published at most so long, in event time, after one that is newer: what publishers do to the order. */
const JITTER = 5 * SECOND;

/** So many messages may have been published since the oldest that is not acked, whatever the pipeline suffers. */
export const MOST_UNACKED = 500;

/** So far behind the newest event, in ms, an event may be processed; the pipeline has to allow it. */
export const MAX_OUT_OF_ORDERNESS = MOST_UNACKED * STEP + JITTER + 20 * SECOND;

/** A session whose last event is so far, in ms, behind the newest that the watermark knows of, is closed. */
const SURELY_CLOSED = MAX_OUT_OF_ORDERNESS + GAP + 2 * JITTER;

/** Of events without any order: so far behind the others at most. */
const ANY_AGE = 3 * MAX_OUT_OF_ORDERNESS;

const VISITORS = 250;
const TITLES: readonly [string, ...string[]] = ['Home Page', 'Basket', 'Support', 'Café', 'Größe – wählen', 'Bills & Payments', 'Roaming'];

/**
 * Two loads at once, told apart by their sessions.
 *
 * In the first, what becomes of an event does not depend on the order of delivery, as long as
 * {@link MOST_UNACKED} is kept: it is on time under every redelivery, or late or in the future beyond
 * doubt. One in eleven pauses splits a session. In the second, events are up to {@link ANY_AGE} old,
 * and any redelivery may change what is late; every message has a page of its own.
 *
 * @param known how many messages the watermark knows of, whatever dies: those are committed, and
 * nothing held it back then. Before that nothing is late beyond doubt.
 */
export function* load(seed: number, known: () => number): Generator<Planned, never> {
  const chance = random(seed);
  const start = Date.now() - 12 * HOUR;
  let sessions = 0;
  const newSession = (prefix: string): string => `${prefix}-${(sessions += 1)}`;
  const visitors = Array.from({ length: VISITORS }, () => newSession('visitor'));
  const anyhow = Array.from({ length: Math.ceil(VISITORS / 4) }, () => newSession(ANY_ORDER));
  const gone: { readonly session: string; readonly at: number; readonly lastAt: number }[] = [];

  for (let n = 0; ; n += 1) {
    const now = start + n * STEP;
    const at = Math.round(now - chance.between(0, JITTER));
    const slot = chance.below(VISITORS);
    const session = visitors[slot] ?? '';
    const view = { session, page: chance.pick(TITLES), at };
    const roll = chance.fraction();

    if (roll < 0.15) yield { n, due: 'either', data: event({ session: someOf(anyhow, chance), page: `Page ${n}`, at: Math.round(now - chance.between(0, ANY_AGE)) }) };
    else if (roll < 0.16) yield { n, due: 'invalid', data: event({ ...view, session: undefined }) };
    else if (roll < 0.165) yield { n, due: 'not_json', data: event(view).slice(0, -1) };
    else if (roll < 0.18) yield { n, due: 'excluded', data: event({ ...view, name: 'scroll' }) };
    else if (roll < 0.185) yield { n, due: 'future', data: event({ ...view, at: Math.round(Date.now() + chance.between(HOUR, 1_000 * HOUR)) }) };
    else if (roll < 0.19) yield { n, due: 'result', data: event({ ...view, session: newSession('long-ago'), at: at - 24 * HOUR }) };
    else if (roll < 0.2 && gone[0] && gone[0].lastAt < start + known() * STEP - SURELY_CLOSED) yield { n, due: 'late', data: event({ ...gone.shift(), page: 'Too late' }) };
    else {
      yield { n, due: 'result', data: event(view) };
      // The same row under another message id.
      if (chance.chance(0.02)) yield { n: (n += 1), due: 'duplicate', data: event(view) };
      if (chance.chance(0.05)) {
        gone.push({ session, at, lastAt: now });
        visitors[slot] = newSession('visitor');
      }
      if (chance.chance(0.01)) anyhow[chance.below(anyhow.length)] = newSession(ANY_ORDER);
    }
  }
}

/** So new that it closes everything of the load before it but what is historic. */
export const closing = (n: number): Planned => ({
  n, due: 'result', data: event({ session: 'closing', page: 'Closing', at: Date.now() - MINUTE }),
});

/** As many sessions of one view each, so close together that nothing of the burst closes another. */
export const burst = (count: number): Planned[] => {
  const start = Date.now() - 12 * HOUR;
  return Array.from({ length: count }, (_, n) => ({ n, due: 'result', data: event({ session: `burst-${n}`, page: 'Home Page', at: start + Math.floor((n / count) * SECOND) }) }));
};

const someOf = (sessions: readonly string[], chance: Random): string => sessions[chance.below(sessions.length)] ?? '';

const event = ({ session, page, at, name = 'page_view' }: { readonly session?: string | undefined; readonly page: string; readonly at?: number; readonly name?: string }): string =>
  JSON.stringify({ session_id: session, page_title: page, ga_event_dtm: at === undefined ? undefined : new Date(at).toISOString(), event_name: name });
