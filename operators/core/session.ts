import type { Millis, Window } from '../types.js';
import type { Mode, OpenWindow } from './openWindow.js';
import type { TriggerMemory } from './paneTriggers.js';

/** How a session accumulates its values. Accumulators are immutable: a pane hands them out and a snapshot shares them. */
export interface Aggregate<A, V> {
  /** The accumulator of no values. */
  create(): V;
  /** The accumulator with one more value; `undefined` when the value adds nothing (a duplicate). */
  add(accumulator: V, value: A, timestamp: Millis): V | undefined;
  /** The accumulator of all values of both; `a` is the earlier session. */
  merge(a: V, b: V): V;
}

/** A session that is held, as plain values. */
export interface HeldSession<V> {
  readonly window: Window;
  readonly accumulator: V;
  /** Values added so far. */
  readonly events: number;
  readonly mode: Mode;
  /** Index of its next pane. */
  readonly index: number;
  /** It has values that no pane has shown. */
  readonly fresh: boolean;
  /** Processing time of its newest arrival. */
  readonly arrivedAt: Millis;
  /** Its place by age among all sessions. */
  readonly ordinal: number;
  /** What its trigger remembers, if it has one and there is anything. */
  readonly trigger?: TriggerMemory;
}

/** The same, while the machine works on it. */
export interface Session<K, V> extends OpenWindow<K, V> {
  /** The next held session of its key, by start. Most keys have one session: a list for each would take as much room as that. */
  next: Session<K, V> | undefined;
  /** It has changed since the last time changes were asked for. */
  changed: boolean;
  events: number;
  arrivedAt: Millis;
  /** The one entry of a deadline queue that counts for it. */
  dueAt: Millis;
}

/** What is remembered of a closed session, so that no later one overlaps it. */
export interface Mark extends Window {
  /** Processing time of the close. */
  readonly closedAt: Millis;
  /** Its `Closed` is still to be sent: when the mark is forgotten. */
  readonly owesClosed: boolean;
  /** The session's place by age. */
  readonly ordinal: number;
}

/** One key's part of a snapshot. */
export interface KeyedSessions<V> {
  readonly sessions: readonly HeldSession<V>[];
  readonly closed: readonly Mark[];
}

/** Where the values went; together with what is sent aside they add up to what came in. */
export interface SessionCounts {
  readonly duplicates: number;
  /** Values in sessions that are held. */
  readonly held: number;
  /** Values in sessions that were let go. */
  readonly closed: number;
}

export interface SessionsHeader {
  /** Null before the first. */
  readonly watermark: Millis | null;
  /** The ordinal of the next session. */
  readonly ordinal: number;
  readonly counts: SessionCounts;
}

export const overlaps = (a: Window, start: Millis, end: Millis): boolean => a.start < end && start < a.end;

export const NO_SESSIONS: readonly never[] = [];

/** All sessions of a key, by start. */
export const siblings = <K, V>(first: Session<K, V> | undefined): readonly Session<K, V>[] => {
  const all: Session<K, V>[] = [];
  for (let one = first; one; one = one.next) all.push(one);
  return all;
};

/** The same object when the bounds are the same. */
export const grown = (window: Window, start: Millis, end: Millis): Window =>
  start >= window.start && end <= window.end ? window : { start: Math.min(window.start, start), end: Math.max(window.end, end) };

export const spanning = <K, V>(touched: readonly Session<K, V>[], start: Millis, end: Millis): Window => ({
  start: touched.reduce((least, one) => Math.min(least, one.window.start), start),
  end: touched.reduce((most, one) => Math.max(most, one.window.end), end),
});
