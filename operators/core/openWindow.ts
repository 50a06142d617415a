import type { Millis, Window } from '../types.js';
import type { Ordered } from './deadlines.js';

/**
 * What a window waits for: the watermark (`live`), nothing any more but its allowed lateness
 * (`fired`), or processing time (`historic`).
 */
export type Mode = 'live' | 'fired' | 'historic';

/** A window of any kind that holds values, as far as panes are drawn of it. */
export interface OpenWindow<K, V> extends Ordered {
  readonly key: K;
  /** Neither closed nor absorbed. */
  held: boolean;
  window: Window;
  accumulator: V;
  mode: Mode;
  /** Index of its next pane. */
  index: number;
  /** It has values that no pane has shown. */
  fresh: boolean;
}

/** The order in which windows close that have nothing more to wait for. */
export const byEnd = (a: Ordered & { readonly window: Window }, b: Ordered & { readonly window: Window }): number => a.window.end - b.window.end || a.ordinal - b.ordinal;

/** Whether the end of a window and the lateness allowed after it have been reached. */
export const isOver = ({ end }: Window, allowedLateness: Millis, watermark: Millis): boolean => end + allowedLateness <= watermark;
