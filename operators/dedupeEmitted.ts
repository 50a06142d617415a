import type { OperatorFunction } from 'rxjs';
import { Emissions, type EmissionRules } from './core/emissions.js';
import type { KeyedEmissions } from './core/emission.js';
import { operate } from './internal/operate.js';
import type { StateSlot } from './state.js';
import type { Closed, Emitted, Pane, Tagged, Watermark } from './types.js';

/** Options of {@link dedupeEmitted}. */
export interface DedupeEmittedOptions<K, V, R> extends EmissionRules<K, V, R> {
  /** The results of a pane; their identities are distinct. */
  readonly results: (pane: Pane<K, V>) => Iterable<R>;
  /** What makes two results of one key the same result, in two states. */
  readonly identity: (result: R) => string;
  /** Whether two states of a result are alike, so that the second is not worth telling. */
  readonly same: (a: R, b: R) => boolean;
  readonly state?: DedupeEmittedSlot<K, R> | undefined;
}

/** Where the state of {@link dedupeEmitted} is kept: what was emitted of the sessions that may still change, by key. Its size is `keys`. */
export type DedupeEmittedSlot<K, R> = StateSlot<K, KeyedEmissions<R>, undefined>;

/** What becomes of the values of a stream: panes turn into results, the rest stays. */
export type Deduped<T, R> = Exclude<T, { readonly _tag: 'Pane' }> | (T extends Pane<infer K, unknown> ? Emitted<K, R> : never);

/**
 * Turns panes into results and lets only those pass that are new or have changed, numbered by revision.
 *
 * The time on each page, as far as it is known:
 *
 * ```marble dedupeEmitted/new-and-unchanged
 * time       0s  20s  30s                                1m30s
 * source     a   b                                       ~1m20s |
 * results             emitted#0{a:20s}/EARLY[0s..1m20s)  emitted#0{b:1m}/ON_TIME[0s..1m20s)
 * watermark                                              1m20s
 * ```
 *
 * Shape: takes each `Pane` out of the stream and puts its results in as `Emitted` with revision 0, 1,
 * 2, … per identity; everything else passes by. A `Closed` makes it forget what was emitted of that
 * session; after the last pane of a window nothing is remembered in the first place.
 *
 * State: the last result per identity, of sessions that are held. Time: O(results) per pane.
 *
 * Errors: a throw in one of the functions becomes `error`; an error of the source passes through.
 *
 * Source: Flink's manual asks consumers of late firings to do this themselves; here results carry
 * their identity and revision.
 */
export function dedupeEmitted<T extends Tagged, K, V, R>(options: DedupeEmittedOptions<K, V, R>): OperatorFunction<T, Deduped<T, R>>;
export function dedupeEmitted<K, V, R>(options: DedupeEmittedOptions<K, V, R>): OperatorFunction<Pane<K, V> | Closed<K> | Watermark, Emitted<K, R> | Closed<K> | Watermark> {
  const { state } = options;
  return operate((out) => {
    const emissions = new Emissions<K, V, R>(options, (emitted) => out.next(emitted), state !== undefined, state?.takeSaved());
    state?.attach(emissions);
    return {
      next(input) {
        if (input._tag === 'Pane') {
          emissions.pane(input);
          return;
        }
        if (input._tag === 'Closed') emissions.closed(input);
        out.next(input);
      },
    };
  });
}
