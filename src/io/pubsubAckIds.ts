import * as t from 'io-ts';

/** A request may have 512 KiB; Google's own clients send at most so many ids in one. */
const MAX_IDS = 2_500;
const MAX_BYTES = 500_000;

/** The ack ids in portions that fit into one request each. */
export const portions = (ackIds: Iterable<string>): string[][] => {
  const all: string[][] = [];
  let portion: string[] = [];
  let bytes = 0;
  for (const ackId of ackIds) {
    if (portion.length === MAX_IDS || bytes + ackId.length > MAX_BYTES) {
      all.push(portion);
      portion = [];
      bytes = 0;
    }
    portion.push(ackId);
    bytes += ackId.length;
  }
  if (portion.length > 0) all.push(portion);
  return all;
};

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
