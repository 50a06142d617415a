import type { Emitted, Millis } from '../../operators/index.js';
import type { TimestampPrecision } from './isoTime.js';

/** One thing that a data product tells of a session. It writes what is its own; what all results have in common is written by `resultRecord.ts`. */
export interface Outcome {
  /** Greatest event time in the pane it was computed from. */
  readonly elementTimestamp: Millis;
  /** Chosen enrichment fields that the body carries at its end (`--output_fields`). */
  readonly extra?: Readonly<Record<string, string | null>> | undefined;
  /** What tells it apart from the others of its session. */
  identity(): string;
  /** What it says: a later one of the same identity that says the same is no news, and is not told. */
  said(): string | number;
  /** Its own members of the body, between `session_id` and `window_start`, as JSON: `"page":"Home Page","time_spent_seconds":45.5`. */
  members(precision: TimestampPrecision): string;
  /** What the header `pane` says of it, as JSON: at least `"entry":1738251000000`, which with session and members tells results apart. */
  mark(): string;
  /** Itself in the changelog, as the last members of a list; none is undefined. */
  written(): readonly unknown[];
  /** What `state export` shows of it. */
  shown(): object;
}

/** A result on its way out: what changed, and when by the wall clock it left the pipeline. */
export interface Result<R extends Outcome = Outcome> {
  readonly emitted: Emitted<string, R>;
  readonly processingTime: Millis;
}
