import type { Millis, Window } from '../types.js';
import type { OpenWindow } from './openWindow.js';
import type { TriggerMemory } from './paneTriggers.js';

/** An open window, as plain values. */
export interface HeldWindow<V> {
  readonly window: Window;
  readonly accumulator: V;
  /** Index of its next pane. */
  readonly index: number;
  /** It has values that no pane has shown. */
  readonly fresh: boolean;
  /** Its place by age among all windows. */
  readonly ordinal: number;
  /** What its trigger remembers, if it has one and there is anything. */
  readonly trigger?: TriggerMemory;
}

/** The same, while the machine works on it. */
export interface AlignedWindow<K, V> extends OpenWindow<K, V> {
  readonly window: Window;
}

/** Where the values went; together with those that were late they add up to what came in. */
export interface WindowCounts {
  /** Values that were added to a window, or to several. */
  readonly added: number;
  /** Values that added nothing to any. */
  readonly duplicates: number;
}

export interface WindowsHeader {
  /** Null before the first. */
  readonly watermark: Millis | null;
  /** The ordinal of the next window. */
  readonly ordinal: number;
  readonly counts: WindowCounts;
}

/** Windows `[k × period + offset, … + size)` for every whole k. */
export interface Alignment {
  readonly size: Millis;
  readonly period: Millis;
  readonly offset: Millis;
}

/** The start of the last window that contains an instant; the others start one period before each other. */
export const lastStart = (timestamp: Millis, { period, offset }: Alignment): Millis => {
  const start = Math.floor((timestamp - offset) / period) * period + offset;
  // Just before a start the quotient may be rounded up to it.
  return start > timestamp ? start - period : start;
};

/** The start of the first one. */
export const firstStart = (timestamp: Millis, alignment: Alignment): Millis => {
  const { size, period } = alignment;
  let start = lastStart(timestamp, alignment);
  while (start - period + size > timestamp) start -= period;
  return start;
};
