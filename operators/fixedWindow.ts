import type { OperatorFunction } from 'rxjs';
import type { WindowOutput } from './core/alignedWindows.js';
import { alignedWindow, type AlignedWindowOptions } from './internal/alignedWindow.js';
import type { Element, Watermark } from './types.js';

/** Options of {@link fixedWindow}. */
export type FixedWindowOptions<K, A, V> = AlignedWindowOptions<K, A, V>;

/**
 * Groups the values of a key into windows of one size that follow upon each other:
 * `[k × size + offset, (k + 1) × size + offset)` for every whole k, also below 0.
 *
 * A window fires when the watermark reaches its end, and is let go when it has passed the end by
 * `allowedLateness`. A value whose window has been let go is `Late`; one that comes between the two
 * shows a LATE pane, also when it is the first of its window. A window without values shows no pane.
 *
 * When DISCARDING, the on-time pane comes also when nothing is new since the last early one: it then
 * holds the accumulator of no values.
 *
 * Shape: `Element<A>` and `Watermark` in; out come `Changed` when an open window has news (or, with a
 * `trigger`, the panes that it draws), `Pane`, `Late`, `Closed` when a window is let go, and each
 * `Watermark` after the panes it caused. With no lateness allowed the on-time pane is the last; else a
 * window is let go without a further pane, unless its trigger has left values that no pane has shown.
 * Watermark Infinity closes every window; a completion without it drains what is held.
 *
 * State: one accumulator per held window, and what the trigger remembers of it. Time: O(1) amortised
 * per value, whatever is held; one timer per subscription.
 *
 * Errors: a throw in `key` or in the aggregate, or a timestamp that is not finite, becomes `error`.
 * An error of the source passes through and closes nothing. Options out of range throw `RangeError`
 * when the operator is made.
 *
 * Source: Beam's `FixedWindows`, Flink's tumbling event-time windows.
 */
export const fixedWindow = <K, A, V>(options: FixedWindowOptions<K, A, V>): OperatorFunction<Element<A> | Watermark, WindowOutput<K, A, V> | Watermark> =>
  alignedWindow(options, options.size);
