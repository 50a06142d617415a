import type { Emitted, Millis, Window } from '../../operators/index.js';

/** How the time on a page was known: the next view ended it, or the session's gap did (a rule, not a measurement). */
export type Rule = 'next_view' | 'session_gap';

/** The time on one page of one session. */
export interface PageTime {
  readonly page: string;
  /** Event time of the view. */
  readonly entry: Millis;
  readonly timeSpent: Millis;
  readonly rule: Rule;
  /** Greatest event time in the pane it was computed from. */
  readonly elementTimestamp: Millis;
  /** Chosen enrichment fields that the body carries beside the seven (`--output_fields`). */
  readonly extra?: Readonly<Record<string, string | null>> | undefined;
}

/** A result on its way out: what changed, and when by the wall clock it left the pipeline. */
export interface Result {
  readonly emitted: Emitted<string, PageTime>;
  readonly processingTime: Millis;
}

export type { Window };
