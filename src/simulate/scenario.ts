import type { Millis } from '../../operators/index.js';
import { random, type Random } from '../traffic/random.js';
import type { DeliveryRules } from '../emulator/backlog.js';
import type { Ambush, Fault, FaultName } from './faults.js';
import { ANY_ORDER } from './planned.js';

const SECOND: Millis = 1_000;
const HOUR: Millis = 3_600 * SECOND;

/** The gap between sessions that scenarios are made for. */
export const GAP: Millis = 10 * SECOND;

/** So many messages may have been published since the oldest that is not acked. */
export const MOST_UNACKED = 12;

/** From one message to the next, at most. */
const MOST_STEP: Millis = 1.5 * SECOND;

/** An event is published at most so long after it happened. */
const JITTER: Millis = 4 * SECOND;

/** So far behind the newest event an event may be processed, whatever goes wrong; the pipeline has to allow it. */
export const MAX_OUT_OF_ORDERNESS: Millis = MOST_UNACKED * MOST_STEP + JITTER + 8 * SECOND;

/** A page view as it is planned; it happens `ago` before it is published. */
export interface PlannedView {
  readonly session: string;
  readonly page: string;
  readonly ago: Millis;
}

/** What a message is. */
export type Content =
  | { readonly _tag: 'View'; readonly view: PlannedView; readonly due: 'result' | 'either' }
  | { readonly _tag: 'Refused'; readonly view: PlannedView; readonly due: 'invalid' | 'not_json' | 'excluded' | 'future' }
  /** A view of long ago, by itself or soon after one of its session; it is published only when it is certain to be known as such. */
  | { readonly _tag: 'Old'; readonly view: PlannedView }
  /** The row of the message with this number, under another message id. */
  | { readonly _tag: 'Again'; readonly of: number }
  /** A view within a session that is over; it is published only if that is certain by then. */
  | { readonly _tag: 'TooLate'; readonly session: string };

export interface ScenarioMessage {
  readonly n: number;
  /** When it is published, unless too much is not acked: then it and all that follow come later. */
  readonly at: Millis;
  readonly content: Content;
  /** Each makes a delivery of its own, so long after the publication. */
  readonly delays: readonly Millis[];
  /** How often processing it breaks the pipeline. */
  readonly poison: 'never' | 'once' | 'always';
}

export interface ScenarioFault {
  readonly n: number;
  readonly at: Millis;
  readonly fault: Fault;
}

/** All that a simulated world is made of; what is left to chance follows from the seed. */
export interface Scenario {
  readonly seed: number;
  readonly subscription: DeliveryRules;
  readonly messages: readonly ScenarioMessage[];
  readonly faults: readonly ScenarioFault[];
}

const MESSAGES = 60;
const VISITORS = 6;
const MOST_FAULTS = 4;

const PAGES: readonly [string, ...string[]] = ['Home', 'Basket', 'Support', 'Café', 'Größe – wählen', 'Bills & Payments'];

/** The scenario of a seed: messages whose outcome is known beforehand, some in any order, and faults of the given kinds. */
export const scenarioOf = (seed: number, faults: readonly FaultName[]): Scenario => {
  const chance = random(seed);
  const exactlyOnce = chance.chance(0.7);
  const retry = chance.chance(0.3) ? { minimum: SECOND, maximum: 5 * SECOND } : undefined;
  const messages = [...messagesOf(chance, new Set(faults))];
  const end = messages.at(-1)?.at ?? 0;
  const timed = faults.filter((name): name is Fault['name'] => !OF_MESSAGES.has(name));
  const count = timed.length === 0 ? 0 : 1 + chance.below(MOST_FAULTS);
  const planned = Array.from({ length: count }, () => ({ at: Math.round(chance.between(2 * SECOND, end + 5 * SECOND)), fault: faultOf(someOf(timed, chance), chance, exactlyOnce) }));
  return {
    seed, messages,
    subscription: { exactlyOnce, retry, maxDeliveryAttempts: undefined },
    faults: planned.sort((a, b) => a.at - b.at).map((it, n) => ({ ...it, n })),
  };
};

const OF_MESSAGES: ReadonlySet<FaultName> = new Set(['duplicate', 'reorder', 'poison']);

const someOf = <A extends string>(items: readonly A[], chance: Random): A => {
  const item = items[chance.below(items.length)];
  if (item === undefined) throw new RangeError('there is nothing to choose from');
  return item;
};

function* messagesOf(chance: Random, faults: ReadonlySet<FaultName>): Generator<ScenarioMessage> {
  let sessions = 0;
  const newSession = (prefix: string): string => `${prefix}-${(sessions += 1)}`;
  const visitors = Array.from({ length: VISITORS }, () => newSession('visitor'));
  const anyhow = [newSession(ANY_ORDER), newSession(ANY_ORDER)];
  const gone: string[] = [];
  /** Sessions of long ago that go on. */
  const old: PlannedView[] = [];
  let at: Millis = 0;
  const plan = (n: number, content: Content): ScenarioMessage => {
    at += Math.round(chance.between(0.1 * SECOND, MOST_STEP));
    const delay = (): Millis => (faults.has('reorder') && chance.chance(0.15) ? Math.round(chance.between(0, 3 * SECOND)) : 0);
    const isTwice = faults.has('duplicate') && chance.chance(0.08);
    const breaks = faults.has('poison') && content._tag === 'View' && chance.chance(0.015);
    return { n, at, content, delays: isTwice ? [delay(), delay() + Math.round(chance.between(0, 4 * SECOND))] : [delay()], poison: breaks ? (chance.chance(0.5) ? 'once' : 'always') : 'never' };
  };

  for (let n = 0; n < MESSAGES; n += 1) {
    const slot = chance.below(VISITORS);
    const session = visitors[slot] ?? '';
    const view = { session, page: chance.pick(PAGES), ago: Math.round(chance.between(0, JITTER)) };
    const roll = chance.fraction();
    const [over] = gone;
    const [long] = old;

    if (roll < 0.12) yield plan(n, { _tag: 'View', due: 'either', view: { session: someOf(anyhow, chance), page: `Page ${n}`, ago: Math.round(chance.between(0, 3 * MAX_OUT_OF_ORDERNESS)) } });
    else if (roll < 0.2) yield plan(n, { _tag: 'Refused', due: chance.pick(['invalid', 'not_json', 'excluded', 'future']), view: { ...view, page: 'Refused' } });
    else if (long) {
      old.shift();
      yield plan(n, { _tag: 'Old', view: { ...long, page: view.page } });
    } else if (roll < 0.25) {
      const first = { session: newSession('long-ago'), page: view.page, ago: 24 * HOUR };
      // One to three views, each a few seconds after the one before.
      for (let more = chance.below(3); more > 0; more -= 1) old.push({ ...first, ago: first.ago - Math.round(chance.between(0, 5 * SECOND)) });
      yield plan(n, { _tag: 'Old', view: first });
    } else if (roll < 0.33 && over !== undefined) {
      if (chance.chance(0.5)) gone.shift();
      yield plan(n, { _tag: 'TooLate', session: over });
    } else {
      yield plan(n, { _tag: 'View', due: 'result', view });
      if (chance.chance(0.05)) yield plan((n += 1), { _tag: 'Again', of: n - 1 });
      if (chance.chance(0.12)) {
        gone.push(session);
        visitors[slot] = newSession('visitor');
      }
    }
  }
}

const faultOf = (name: Fault['name'], chance: Random, exactlyOnce: boolean): Fault => {
  switch (name) {
    case 'crash':
      return { name, ambush: chance.chance(0.7) ? ambushOf(chance) : undefined, down: downtime(chance) };
    case 'restart':
      return { name, down: downtime(chance) };
    case 'pause':
      return { name, ambush: chance.chance(0.5) ? ambushOf(chance) : undefined, lasts: Math.round(chance.between(SECOND, 20 * SECOND)) };
    case 'fence':
      return { name, ambush: chance.chance(0.7) ? ambushOf(chance) : undefined, lasts: Math.round(chance.between(SECOND, 20 * SECOND)) };
    case 'timeout':
      return { name, ambush: { request: chance.pick(['become producer', 'send', 'commit', 'commit']), arrives: chance.chance(0.6) } };
    case 'outage':
      return { name, lasts: Math.round(chance.between(SECOND, 25 * SECOND)) };
    case 'cut':
    case 'redeliver':
      return { name };
    case 'ack':
      // Where acks are confirmed none comes to nothing.
      return { name, acks: exactlyOnce || chance.chance(0.5) ? 'refused' : 'lost', lasts: Math.round(chance.between(SECOND, 15 * SECOND)) };
  }
};

const ambushOf = (chance: Random): Ambush => ({ request: chance.pick(['become producer', 'read', 'send', 'commit', 'commit', 'ack']), arrives: chance.chance(0.5) });

/** Mostly short, now and then longer than anything in the pipeline waits. */
const downtime = (chance: Random): Millis => Math.round(chance.chance(0.2) ? chance.between(100 * SECOND, 200 * SECOND) : chance.between(0, 5 * SECOND));
