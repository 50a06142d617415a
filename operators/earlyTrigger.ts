import { asyncScheduler, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { EarlyDeadlines, type EarlyDeadline, type EarlyHeader } from './core/earlyDeadlines.js';
import { RANK, clockOf } from './internal/clock.js';
import { operate } from './internal/operate.js';
import { positive } from './internal/options.js';
import type { StateSlot } from './state.js';
import type { Changed, Millis, Pane, Tagged, Watermark } from './types.js';

/** Options of {@link earlyTrigger}. */
export interface EarlyTriggerOptions<K> {
  /** How long after the first news since its last pane a window shows an EARLY one, in ms of processing time (more than 0; Infinity: never). */
  readonly every: Millis;
  readonly state?: EarlyTriggerSlot<K> | undefined;
  /** Processing time. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Where the state of {@link earlyTrigger} is kept: the deadlines that are set, by key. Its size is `keys`. */
export type EarlyTriggerSlot<K> = StateSlot<K, readonly EarlyDeadline[], EarlyHeader>;

/** What becomes of the values of a stream: `Changed` turns into panes, the rest stays. */
export type Drawn<T> = Exclude<T, { readonly _tag: 'Changed' }> | (T extends Changed<infer K, infer V> ? Pane<K, V> : never);

/**
 * Draws early panes of windows that are still open.
 *
 * The deadline of a window is set by the first news since its last pane. Later news and growth do
 * not move it, merging keeps the earliest, and the pane that the watermark fires clears it. Without
 * news there is no early pane.
 *
 * Every thirty seconds:
 *
 * ```marble earlyTrigger/first-news
 * time    0s  30s                 50s  1m20s                    5m
 * source  a                       b                             !
 * panes       EARLY#0{a}[0s..1m)       EARLY#1{a,b}[0s..1m50s)
 * ```
 *
 * Shape: takes `Changed` out of the stream and puts EARLY `Pane`s in; everything else passes by in order.
 *
 * State: one deadline per window with news. Time: O(1) amortised per value; one timer per subscription.
 *
 * Errors: an error of the source passes through. `every` out of range throws `RangeError` when the
 * operator is made.
 *
 * Source: Beam's `AfterProcessingTime.past_first_element_in_pane`, repeated.
 */
export function earlyTrigger<T extends Tagged, K = unknown>(options: EarlyTriggerOptions<K>): OperatorFunction<T, Drawn<T>>;
export function earlyTrigger<K, V>(options: EarlyTriggerOptions<K>): OperatorFunction<Changed<K, V> | Pane<K, V> | Watermark, Pane<K, V> | Watermark> {
  const every = positive('every', options.every);
  const { state, scheduler = asyncScheduler } = options;

  return operate((out, guard) => {
    const clock = clockOf(scheduler);
    const deadlines = new EarlyDeadlines<K, V>(every, state !== undefined, state?.takeSaved());
    state?.attach(deadlines);

    const timer = clock.timer(RANK.early, (at) => guard(() => {
      for (let due = deadlines.take(at); due; due = deadlines.take(at)) out.next(due.draw());
      timer.arm(deadlines.next());
    }));
    timer.arm(deadlines.next());

    return {
      next(input) {
        clock.catchUp();
        if (input._tag === 'Changed') {
          deadlines.changed(input, clock.now());
          timer.arm(deadlines.next());
          return;
        }
        if (input._tag === 'Pane' && input.timing !== 'EARLY') deadlines.fired(input);
        out.next(input);
      },
      finalize: () => timer.release(),
    };
  });
}
