import * as t from 'io-ts';
import type { Millis } from '../../operators/index.js';
import { checkedBy } from './checkedBy.js';
import { eventTime } from './eventTime.js';
import { guardedBy } from './guardedBy.js';
import { Instant } from './instant.js';
import { isRecord } from './isRecord.js';
import type { Message } from './message.js';

/** A session and what is remembered of it are as large as these make them; what means something is never so long. */
const LONGEST = 100_000;

/** A blank key would make one session of strangers. */
export const NonBlank = guardedBy(
  `a non-blank string of at most ${LONGEST} characters`,
  (value): value is string => typeof value === 'string' && value.length <= LONGEST && value.trim() !== '',
);

/** BigQuery exports INT64 as strings. */
const Count = guardedBy('a number, or its digits as a string', (value): value is string | number | null =>
  value === null || (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && /^-?\d{1,20}$/.test(value)));

export const Text = guardedBy('a string', (value): value is string | null => value === null || typeof value === 'string');

/** What every event of GA4 must have here, whatever it tells. */
export const REQUIRED = { session_id: NonBlank, ga_event_dtm: Instant };

/** What decides something where it is there. */
export const OPTIONAL = { event_name: Text, event_timestamp_ms: Count, batch_page_id: Count, batch_ordering_id: Count, batch_event_index: Count };

const Fields = t.intersection([t.type(REQUIRED, 'an event'), t.partial(OPTIONAL)], 'an event');
export type SessionEvent = t.TypeOf<typeof Fields>;

/** A GA4 event as it comes from BigQuery. Fields that are not named here are ignored, not refused. */
export const SessionEvent = checkedBy(Fields, (value): value is SessionEvent => {
  if (!isRecord(value)) return false;
  const { session_id, ga_event_dtm, event_name, event_timestamp_ms, batch_page_id, batch_ordering_id, batch_event_index } = value;
  return (
    NonBlank.is(session_id) && Instant.is(ga_event_dtm) && (event_name === undefined || Text.is(event_name)) &&
    isCountIfThere(event_timestamp_ms) && isCountIfThere(batch_page_id) && isCountIfThere(batch_ordering_id) && isCountIfThere(batch_event_index)
  );
});

const isCountIfThere = (value: unknown): boolean => value === undefined || Count.is(value);

/** A GA4 event that says which one it is. */
export const NAMED = { ...REQUIRED, event_name: NonBlank };

/** Asks more of the events of these names than of others: what a product is not made of is excluded, not invalid. */
export const strictWhere = <E extends SessionEvent, N>(names: readonly string[], every: t.Type<E>, named: t.Type<N>): t.Type<E> => {
  const those = t.intersection([every, named], every.name);
  const isOne = (event: unknown): boolean => every.is(event) && names.includes(event.event_name ?? '');
  return new t.Type<E>(
    every.name,
    (event): event is E => (isOne(event) ? those : every).is(event),
    // From the beginning of a path, or the parts of the intersection would be places in it.
    (event) => (isOne(event) ? those.decode(event) : every.decode(event)),
    t.identity,
  );
};

/** The session that even an invalid event names, if it does. */
export const SessionIdOnly = t.type({ session_id: NonBlank });

/** A valid event with the message it came in. */
export interface ValidEvent<E extends SessionEvent = SessionEvent> {
  readonly event: E;
  readonly message: Message;
}

/** A valid event as the session windows take it: with what its session keeps of it. */
export interface Taken<M> extends ValidEvent {
  readonly kept: M;
}

/** A field of the event by its name, or by its path with dots (`device.category`); undefined where there is none. */
export const fieldOf = (event: SessionEvent, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (t.UnknownRecord.is(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), event);

/** `ga_event_dtm` may be cut to the second; more apart than this, the two timestamps do not mean one instant. */
const AGREEMENT: Millis = 1_000;

/** Its event time. An `event_timestamp_ms` that names another instant is no failure: it is told to `onContradiction`. */
export const timestampOf = ({ ga_event_dtm: text, event_timestamp_ms: other }: SessionEvent, onContradiction: () => void): Millis => {
  const timestamp = eventTime(text);
  if (other !== undefined && other !== null && Math.abs(Number(other) - timestamp) > AGREEMENT) onContradiction();
  return timestamp;
};
