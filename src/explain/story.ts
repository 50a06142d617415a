import type { Millis, Pane, Window } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Result } from '../model/outcome.js';

/** What became of an event when it came. */
export type Fate =
  /** It opened a session, lengthened or filled one, or made one of several. */
  | { readonly _tag: 'Opened' | 'Joined' | 'Merged'; readonly window: Window; readonly before: readonly Window[] }
  /** The message came before, on that line if that was this session's. */
  | { readonly _tag: 'DuplicateId'; readonly line: number | undefined }
  /** The same page was seen at the same time before. */
  | { readonly _tag: 'DuplicateView'; readonly line: number | undefined }
  /** With the windows of the session that were remembered as closed. */
  | { readonly _tag: 'Refused'; readonly deadLetter: DeadLetter; readonly closed: readonly Window[] };

/** An event of the session that came. */
export interface Arrived {
  readonly _tag: 'Arrived';
  /** Task time. */
  readonly at: Millis;
  /** Of the recording. */
  readonly line: number;
  readonly id: string | undefined;
  /** The event, as JSON has it. */
  readonly event: Readonly<Record<string, unknown>>;
  /** When it happened; NaN where it does not say so. */
  readonly timestamp: Millis;
  /** Where the watermark was when it came. */
  readonly watermark: Millis;
  readonly fate: Fate;
}

/** What else happened to the session; `cause` is the line that was being processed, or the clock, or the end of the recording. */
export type Consequence = { readonly at: Millis; readonly cause: number | 'clock' | 'end'; readonly watermark: Millis } & (
  | { readonly _tag: 'Pane'; readonly pane: Pane<string, unknown> }
  | { readonly _tag: 'Told'; readonly result: Result }
  | { readonly _tag: 'Closed'; readonly window: Window }
  /** An early pane will be drawn then, unless it is closed before. */
  | { readonly _tag: 'EarlyDue'; readonly due: Millis }
  /** No mark keeps later events from overlapping these windows any more. */
  | { readonly _tag: 'Forgotten'; readonly windows: readonly Window[] }
);

export type Happening = Arrived | Consequence;

/** An event of another session that moved the watermark. */
export interface Mover {
  readonly at: Millis;
  readonly line: number;
  readonly timestamp: Millis;
  /** What of it decides whether it is let in. */
  readonly fields: Fields;
}

/** Fields of an event, as JSON has them. */
export type Fields = Readonly<Record<string, unknown>>;

/** All that happened to a session, in order. */
export interface Story {
  readonly sessionId: string;
  readonly happenings: readonly Happening[];
  readonly movers: readonly Mover[];
  /** Task time at the end of the recording. */
  readonly end: Millis;
  /** Messages in the recording. */
  readonly messages: number;
}
