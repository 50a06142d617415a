import type { DeadLetter } from './deadLetter.js';
import { isoTime } from './isoTime.js';
import type { Result } from './outcome.js';
import type { OutRecord } from './record.js';
import { resultBody, resultHeaders, type ResultEncoding } from './resultRecord.js';

/** Before the name of each attribute the message came with, so that none hides a header of ours. */
export const ATTRIBUTE_PREFIX = 'attribute.';

/**
 * Why a message ended here, and what is needed to send it again: `reason`, `stage`, `errors` (JSON:
 * path, expected, got), `message_id`, `publish_time`, `delivery_attempt`, for late ones the
 * `watermark` they missed and by how much (`distance_seconds`), `truncated` (JSON: bytes) where only
 * the beginning of the body could be read, and the original attributes, each with
 * {@link ATTRIBUTE_PREFIX}. What is not known is left out.
 */
export function deadLetterHeaders({ reason, stage, faults, message, lateness }: DeadLetter): Record<string, string> {
  const headers: Record<string, string> = { reason, stage };
  if (faults.length > 0) headers['errors'] = JSON.stringify(faults.map(({ path, expected, got }) => ({ path, expected, got })));
  if (message.id !== undefined) headers['message_id'] = message.id;
  if (message.publishTime !== undefined) headers['publish_time'] = isoTime(message.publishTime, 'milliseconds');
  if (message.deliveryAttempt !== undefined) headers['delivery_attempt'] = `${message.deliveryAttempt}`;
  if (lateness !== undefined) {
    headers['watermark'] = isoTime(lateness.watermark, 'milliseconds');
    headers['distance_seconds'] = `${lateness.distance / 1000}`;
  }
  if (message.oversize !== undefined) headers['truncated'] = JSON.stringify({ bytes: message.oversize });
  for (const [name, value] of Object.entries(message.attributes)) headers[ATTRIBUTE_PREFIX + name] = value;
  return headers;
}

/** A dead letter as it goes out: the original bytes under the session's key, if the session is known. */
export const deadLetterRecord = (deadLetter: DeadLetter): OutRecord => {
  const { sessionId, message } = deadLetter;
  return {
    key: sessionId ?? null,
    value: message.body,
    headers: deadLetterHeaders(deadLetter),
    placement: sessionId ?? message.id ?? message.body,
  };
};

/** What becomes of a result that takes more bytes than the output accepts: its message is the result itself. */
export const tooLarge = (result: Result, bytes: number, limit: number, encoding: ResultEncoding): DeadLetter => ({
  reason: 'too_large',
  stage: 'write',
  faults: [{ path: '$', expected: `a record of at most ${limit} bytes`, got: `${bytes} bytes` }],
  message: {
    id: undefined,
    publishTime: undefined,
    attributes: resultHeaders(result, encoding),
    body: resultBody(result, encoding),
    deliveryAttempt: undefined,
    receipt: 0,
  },
  sessionId: result.emitted.key,
});
