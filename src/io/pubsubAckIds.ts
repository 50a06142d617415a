import * as t from 'io-ts';

/**
 * Under exactly-once delivery the answer to a request names in one header, as base64, every id that
 * was refused and why. A header above 64 KiB ends the whole connection (a limit of nghttp2, and so of
 * Node), the next try meets the same, and nothing is acked any more: so no request has more ids than
 * an answer can name.
 */
const MAX_ANSWER = (64 * 1024 * 3) / 4 - 1_024;
/** What stands beside an id in there. */
const REASON = 'PERMANENT_FAILURE_INVALID_ACK_ID'.length + 12;

/** The ack ids in portions that go into one request each. */
export const portions = (ackIds: Iterable<string>): string[][] => {
  const all: string[][] = [];
  let portion: string[] = [];
  let answer = 0;
  for (const ackId of ackIds) {
    const named = ackId.length + REASON;
    if (answer + named > MAX_ANSWER && portion.length > 0) {
      all.push(portion);
      portion = [];
      answer = 0;
    }
    portion.push(ackId);
    answer += named;
  }
  if (portion.length > 0) all.push(portion);
  return all;
};

/** Requests that may be on their way at once: an answer takes a round trip, and a real id is long. */
export const REQUESTS_AT_ONCE = 8;

/** What became of the ack ids that a failed request named, under exactly-once delivery. */
export interface RefusedAckIds {
  /** The lease has ended: nothing more can be done with this id. */
  readonly ended: readonly string[];
  /** To be tried again. */
  readonly passing: readonly string[];
}

const ErrorInfo = t.record(t.string, t.string);

/**
 * The ack ids that a failed request refused one by one; it did its work for all others. Undefined
 * when the request failed as a whole.
 */
export const refusedAckIds = (error: unknown): RefusedAckIds | undefined => {
  if (!(error instanceof Error) || !('errorInfoMetadata' in error) || !ErrorInfo.is(error.errorInfoMetadata)) return undefined;
  const ended: string[] = [];
  const passing: string[] = [];
  for (const [ackId, failure] of Object.entries(error.errorInfoMetadata)) {
    if (failure.startsWith('PERMANENT_FAILURE_')) ended.push(ackId);
    else if (failure.startsWith('TRANSIENT_FAILURE_')) passing.push(ackId);
  }
  return ended.length + passing.length > 0 ? { ended, passing } : undefined;
};
