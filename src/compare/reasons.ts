import type { Side } from './told.js';

/** Kinds of differences, as `--accept` names them. */
export const KINDS = ['last_page', 'rounding', 'boundary', 'lateness', 'revision', 'page_name', 'missing_left', 'missing_right', 'time_spent', 'unreadable'] as const;

export type Kind = (typeof KINDS)[number];

/** Why a result differs. There are few of them, so that results that differ for the same reason can be counted together. */
export interface Reason {
  readonly kind: Kind;
  readonly why: string;
}

/** The reasons; `one` and `other` are the sides. */
export const REASONS = {
  wholeSeconds: (one: Side): Reason => ({ kind: 'rounding', why: `${one} has whole seconds` }),
  lastPageOmitted: (one: Side): Reason => ({ kind: 'last_page', why: `${one} has no result for the last page of a session` }),
  lastPageRule: (): Reason => ({ kind: 'last_page', why: 'both time the last page of a session by a rule, and the rules differ' }),
  goesOn: (one: Side, other: Side): Reason => ({ kind: 'boundary', why: `${other} ends the session on this page; ${one} goes on, and both know the next view` }),
  otherWindow: (): Reason => ({ kind: 'boundary', why: 'the time is the same, the window of the session is not' }),
  notCounted: (one: Side): Reason => ({ kind: 'lateness', why: `${one} has not counted this view: its time on the page before runs over it. So the view was late or refused there` }),
  nextNotCounted: (one: Side): Reason => ({ kind: 'lateness', why: `${one} has not counted the view that ended this page. So that view was late or refused there` }),
  onlyHistoric: (one: Side, other: Side): Reason => ({ kind: 'lateness', why: `${other} has computed it as historic, ${one} has no result: it came too late there` }),
  refused: (one: Side, reason: string): Reason => ({ kind: 'lateness', why: `${one} has refused the view: ${reason}` }),
  earlierRevision: (one: Side, other: Side): Reason => ({ kind: 'revision', why: `${one} has the time that ${other} had told before it was corrected` }),
  provisional: (one: Side): Reason => ({ kind: 'revision', why: `${one} has an early time only: the session went on there and the page was not told again` }),
  renamed: (): Reason => ({ kind: 'page_name', why: 'the same view under another name of the page' }),
  noSession: (one: Side): Reason => ({ kind: missing(one), why: `${one} has no result of the session` }),
  noResult: (one: Side): Reason => ({ kind: missing(one), why: `${one} has results of the session, and not this one` }),
  unexplained: (): Reason => ({ kind: 'time_spent', why: 'the times differ, and the results do not tell why' }),
  unreadable: (one: Side): Reason => ({ kind: 'unreadable', why: `${one} has records that are no results` }),
};

const missing = (one: Side): Kind => (one === 'left' ? 'missing_left' : 'missing_right');
