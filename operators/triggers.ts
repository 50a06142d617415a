import { finite, positive, wholeFromOne } from './internal/options.js';
import type { AfterCount, AfterProcessingTime, AfterWatermark, Millis, OnceTrigger, PaneTrigger, Repeatedly } from './types.js';

/**
 * A pane when the watermark reaches the window's end (it always comes), and before and after that as
 * `early` and `late` say.
 *
 * Without `early` there are no EARLY panes. Without `late` every late value shows a LATE pane at
 * once; with it, what no pane has shown when the window is let go comes in a last LATE pane, so no
 * value is lost.
 *
 * A window has an early phase until the watermark reaches its end, then a late one. A session that is
 * opened again has an early phase again, with its triggers as new.
 *
 * Shape: a plain object that survives JSON, as all triggers are.
 *
 * Source: Beam's `AfterWatermark` with early and late firings. Beam repeats those in any case; here
 * a bare trigger draws one pane, and {@link repeatedly} says what repeats. That what is left is shown
 * at the close is Beam's `FIRE_IF_NON_EMPTY`.
 */
export const afterWatermark = ({ early, late }: { readonly early?: PaneTrigger | undefined; readonly late?: PaneTrigger | undefined } = {}): AfterWatermark => ({
  _tag: 'AfterWatermark',
  ...(early && { early }),
  ...(late && { late }),
});

/**
 * A pane `delay` ms of processing time after the first value since the window's last pane. Later
 * values do not move it, a merge keeps the earliest.
 *
 * Errors: a delay that is not more than 0, or not finite, throws `RangeError`.
 *
 * Source: Beam's `AfterProcessingTime.pastFirstElementInPane`.
 */
export const afterProcessingTime = (delay: Millis): AfterProcessingTime => ({ _tag: 'AfterProcessingTime', delay: finite('delay', positive('delay', delay)) });

/**
 * A pane when `count` values have come since the window's last pane. Values that add nothing do not
 * count; a merge adds the counts up.
 *
 * Errors: a count that is not a whole number from 1 throws `RangeError`.
 *
 * Source: Beam's `AfterPane.elementCountAtLeast`, Flink's `CountTrigger`.
 */
export const afterCount = (count: number): AfterCount => ({ _tag: 'AfterCount', count: wholeFromOne('count', count) });

/**
 * The trigger again and again: after each pane it begins anew.
 *
 * Source: Beam's `Repeatedly.forever`.
 */
export const repeatedly = (trigger: OnceTrigger): Repeatedly => ({ _tag: 'Repeatedly', trigger });
