import { asyncScheduler, endWith, map, merge, type Observable, type ObservedValueOf, type SchedulerLike } from 'rxjs';
import { MergedWatermarks } from './core/mergedWatermarks.js';
import { RANK, clockOf } from './internal/clock.js';
import { operate } from './internal/operate.js';
import { positive } from './internal/options.js';
import type { Millis, Tagged, Watermark } from './types.js';

/** Options of {@link mergeWatermarked}. */
export interface MergeWatermarkedOptions {
  /** After this long without anything from it an input does not hold the others back, in ms of processing time (more than 0; Infinity: never). Default: 1 minute. */
  readonly idleTimeout?: Millis | undefined;
  /** Processing time. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** What comes out of several inputs. */
export type Merged<Sources extends readonly Observable<Tagged>[]> = Exclude<ObservedValueOf<Sources[number]>, { readonly _tag: 'Watermark' }> | Watermark;

/** What came from one of them; without a value it has ended. */
interface Arrival {
  readonly place: number;
  readonly value?: Tagged;
}

/**
 * Merges inputs that each bring their own watermarks: the merged watermark is the least of theirs.
 *
 * An input from which nothing has come for `idleTimeout` (no value and no watermark, also one that
 * has never said anything) does not hold the others back until it speaks again; what it then brings
 * may be late. When all are idle the furthest watermark counts: none of them holds another back, and
 * the outcome does not depend on the order in which they fell silent. An input that has completed
 * counts as Watermark Infinity, and Infinity comes when all have it.
 *
 * Shape: all else than watermarks passes at once, in the order of arrival; a `Watermark` comes when
 * the merged one has risen, after what caused it. It never goes back. All inputs are subscribed at
 * once, in order, and left together. No input at all gives Watermark Infinity and completes.
 *
 * State: two numbers per input, which no slot saves: windows remember how far event time has come.
 * Time: O(1) per value, O(inputs) per watermark; one timer per subscription.
 *
 * Errors: the error of an input passes at once and ends the others. Options out of range throw
 * `RangeError` at the call.
 *
 * Source: the least watermark of all inputs, as in Beam and Flink; idleness, and the furthest
 * watermark when all are idle, as in Flink's `StatusWatermarkValve`. There an input that speaks again
 * holds the others back only when it has caught up with them; here at once, so that it is late with
 * as little as can be.
 */
export function mergeWatermarked<Sources extends readonly Observable<Tagged>[]>(...sources: Sources): Observable<Merged<Sources>>;
export function mergeWatermarked<Sources extends readonly Observable<Tagged>[]>(...sourcesAndOptions: [...Sources, MergeWatermarkedOptions]): Observable<Merged<Sources>>;
export function mergeWatermarked(...given: readonly (Observable<Tagged> | MergeWatermarkedOptions)[]): Observable<Tagged> {
  const sources = given.filter(isSource);
  const options = given.find((it): it is MergeWatermarkedOptions => !isSource(it)) ?? {};
  const idleTimeout = positive('idleTimeout', options.idleTimeout ?? 60_000);
  const { scheduler = asyncScheduler } = options;

  const arrivals = merge(...sources.map((source, place) => source.pipe(map((value): Arrival => ({ place, value })), endWith<Arrival>({ place }))));
  return arrivals.pipe(operate<Arrival, Tagged>((out, guard) => {
    const clock = clockOf(scheduler);
    const merged = new MergedWatermarks(sources.length, idleTimeout, clock.now());
    const send = (now: Millis): void => {
      const timestamp = merged.takeRisen(now);
      if (timestamp !== undefined) out.next(watermark(timestamp));
    };

    // The timer is not moved with every value: it looks again when it rings.
    let armed = idleTimeout === Infinity;
    const timer = clock.timer(RANK.idle, (at) => guard(() => {
      send(at);
      armed = false;
      arm(at);
    }));
    const arm = (now: Millis): void => {
      if (armed) return;
      const at = merged.nextIdle(now);
      armed = at < Infinity;
      timer.arm(at);
    };
    arm(clock.now());

    return {
      next({ place, value }) {
        clock.catchUp();
        const now = clock.now();
        merged.heard(place, now);
        arm(now);
        if (value && !isWatermark(value)) {
          out.next(value);
          return;
        }
        merged.advance(place, value ? value.timestamp : Infinity);
        send(now);
      },
      complete() {
        send(clock.now());
        out.complete();
      },
      finalize: () => timer.release(),
    };
  }));
}

const watermark = (timestamp: Millis): Watermark => ({ _tag: 'Watermark', timestamp });

const isSource = (it: Observable<Tagged> | MergeWatermarkedOptions): it is Observable<Tagged> => 'pipe' in it;

const isWatermark = (value: Tagged): value is Watermark => value._tag === 'Watermark';
