import type { Millis, Pane, Timing, Window } from '../types.js';
import type { Ordered } from './deadlines.js';

/** A window of any kind that holds values, as far as panes are drawn of it. */
export interface OpenWindow<K, V> extends Ordered {
  readonly key: K;
  /** Neither closed nor absorbed. */
  held: boolean;
  window: Window;
  accumulator: V;
  /** Index of its next pane. */
  index: number;
  /** It has values that no pane has shown. */
  fresh: boolean;
}

/** Draws the next pane of a window; all it holds has then been shown. */
export const nextPane = <K, V>(open: OpenWindow<K, V>, timing: Timing, isLast: boolean, historic: boolean, forced: Pane<K, V>['forced']): Pane<K, V> => {
  const { key, window, accumulator: value, index } = open;
  open.index = index + 1;
  open.fresh = false;
  return { _tag: 'Pane', key, window, value, timing, index, isFirst: index === 0, isLast, historic, forced };
};

/** The order in which windows close that have nothing more to wait for. */
export const byEnd = (a: Ordered & { readonly window: Window }, b: Ordered & { readonly window: Window }): number => a.window.end - b.window.end || a.ordinal - b.ordinal;

/** Whether `end` and the lateness allowed after it have been reached. */
export const isOver = ({ end }: Window, allowedLateness: Millis, watermark: Millis): boolean => end + allowedLateness <= watermark;
