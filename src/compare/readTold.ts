import * as t from 'io-ts';
import type { Either, Millis } from '../../operators/index.js';
import type { Fault } from '../model/deadLetter.js';
import { eventTime } from '../model/eventTime.js';
import { faultOf } from '../model/faultOf.js';
import { guardedBy } from '../model/guardedBy.js';
import { Instant } from '../model/instant.js';
import { shown } from '../model/shown.js';
import type { Told, ToldPane } from './told.js';

const Seconds = guardedBy('a number of seconds, not negative', (value): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0);

const MaybeInstant = guardedBy(`${Instant.name}, or nothing`, (value): value is string | null | undefined => value === undefined || value === null || Instant.is(value));

/** The body of a result of whatever pipeline: what identifies it, and its time. */
const Body = t.intersection(
  [
    t.type({ session_id: t.string, page: t.string, time_spent_seconds: Seconds, timestamp: Instant }),
    t.partial({ window_start: MaybeInstant, window_end: MaybeInstant }),
  ],
  'a result as a JSON object',
);

const Pane = t.intersection([
  t.type({ entry: t.number, revision: t.number, rule: t.keyof({ next_view: null, session_gap: null }) }),
  t.partial({ historic: t.boolean }),
]);

/** A line of a file may carry the headers of its record as an object. */
const WithHeaders = t.type({ headers: t.type({ pane: t.string }) });

/**
 * Reads a record of results: the body, and of its headers `pane` if it is there and can be read.
 *
 * @param header text of the header `pane`; a body with `headers` of its own, as `--with_headers` writes it, brings it along
 */
export const readTold = (text: string, place: number, header?: string): Either<readonly Fault[], Told> => {
  const body = parsed(text);
  if (body === undefined) return { _tag: 'Left', left: [{ path: '$', expected: 'JSON', got: shown(text) }] };
  // Each part of the intersection would say so.
  if (!t.UnknownRecord.is(body)) return { _tag: 'Left', left: [{ path: '$', expected: Body.name, got: shown(body) }] };
  const decoded = Body.decode(body);
  if (decoded._tag === 'Left') return { _tag: 'Left', left: decoded.left.map(faultOf) };
  const { session_id: session, page, time_spent_seconds: seconds, timestamp, window_start: start, window_end: end } = decoded.right;
  return {
    _tag: 'Right',
    right: {
      session, page, place,
      timestamp: eventTime(timestamp),
      spent: toMillis(seconds),
      windowStart: start === undefined || start === null ? undefined : eventTime(start),
      windowEnd: end === undefined || end === null ? undefined : eventTime(end),
      pane: paneOf(header ?? (WithHeaders.is(body) ? body.headers.pane : undefined)),
    },
  };
};

/** Others may be exact to the microsecond; 45.5 s times 1 000 is no whole number in every case. */
const toMillis = (seconds: number): Millis => Math.round(seconds * 1e6) / 1e3;

const paneOf = (header: string | undefined): ToldPane | undefined => {
  const pane = header === undefined ? undefined : parsed(header);
  if (!Pane.is(pane)) return undefined;
  const { entry, revision, rule, historic = false } = pane;
  return { entry, revision, rule, historic };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
