import * as t from 'io-ts';
import { isEnvelope } from '../model/envelope.js';
import { eventTime } from '../model/eventTime.js';
import { Instant } from '../model/instant.js';
import type { Refused } from './explain.js';

const View = t.type({ session_id: t.string, ga_event_dtm: Instant });

const Line = t.type({ reason: t.string });

/**
 * The view that a dead letter is about; undefined where it does not name one. A topic has the reason among
 * the headers and the event as the body; a file has both in one object.
 */
export const readRefused = (text: string, reason?: string): ({ readonly session: string } & Refused) | undefined => {
  const json = parsed(text);
  const event = reason === undefined && isEnvelope(json) && 'data' in json ? (typeof json.data === 'string' ? parsed(json.data) : json.data) : json;
  const why = reason ?? (Line.is(json) ? json.reason : undefined);
  if (why === undefined || !View.is(event)) return undefined;
  return { session: event.session_id, entry: eventTime(event.ga_event_dtm), reason: why };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
