import { isEnvelope, type Envelope } from '../model/envelope.js';
import { eventTime } from '../model/eventTime.js';
import { memberText } from '../model/memberText.js';
import type { Message } from '../model/message.js';

const NO_ATTRIBUTES: Message['attributes'] = {};

/**
 * A line as a message: a bare event, or an envelope around one. With `oversize` the line has that
 * many bytes and this is only its beginning. Its number is the receipt.
 */
export function ndjsonMessage(line: string | Buffer, number: number, oversize?: number): Message {
  if (oversize !== undefined) return { ...bare(line, undefined, number), oversize };
  if (typeof line !== 'string') return bare(line, undefined, number);
  const json = parsed(line);
  return isEnvelope(json) ? enveloped(json, line, number) : bare(line, json, number);
}

const bare = (body: string | Buffer, json: unknown, receipt: number): Message => ({
  id: undefined,
  publishTime: undefined,
  attributes: NO_ATTRIBUTES,
  body,
  json,
  deliveryAttempt: undefined,
  receipt,
});

function enveloped(envelope: Envelope, line: string, receipt: number): Message {
  // An empty id would make duplicates of all messages that have it.
  const id = envelope.message_id === '' ? undefined : (envelope.message_id ?? undefined);
  const publishTime = typeof envelope.publish_time === 'string' ? eventTime(envelope.publish_time) : undefined;
  const attributes = envelope.attributes ?? NO_ATTRIBUTES;
  const data = 'data' in envelope ? envelope.data : Buffer.from(envelope.data_base64, 'base64');
  if (typeof data !== 'string' && !Buffer.isBuffer(data)) return new EventInEnvelope(id, publishTime, attributes, data, line, receipt);

  const json = typeof data === 'string' ? parsed(data) : undefined;
  const message = { id, publishTime, attributes, body: data, json, deliveryAttempt: undefined, receipt };
  return typeof envelope.oversize === 'number' ? { ...message, oversize: envelope.oversize } : message;
}

/**
 * The event stands in its envelope as an object. Its text is only asked for when it is refused, and
 * is cut from the line then: a getter, so a copy made by spreading has no body.
 */
class EventInEnvelope implements Message {
  readonly deliveryAttempt = undefined;

  constructor(
    readonly id: string | undefined,
    readonly publishTime: number | undefined,
    readonly attributes: Message['attributes'],
    public json: unknown,
    private readonly line: string,
    readonly receipt: number,
  ) {}

  get body(): string {
    return memberText(this.line, 'data');
  }
}

/** Undefined when the text is not JSON: why, is told by the pipeline, which refuses it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
