import type { Millis } from '../../operators/index.js';
import { isoTime, type TimestampPrecision } from './isoTime.js';
import type { Outcome } from './outcome.js';
import { writtenOnce } from './writtenOnce.js';

/** How the time on a page was known: the next view ended it, or the session's gap did (a rule, not a measurement). */
export const RULES = ['next_view', 'session_gap'] as const;
export type Rule = (typeof RULES)[number];

/** The time on one page of one session. */
export class PageTime implements Outcome {
  constructor(
    readonly page: string,
    /** Event time of the view. */
    readonly entry: Millis,
    readonly timeSpent: Millis,
    readonly rule: Rule,
    readonly elementTimestamp: Millis,
    readonly extra: Outcome['extra'],
  ) {}

  identity(): string {
    return `${this.entry} ${this.page}`;
  }

  /** How it is known, and by which event, is no news. */
  said(): Millis {
    return this.timeSpent;
  }

  /** `time_spent_seconds` is exact to the millisecond; `timestamp` is the moment the page was left. */
  members(precision: TimestampPrecision): string {
    return `"page":${pageText(this.page)},"time_spent_seconds":${this.timeSpent / 1000},"timestamp":"${isoTime(this.entry + this.timeSpent, precision)}"`;
  }

  mark(): string {
    return `"entry":${this.entry},"rule":"${this.rule}"`;
  }

  /** `[page, entry, timeSpent, rule, elementTimestamp, extra]` */
  written(): readonly unknown[] {
    const members = [this.page, this.entry, this.timeSpent, RULES.indexOf(this.rule), this.elementTimestamp];
    return this.extra ? [...members, this.extra] : members;
  }

  shown(): object {
    return { at: isoTime(this.entry, 'milliseconds'), page: this.page, time_spent_seconds: this.timeSpent / 1_000, rule: this.rule };
  }
}

const writtenPage = writtenOnce(10_000, (page: string) => JSON.stringify(page));

/** Pages with long names are not kept: what is kept stays small. */
const pageText = (page: string): string => (page.length <= LONGEST_KEPT ? writtenPage(page) : JSON.stringify(page));

/** In characters. */
const LONGEST_KEPT = 1_000;
