/**
 * The words of this library as types. Everything that flows between the operators is one tagged
 * value in one stream: data, watermarks, panes and what was refused travel together and in order.
 */

/** An instant (ms since the epoch) or a duration (ms). */
export type Millis = number;

/** What flows in a stream between operators. One that knows nothing of a tag lets it pass. */
export interface Tagged {
  readonly _tag: string;
}

/** A value with its event time. */
export interface Element<A> {
  readonly _tag: 'Element';
  readonly value: A;
  /** Event time. */
  readonly timestamp: Millis;
}

/** Says that nothing with an event time before `timestamp` is expected any more; Infinity at the end. */
export interface Watermark {
  readonly _tag: 'Watermark';
  readonly timestamp: Millis;
}

/** A value whose event time lies too far ahead of the clock to be believed. */
export interface Future<A> {
  readonly _tag: 'Future';
  readonly value: A;
  readonly timestamp: Millis;
  /** What the clock said when it was judged. */
  readonly now: Millis;
}

/** The event times `[start, end)`. For a session `end` is its last event plus the gap. */
export interface Window {
  /** Inclusive. */
  readonly start: Millis;
  /** Exclusive. */
  readonly end: Millis;
}

/** When a pane was drawn: before the watermark reached the window's end, at that moment, or after it. */
export type Timing = 'EARLY' | 'ON_TIME' | 'LATE';

/** What a window holds at one moment. */
export interface Pane<K, V> {
  readonly _tag: 'Pane';
  readonly key: K;
  readonly window: Window;
  readonly value: V;
  readonly timing: Timing;
  /** 0 for the first pane of a window; after a merge it goes on from the greatest of the merged ones. */
  readonly index: number;
  readonly isFirst: boolean;
  /** No further pane comes for this window. */
  readonly isLast: boolean;
  /** The window was driven by processing time: its data was older than the watermark when it came. */
  readonly historic: boolean;
  /** Why the window was closed before its time: it reached a size cap, or the stream was drained. */
  readonly forced: false | 'cap' | 'drain';
}

/** A value that came after the session it belongs to was let go. */
export interface Late<K, A> {
  readonly _tag: 'Late';
  readonly key: K;
  readonly value: A;
  readonly timestamp: Millis;
  /** The watermark when it was judged. */
  readonly watermark: Millis;
}

/** A value that would have taken an open session past twice one of its size caps. */
export interface SessionFull<K, A> {
  readonly _tag: 'SessionFull';
  readonly key: K;
  readonly value: A;
  readonly timestamp: Millis;
  /** The window the session would have had. */
  readonly window: Window;
  /** Which cap it would have broken. */
  readonly cap: 'maxSessionEvents' | 'maxSessionDuration';
}

/** An open window has new elements. */
export interface Changed<K, V> {
  readonly _tag: 'Changed';
  readonly key: K;
  readonly window: Window;
  /** The windows, as last announced, whose place this one takes: its own earlier bounds and those it absorbed. */
  readonly replaces: readonly Window[];
  /** Takes an EARLY pane of the window as it stands now. Throws once the window has fired or closed. */
  draw(): Pane<K, V>;
}

/** A result that is new, or differs from the last one of the same identity. */
export interface Emitted<K, R> {
  readonly _tag: 'Emitted';
  readonly key: K;
  readonly value: R;
  /** 0, 1, 2, … per identity while its session is remembered. */
  readonly revision: number;
  /** The pane it came from. */
  readonly pane: Pane<K, unknown>;
}

/** The session was let go: nothing more comes for it. */
export interface Closed<K> {
  readonly _tag: 'Closed';
  readonly key: K;
  readonly window: Window;
}

/** A pane is due when so much processing time has passed since the first value that no pane has shown. */
export interface AfterProcessingTime {
  readonly _tag: 'AfterProcessingTime';
  readonly delay: Millis;
}

/** A pane is due when so many values have come that no pane has shown. */
export interface AfterCount {
  readonly _tag: 'AfterCount';
  readonly count: number;
}

/** Draws one pane of a window, and no more in that phase of it. */
export type OnceTrigger = AfterProcessingTime | AfterCount;

/** Begins anew after each pane. */
export interface Repeatedly {
  readonly _tag: 'Repeatedly';
  readonly trigger: OnceTrigger;
}

/** Decides when panes are drawn in one phase of a window: before the watermark has reached its end, or after. */
export type PaneTrigger = OnceTrigger | Repeatedly;

/** The trigger of a window: one pane when the watermark reaches its end, and what is drawn before and after that. */
export interface AfterWatermark {
  readonly _tag: 'AfterWatermark';
  readonly early?: PaneTrigger;
  readonly late?: PaneTrigger;
}

export interface Left<E> {
  readonly _tag: 'Left';
  readonly left: E;
}

export interface Right<A> {
  readonly _tag: 'Right';
  readonly right: A;
}

/** A refusal or a value; structurally the `Either` of fp-ts, so values of either kind fit. */
export type Either<E, A> = Left<E> | Right<A>;
