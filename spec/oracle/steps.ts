import * as fc from 'fast-check';
import type { Millis } from '../../operators/index.js';

/** What may happen to a running stream of sessions. Places in time are told from the watermark, so that all classes occur. */
export type Step =
  | { readonly kind: 'hit'; readonly key: string; readonly page: string; readonly from: Millis }
  | { readonly kind: 'watermark'; readonly by: Millis }
  | { readonly kind: 'wait'; readonly for: Millis }
  | { readonly kind: 'draw'; readonly nth: number };

const hit = fc.record({ kind: fc.constant('hit' as const), key: fc.constantFrom('ada', 'bob'), page: fc.constantFrom('/', '/buy', '/pay'), from: fc.integer({ min: -70, max: 40 }) });
const watermark = fc.record({ kind: fc.constant('watermark' as const), by: fc.integer({ min: 1, max: 25 }) });
const wait = fc.record({ kind: fc.constant('wait' as const), for: fc.integer({ min: 1, max: 30 }) });
const draw = fc.record({ kind: fc.constant('draw' as const), nth: fc.nat(5) });

/** Random streams: mostly hits, with watermarks, waiting and, if wanted, early panes drawn by hand. */
export const steps = ({ draws }: { readonly draws: boolean }): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof({ weight: 6, arbitrary: hit }, { weight: 2, arbitrary: watermark }, { weight: 2, arbitrary: wait }, { weight: draws ? 1 : 0, arbitrary: draw }), { maxLength: 60, size: 'max' });

/** Rules small enough for random streams to meet all of them. */
export const rules = fc.record({
  gap: fc.constant(10),
  allowedLateness: fc.constantFrom(0, 15),
  accumulation: fc.constantFrom('ACCUMULATING' as const, 'DISCARDING' as const),
  historic: fc.constantFrom('process' as const, 'process' as const, 'late' as const),
  historicTimeout: fc.constantFrom(7, 20),
  closedSessionMemory: fc.constantFrom(12, 40, 1_000_000),
  maxSessionEvents: fc.constantFrom(2, 3, 10_000),
  maxSessionDuration: fc.constantFrom(20, 1_000_000),
});
