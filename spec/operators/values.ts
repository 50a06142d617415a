import type { Changed, Closed, Element, Late, Millis, Pane, SessionFull, Watermark, Window } from '../../operators/index.js';

/** A hit on a page; `at` is its event time, `key` the visitor. In these specs one marble frame is 1 ms. */
export interface Hit {
  readonly key: string;
  readonly page: string;
  readonly at: Millis;
}

export const hit = (page: string, at: Millis, key = 'k'): Hit => ({ key, page, at });

export const element = <A extends { readonly at: Millis }>(value: A): Element<A> => ({ _tag: 'Element', value, timestamp: value.at });
export const watermark = (timestamp: Millis): Watermark => ({ _tag: 'Watermark', timestamp });
export const late = (value: Hit, at: Millis): Late<string, Hit> => ({ _tag: 'Late', key: value.key, value, timestamp: value.at, watermark: at });
export const full = (value: Hit, window: Window, cap: SessionFull<string, Hit>['cap']): SessionFull<string, Hit> =>
  ({ _tag: 'SessionFull', key: value.key, value, timestamp: value.at, window, cap });
export const window = (start: Millis, end: Millis): Window => ({ start, end });
export const closed = (start: Millis, end: Millis, key = 'k'): Closed<string> => ({ _tag: 'Closed', key, window: { start, end } });

/** What a pane holds: hits, in an order that does not depend on their arrival. */
export type Hits = readonly Hit[];

/** A pane as the specs write it: the only, last, on-time one unless `rest` says otherwise. */
export const pane = <V = Hits>(start: Millis, end: Millis, value: V, rest: Partial<Pane<string, V>> = {}): Pane<string, V> => ({
  _tag: 'Pane', key: 'k', window: { start, end }, value, timing: 'ON_TIME', index: 0, isFirst: (rest.index ?? 0) === 0, isLast: true, historic: false, forced: false, ...rest,
});
export const early = <V = Hits>(start: Millis, end: Millis, value: V, rest: Partial<Pane<string, V>> = {}): Pane<string, V> =>
  pane(start, end, value, { timing: 'EARLY', isLast: false, ...rest });

/** A `Changed` without its `draw`, which no equality can see into. */
export type Announced = Omit<Changed<string, unknown>, 'draw'>;
export const changed = (start: Millis, end: Millis, replaces: readonly Window[] = [], key = 'k'): Announced => ({ _tag: 'Changed', key, window: { start, end }, replaces });

const byStart = (a: Window, b: Window): number => a.start - b.start || a.end - b.end;

/** Makes what an operator emitted comparable: a `Changed` loses its function, and what it replaces is put in order of time. */
export const plain = <T extends { readonly _tag: string }>(out: T | Changed<string, unknown>): T | Announced =>
  isChanged(out) ? { _tag: 'Changed', key: out.key, window: out.window, replaces: [...out.replaces].sort(byStart) } : out;

const isChanged = (out: { readonly _tag: string }): out is Changed<string, unknown> => out._tag === 'Changed';

const inOrder = (hits: Hits): Hits => [...hits].sort((a, b) => a.at - b.at || (a.page < b.page ? -1 : a.page > b.page ? 1 : 0));

/** Collects the hits of a session; the same page at the same time is a duplicate. */
export const hits = {
  create: (): Hits => [],
  add: (held: Hits, value: Hit): Hits | undefined =>
    held.some((it) => it.page === value.page && it.at === value.at) ? undefined : inOrder([...held, value]),
  merge: (a: Hits, b: Hits): Hits => inOrder([...a, ...b]),
};
