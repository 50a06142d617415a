import * as fc from 'fast-check';
import type { Millis } from '../../operators/index.js';
import { hit, type Hit } from '../operators/values.js';

/** What may happen to a running stream of sessions. */
export type Step =
  | { readonly kind: 'hit'; readonly value: Hit }
  | { readonly kind: 'watermark'; readonly timestamp: Millis }
  | { readonly kind: 'wait'; readonly for: Millis }
  | { readonly kind: 'draw'; readonly nth: number };

/** As drawn by chance: places in time are told from where the stream is, so that every class of event occurs. */
type Move =
  | { readonly kind: 'hit'; readonly key: string; readonly page: string; readonly near: 'watermark' | 'last hit'; readonly by: Millis }
  | { readonly kind: 'watermark'; readonly by: Millis }
  | Extract<Step, { readonly kind: 'wait' | 'draw' }>;

const around = (near: 'watermark' | 'last hit', min: Millis, max: Millis) =>
  fc.record({ kind: fc.constant('hit' as const), key: fc.constantFrom('ada', 'ada', 'bob'), page: fc.constantFrom('/', '/buy', '/pay'), near: fc.constant(near), by: fc.integer({ min, max }) });

const watermark = fc.record({ kind: fc.constant('watermark' as const), by: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 })) });
const wait = fc.record({ kind: fc.constant('wait' as const), for: fc.integer({ min: 1, max: 30 }) });
const draw = fc.record({ kind: fc.constant('draw' as const), nth: fc.nat(5) });

const placed = (moves: readonly Move[]): Step[] => {
  let watermarkAt = 0;
  let lastHitAt = 0;
  return moves.map((move): Step => {
    switch (move.kind) {
      case 'hit':
        lastHitAt = move.by + (move.near === 'watermark' ? watermarkAt : lastHitAt);
        return { kind: 'hit', value: hit(move.page, lastHitAt, move.key) };
      case 'watermark':
        watermarkAt += move.by;
        return { kind: 'watermark', timestamp: watermarkAt };
      case 'wait':
      case 'draw':
        return move;
    }
  });
};

/** Random streams: mostly hits, with watermarks, waiting and, if wanted, early panes drawn by hand. */
export const steps = ({ draws = false, maxLength = 60 } = {}): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(
    { weight: 4, arbitrary: around('last hit', -12, 12) },
    { weight: 2, arbitrary: around('watermark', -70, 40) },
    { weight: 2, arbitrary: watermark },
    { weight: 1, arbitrary: wait },
    { weight: draws ? 1 : 0, arbitrary: draw },
  ), { maxLength }).map(placed);

/** Rules small enough for random streams to meet all of them. */
export const rules = fc.record({
  gap: fc.constant(10),
  allowedLateness: fc.constantFrom(0, 15),
  accumulation: fc.constantFrom('ACCUMULATING' as const, 'DISCARDING' as const),
  historic: fc.constantFrom('process' as const, 'process' as const, 'late' as const),
  historicTimeout: fc.constantFrom(7, 20),
  closedSessionMemory: fc.constantFrom(12, 40, 1_000_000),
  maxSessionEvents: fc.constantFrom(10_000, 2, 3),
  maxSessionDuration: fc.constantFrom(1_000_000, 15, 20),
});
