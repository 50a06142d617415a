import type { Window } from '../types.js';

/** What was last emitted under one identity. */
export interface Emission<R> {
  readonly value: R;
  readonly revision: number;
  readonly window: Window;
}

/** The emissions of one key. */
export type KeyedEmissions<R> = Iterable<readonly [identity: string, emission: Emission<R>]>;
