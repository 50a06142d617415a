import type { Message } from './message.js';

/** Why a message did not become part of a session, one word each; counters and headers use the same words. */
export const REASONS = ['not_json', 'invalid', 'excluded', 'enrichment_failed', 'processing_failed', 'future', 'late', 'session_full', 'too_large'] as const;
export type Reason = (typeof REASONS)[number];

/** One thing that was wrong, by the place in the body where it stands. */
export interface Fault {
  /** `$.event.field`, or `$` for the whole body. */
  readonly path: string;
  /** The rule, in words. */
  readonly expected: string;
  /** What stood there, shortened to a readable length. */
  readonly got: string;
}

/** A message that ended here, and why. */
export interface DeadLetter {
  readonly reason: Reason;
  /** The pipeline stage that refused it. */
  readonly stage: string;
  readonly faults: readonly Fault[];
  readonly message: Message;
  /** The session it belongs to, when that is known: the record's key. */
  readonly sessionId: string | undefined;
  /** For `late`: the watermark it missed and by how many ms. */
  readonly lateness?: { readonly watermark: number; readonly distance: number };
}
