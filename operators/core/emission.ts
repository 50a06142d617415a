import type { Window } from '../types.js';

/** What was last emitted under one identity. */
export interface Emission<R> {
  readonly value: R;
  readonly revision: number;
  readonly window: Window;
}

export type KeyedEmissions<R> = readonly (readonly [identity: string, emission: Emission<R>])[];
