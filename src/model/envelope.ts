import { isUtf8 } from 'node:buffer';
import * as t from 'io-ts';
import type { DeadLetter } from './deadLetter.js';
import { guardedBy } from './guardedBy.js';
import { Instant } from './instant.js';
import { isoTime } from './isoTime.js';

const Base64 = guardedBy('base64', (value): value is string => typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value);

const Event = guardedBy('an event, or its text', (value): value is string | Record<string, unknown> => typeof value === 'string' || t.UnknownRecord.is(value));

/** One check instead of a union's three: every line of a file goes through here. */
const optional = <A>(codec: t.Type<A>) =>
  guardedBy(codec.name, (value): value is A | null | undefined => value === undefined || value === null || codec.is(value));

/**
 * A message in a file: the event, and what the broker knew of it. What is not known is left out or null.
 *
 * `data` is the event itself or its text; `data_base64` stands in its place where the event's bytes
 * are not UTF-8. `oversize` says that these are only the beginning, and how many bytes there were.
 * Anything else is ignored, such as what a dead letter tells beside it.
 */
export const Envelope = t.intersection([
  t.partial({
    message_id: optional(t.string),
    publish_time: optional(Instant),
    attributes: optional(t.record(t.string, t.string)),
    oversize: optional(t.number),
  }),
  t.union([t.type({ data: Event }), t.type({ data_base64: Base64 })]),
]);
export type Envelope = t.TypeOf<typeof Envelope>;

/**
 * Tells an envelope from a bare event. An envelope has `data` or `data_base64`, at least one of
 * `message_id`, `publish_time` and `attributes`, and no `session_id` of its own; and it is well-formed.
 *
 * One that is not well-formed is thereby taken for an event, and refused as one that lacks all that
 * is required: nothing is guessed from half an envelope.
 */
export const isEnvelope = (json: unknown): json is Envelope =>
  typeof json === 'object' &&
  json !== null &&
  ('data' in json || 'data_base64' in json) &&
  ('message_id' in json || 'publish_time' in json || 'attributes' in json) &&
  !('session_id' in json) &&
  Envelope.is(json);

/**
 * A dead letter as one line of a file, without its end: the message as an {@link Envelope}, so that
 * the file can be read as input again, then why it ended here: `reason`, `stage`, `errors`
 * (path, expected, got), and what is known of `delivery_attempt`, `watermark` and `distance_seconds`
 * (how far behind the watermark it was).
 */
export function deadLetterLine({ reason, stage, faults, message, lateness }: DeadLetter): string {
  const { id, publishTime, attributes, body, oversize, deliveryAttempt } = message;
  const isText = typeof body === 'string' || isUtf8(body);
  return JSON.stringify({
    message_id: id,
    publish_time: publishTime === undefined ? undefined : isoTime(publishTime, 'milliseconds'),
    attributes,
    data: isText ? body.toString() : undefined,
    data_base64: isText ? undefined : body.toString('base64'),
    oversize,
    reason,
    stage,
    errors: faults,
    delivery_attempt: deliveryAttempt,
    watermark: lateness === undefined ? undefined : isoTime(lateness.watermark, 'milliseconds'),
    distance_seconds: lateness === undefined ? undefined : lateness.distance / 1000,
  });
}
