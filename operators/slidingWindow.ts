import type { OperatorFunction } from 'rxjs';
import type { WindowOutput } from './core/alignedWindows.js';
import { alignedWindow, type AlignedWindowOptions } from './internal/alignedWindow.js';
import { positive, whole } from './internal/options.js';
import type { Element, Millis, Watermark } from './types.js';

/** Options of {@link slidingWindow}. */
export interface SlidingWindowOptions<K, A, V> extends AlignedWindowOptions<K, A, V> {
  /** A window begins every so many whole ms (more than 0, at most the size: else values would fall between two windows). */
  readonly every: Millis;
}

/**
 * Groups the values of a key into windows of one size that overlap:
 * `[k × every + offset, k × every + offset + size)` for every whole k, also below 0.
 *
 * A value belongs to each window that contains it, and is added to those that have not been let go,
 * the earliest first; it is `Late`, once, when all have been. Each window is as one of
 * {@link fixedWindow}: it fires, shows its panes and is let go for itself.
 *
 * Shape, Errors: as {@link fixedWindow}; a value gives one `Changed` or pane for each of its windows.
 *
 * State: one accumulator per held window: a value is in `size / every` of them. Time: O(windows that
 * contain the value) per value, whatever is held; one timer per subscription.
 *
 * Source: Beam's `SlidingWindows`, Flink's sliding event-time windows; both drop values between two
 * windows without a word when these lie apart, which is refused here.
 */
export function slidingWindow<K, A, V>(options: SlidingWindowOptions<K, A, V>): OperatorFunction<Element<A> | Watermark, WindowOutput<K, A, V> | Watermark> {
  const { size, every } = options;
  whole('every', positive('every', every));
  if (every > size) throw new RangeError(`every must be at most the size (${size} ms), got ${every}`);
  return alignedWindow(options, every);
}
