import type { Future, Late, Millis, SessionFull } from '../../operators/index.js';
import type { DeadLetter } from './deadLetter.js';
import { isoTime } from './isoTime.js';
import type { ValidEvent } from './sessionEvent.js';

/** Dead letters of valid events that no session takes. */

const PATH = '$.ga_event_dtm';

const inSeconds = (duration: Millis): string => `${duration / 1000} s`;

export const tooFarAhead = ({ value, timestamp, now }: Future<ValidEvent>, maxFutureSkew: Millis): DeadLetter => ({
  reason: 'future',
  stage: 'assignWatermarks',
  faults: [{
    path: PATH,
    expected: `at most ${inSeconds(maxFutureSkew)} after ${isoTime(now, 'milliseconds')}`,
    got: `${isoTime(timestamp, 'milliseconds')}, ${inSeconds(timestamp - now)} after`,
  }],
  message: value.message,
  sessionId: value.event.session_id,
});

/** Late can also mean "before the watermark" for a session that has not been seen: the distance is then the same figure. */
export const late = ({ value, timestamp, watermark }: Late<string, ValidEvent>): DeadLetter => ({
  reason: 'late',
  stage: 'sessionWindow',
  faults: [{ path: PATH, expected: 'an event of a session that is not closed', got: isoTime(timestamp, 'milliseconds') }],
  message: value.message,
  sessionId: value.event.session_id,
  lateness: { watermark, distance: watermark - timestamp },
});

export const sessionFull = ({ value, window, cap }: SessionFull<string, ValidEvent>): DeadLetter => ({
  reason: 'session_full',
  stage: 'sessionWindow',
  faults: [{ path: '$.session_id', expected: `a session of at most 2 × ${cap}`, got: `a session from ${isoTime(window.start, 'milliseconds')} to ${isoTime(window.end, 'milliseconds')}` }],
  message: value.message,
  sessionId: value.event.session_id,
});
