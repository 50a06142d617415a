import * as t from 'io-ts';
import type { Millis } from '../../operators/index.js';
import { guardedBy } from './guardedBy.js';
import { Instant } from './instant.js';
import type { Message } from './message.js';

/** A blank key would make one session of strangers. */
const NonBlank = guardedBy('a non-blank string', (value): value is string => typeof value === 'string' && value.trim() !== '');

/** BigQuery exports INT64 as strings. */
const Count = guardedBy('a number, or its digits as a string', (value): value is string | number | null =>
  value === null || (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && /^-?\d{1,20}$/.test(value)));

const Text = guardedBy('a string', (value): value is string | null => value === null || typeof value === 'string');

/** What every event must have. */
const Required = t.type({ session_id: NonBlank, ga_event_dtm: Instant, page_title: NonBlank }, 'a page view event');

/** What decides something where it is there. */
const Optional = t.partial({ event_name: Text, event_timestamp_ms: Count, batch_page_id: Count, batch_ordering_id: Count, batch_event_index: Count });

/** A GA4 page view as it comes from BigQuery. Fields that are not named here are ignored, not refused. */
export const PageViewEvent = t.intersection([Required, Optional], 'a page view event');
export type PageViewEvent = t.TypeOf<typeof PageViewEvent>;

/** The session that even an invalid event names, if it does. */
export const SessionIdOnly = t.type({ session_id: NonBlank });

/** A field of the event by its name, or by its path with dots (`device.category`); undefined where there is none. */
export const fieldOf = (event: PageViewEvent, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (t.UnknownRecord.is(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), event);

/** One look at one page: what a session keeps of an event. */
export interface Visit {
  readonly timestamp: Millis;
  /** As received: what duplicates are judged by. */
  readonly title: string;
  /** The standard name, else the normalised title; fixed at arrival. */
  readonly page: string;
  /** GA4's own order of events that share a timestamp, where the event has it; 0 for what is missing. */
  readonly hasBatch: boolean;
  readonly batchPage: number;
  readonly batchOrdering: number;
  readonly batchIndex: number;
  /** Enrichment that goes out beside the result. */
  readonly extra: Readonly<Record<string, string | null>> | undefined;
}

/** A valid event with the message it came in. */
export interface ValidEvent {
  readonly event: PageViewEvent;
  readonly message: Message;
}

/** A valid event as the session windows take it: with what its session keeps of it. */
export interface PageView extends ValidEvent {
  readonly visit: Visit;
}
