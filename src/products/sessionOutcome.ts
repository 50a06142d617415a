import type { Millis } from '../../operators/index.js';
import { isoTime, type TimestampPrecision } from '../model/isoTime.js';
import type { Outcome } from '../model/outcome.js';

/** What is told of a session as a whole: one result, named by the session's first event. */
export abstract class SessionOutcome implements Outcome {
  constructor(
    /** Event time of the session's first event. */
    readonly entry: Millis,
    readonly elementTimestamp: Millis,
  ) {}

  /** The product's own members, by name, in their order. */
  abstract told(precision: TimestampPrecision): object;

  abstract written(): readonly unknown[];

  identity(): string {
    return String(this.entry);
  }

  /** That the session has grown is news, whatever else stays as it is. */
  said(): string {
    return `${this.elementTimestamp} ${this.members('milliseconds')}`;
  }

  members(precision: TimestampPrecision): string {
    return JSON.stringify(this.told(precision)).slice(1, -1);
  }

  mark(): string {
    return `"entry":${this.entry}`;
  }

  shown(): object {
    return { at: isoTime(this.entry, 'milliseconds'), ...this.told('milliseconds') };
  }
}
