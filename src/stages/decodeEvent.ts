import { isUtf8 } from 'node:buffer';
import * as t from 'io-ts';
import type { Either } from '../../operators/index.js';
import type { DeadLetter, Fault } from '../model/deadLetter.js';
import { faultOf } from '../model/faultOf.js';
import type { Message } from '../model/message.js';
import { SessionIdOnly, type SessionEvent, type ValidEvent } from '../model/sessionEvent.js';
import { shown } from '../model/shown.js';

const STAGE = 'validate';

/** Reads messages as the events of a product, or says what is wrong with them, field by field. */
export const decodeEvent =
  <E extends SessionEvent>(codec: t.Type<E>) =>
  (message: Message): Either<DeadLetter, ValidEvent<E>> => {
    const parsed = parse(message);
    if (parsed._tag === 'Left') return parsed;
    const event = parsed.right;
    // The check alone is several times as fast as a decode; only a failure needs the explanation.
    return codec.is(event) ? { _tag: 'Right', right: { event, message } } : refuse(message, 'invalid', explain(event, codec), sessionOf(event));
  };

const parse = (message: Message): Either<DeadLetter, unknown> => {
  if (message.oversize !== undefined) {
    return refuse(message, 'too_large', [{ path: '$', expected: 'a message of readable size', got: `${message.oversize} bytes` }]);
  }
  if (message.json !== undefined) return { _tag: 'Right', right: message.json };
  const { body } = message;
  if (typeof body !== 'string' && !isUtf8(body)) {
    return refuse(message, 'not_json', [{ path: '$', expected: 'UTF-8 text', got: shown(body.toString('latin1')) }]);
  }
  const text = body.toString();
  try {
    return { _tag: 'Right', right: JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) };
  } catch {
    return refuse(message, 'not_json', [{ path: '$', expected: 'JSON', got: shown(text) }]);
  }
};

const refuse = (message: Message, reason: DeadLetter['reason'], faults: readonly Fault[], sessionId?: string): Either<DeadLetter, never> => ({
  _tag: 'Left',
  left: { reason, stage: STAGE, faults, message, sessionId },
});

const explain = (event: unknown, codec: t.Mixed): readonly Fault[] => {
  // Each part of an intersection would say so.
  if (!t.UnknownRecord.is(event)) return [{ path: '$', expected: codec.name, got: shown(event) }];
  const decoded = codec.decode(event);
  return decoded._tag === 'Right' ? [] : decoded.left.map(faultOf);
};

const sessionOf = (event: unknown): string | undefined => (SessionIdOnly.is(event) ? event.session_id : undefined);
