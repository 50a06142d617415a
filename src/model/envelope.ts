import { isUtf8 } from 'node:buffer';
import type { DeadLetter } from './deadLetter.js';
import { Instant } from './instant.js';
import { isRecord } from './isRecord.js';
import { isoTime } from './isoTime.js';
import type { Message } from './message.js';

/**
 * A message in a file: the event, and what the broker knew of it. What is not known is left out or null.
 *
 * `data` is the event itself or its text; `data_base64` stands in its place where the event's bytes
 * are not UTF-8. `oversize` says that these are only the beginning, and how many bytes there were.
 * Anything else is ignored, such as what a dead letter tells beside it.
 */
export type Envelope = {
  readonly message_id?: string | null;
  readonly publish_time?: string | null;
  readonly attributes?: Readonly<Record<string, string>> | null;
  readonly oversize?: number | null;
} & ({ readonly data: string | Readonly<Record<string, unknown>> } | { readonly data_base64: string });

/**
 * Tells an envelope from a bare event. An envelope has `data` or `data_base64`, at least one of
 * `message_id`, `publish_time` and `attributes`, and no `session_id` of its own; and it is well-formed.
 *
 * One that is not well-formed is thereby taken for an event, and refused as one that lacks all that
 * is required: nothing is guessed from half an envelope.
 */
export const isEnvelope = (json: unknown): json is Envelope => {
  if (!isRecord(json) || 'session_id' in json) return false;
  const { data, data_base64, message_id, publish_time, attributes, oversize } = json;
  return (
    ('message_id' in json || 'publish_time' in json || 'attributes' in json) &&
    (isText(data) || isRecord(data) || isBase64(data_base64)) &&
    (isMissing(message_id) || isText(message_id)) &&
    (isMissing(publish_time) || Instant.is(publish_time)) &&
    (isMissing(attributes) || (isRecord(attributes) && Object.values(attributes).every(isText))) &&
    (isMissing(oversize) || typeof oversize === 'number')
  );
};

const isMissing = (value: unknown): value is undefined | null => value === undefined || value === null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isBase64 = (value: unknown): boolean => isText(value) && Buffer.from(value, 'base64').toString('base64') === value;

/**
 * A dead letter as one line of a file, without its end: the message as an {@link Envelope}, so that
 * the file can be read as input again, then why it ended here: `reason`, `stage`, `errors`
 * (path, expected, got), and what is known of `delivery_attempt`, `watermark` and `distance_seconds`
 * (how far behind the watermark it was).
 */
export function deadLetterLine({ reason, stage, faults, message, lateness }: DeadLetter): string {
  return JSON.stringify({
    ...enveloped(message),
    oversize: message.oversize,
    reason,
    stage,
    errors: faults,
    delivery_attempt: message.deliveryAttempt,
    watermark: lateness === undefined ? undefined : isoTime(lateness.watermark, 'milliseconds'),
    distance_seconds: lateness === undefined ? undefined : lateness.distance / 1000,
  });
}

/** A message as one line of a file, without its end: an {@link Envelope}. */
export const envelopeLine = (message: Enveloped): string => JSON.stringify(enveloped(message));

type Enveloped = Pick<Message, 'id' | 'publishTime' | 'attributes' | 'body'>;

const enveloped = ({ id, publishTime, attributes, body }: Enveloped) => {
  const isText = typeof body === 'string' || isUtf8(body);
  return {
    message_id: id,
    publish_time: publishTime === undefined ? undefined : isoTime(publishTime, 'milliseconds'),
    attributes,
    data: isText ? body.toString() : undefined,
    data_base64: isText ? undefined : body.toString('base64'),
  };
};
