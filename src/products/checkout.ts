import * as t from 'io-ts';
import type { Pane } from '../../operators/index.js';
import { list, number, word } from '../changelog/shape.js';
import { isoTime, type TimestampPrecision } from '../model/isoTime.js';
import { NAMED, OPTIONAL, timestampOf } from '../model/sessionEvent.js';
import { momentsAggregate, type Moment } from './moments.js';
import type { Product } from './product.js';
import { SessionOutcome } from './sessionOutcome.js';

/** How far a visitor came on the way to a purchase, and how long each step took: from GA4's events of a checkout. */

/** In the order in which GA4's reference has them; a shop may leave some out. */
const STEPS = ['begin_checkout', 'add_shipping_info', 'add_payment_info', 'purchase'] as const;
type Step = (typeof STEPS)[number];
const PURCHASE = STEPS.indexOf('purchase');

const CheckoutEvent = t.intersection([t.type(NAMED, 'an event'), t.partial(OPTIONAL)], 'an event');
type CheckoutEvent = t.TypeOf<typeof CheckoutEvent>;

interface StepTaken extends Moment {
  /** Its place among {@link STEPS}. */
  readonly step: number;
}

/** Of steps at one instant (times may be cut to the second) the one that comes first in a checkout came first. */
const stepTaken = (timestamp: number, step: number): StepTaken => ({ timestamp, what: String(step), step });

const STATUSES = ['open', 'completed', 'abandoned'] as const;
type Status = (typeof STATUSES)[number];

/** A step as it is told: when it was reached first, and how long the visitor stayed at it, all times together; undefined where nothing came after it. */
interface StepTime {
  readonly step: Step;
  readonly reachedAt: number;
  readonly timeSpent: number | undefined;
}

class CheckoutOutcome extends SessionOutcome {
  constructor(entry: number, elementTimestamp: number, readonly status: Status, readonly steps: readonly StepTime[]) {
    super(entry, elementTimestamp);
  }

  told(precision: TimestampPrecision): object {
    return {
      status: this.status,
      furthest_step: this.steps[this.steps.length - 1]?.step,
      steps: this.steps.map(({ step, reachedAt, timeSpent }) => ({
        step, reached_at: isoTime(reachedAt, precision), time_spent_seconds: timeSpent === undefined ? null : timeSpent / 1_000,
      })),
    };
  }

  written(): readonly unknown[] {
    const steps = this.steps.map(({ step, reachedAt, timeSpent }) => [STEPS.indexOf(step), reachedAt, timeSpent ?? null]);
    return [this.entry, this.elementTimestamp, STATUSES.indexOf(this.status), steps];
  }
}

/** A step lasts until whatever step comes next; a purchase is an end, and no stay. */
const timesOf = (taken: readonly StepTaken[]): readonly StepTime[] =>
  STEPS.flatMap((name, step) => {
    const first = taken.find((it) => it.step === step);
    if (!first) return [];
    const stays = taken.flatMap((it, place) => {
      const next = taken[place + 1];
      return it.step === step && next && step !== PURCHASE ? [next.timestamp - it.timestamp] : [];
    });
    return [{ step: name, reachedAt: first.timestamp, timeSpent: stays.length > 0 ? stays.reduce((sum, stay) => sum + stay, 0) : undefined }];
  });

/** Only a session that has ended by itself was abandoned: one that is open, or was cut by a stop or for its size, may have gone on. */
const statusOf = (taken: readonly StepTaken[], { timing, forced }: Pane<string, unknown>): Status => {
  if (taken.some(({ step }) => step === PURCHASE)) return 'completed';
  return timing === 'EARLY' || forced !== false ? 'open' : 'abandoned';
};

/** Checkout events in, how far each session's checkout came out. */
export const checkout: Product<CheckoutEvent, StepTaken, readonly StepTaken[]> = {
  event: CheckoutEvent,
  eventNames: STEPS,
  enrichment: (onContradiction) => ({ event, message }) => ({
    _tag: 'Right', right: { event, message, kept: stepTaken(timestampOf(event, onContradiction), STEPS.findIndex((step) => step === event.event_name)) },
  }),
  aggregate: momentsAggregate(),
  results: (pane) => {
    const [first, last] = [pane.value[0], pane.value[pane.value.length - 1]];
    return first && last ? [new CheckoutOutcome(first.timestamp, last.timestamp, statusOf(pane.value, pane), timesOf(pane.value))] : [];
  },
  codec: {
    accumulatorText: (taken) => JSON.stringify(taken.map(({ timestamp, step }) => [timestamp, step])),
    accumulatorOf: (written) => list(JSON.parse(written)).map(list).map(([timestamp, step]) => stepTaken(number(timestamp), STEPS.indexOf(word(STEPS, step)))),
    outcomeOf: ([entry, elementTimestamp, status, steps]) =>
      new CheckoutOutcome(number(entry), number(elementTimestamp), word(STATUSES, status), list(steps).map(list).map(([step, reachedAt, timeSpent]) => ({
        step: word(STEPS, step), reachedAt: number(reachedAt), timeSpent: timeSpent === null ? undefined : number(timeSpent),
      }))),
    shown: (taken) => ({ steps_taken: taken.map(({ timestamp, step }) => ({ at: isoTime(timestamp, 'milliseconds'), step: STEPS[step] })) }),
  },
};
