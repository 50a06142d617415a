import { EMPTY, asyncScheduler, type Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { Alignment, HeldWindow, WindowsHeader } from '../core/alignedWindow.js';
import { AlignedWindows, type WindowOutput } from '../core/alignedWindows.js';
import type { Aggregate } from '../core/session.js';
import type { StateSlot } from '../state.js';
import type { AfterWatermark, Element, Millis, Watermark } from '../types.js';
import { RANK, clockOf } from './clock.js';
import { operate } from './operate.js';
import { atLeastZero, finite, oneOf, positive, whole } from './options.js';

/** Options of every operator whose windows lie at fixed places in event time. */
export interface AlignedWindowOptions<K, A, V> {
  /** Whose window a value belongs to; compared as `Map` keys are. */
  readonly key: (value: A) => K;
  /** How long a window is, in whole ms (more than 0). */
  readonly size: Millis;
  /** By how much the windows are shifted from the epoch, in whole ms of either sign. Default: 0. */
  readonly offset?: Millis | undefined;
  /** How a window accumulates its values; `merge` is not called. */
  readonly aggregate: Aggregate<A, V>;
  /** How long after its end a fired window is kept for late values, in ms of event time (0 or more). Default: 0. */
  readonly allowedLateness?: Millis | undefined;
  /** Whether a pane shows everything so far or what is new since the last one. Default: `ACCUMULATING`. */
  readonly accumulation?: 'ACCUMULATING' | 'DISCARDING' | undefined;
  /** Draws the early and late panes; no `Changed` comes then. Default: news of an open window come as `Changed`, and a late value shows a pane at once. */
  readonly trigger?: AfterWatermark | undefined;
  /** When it emits, every window closes as it stands, flagged `forced: 'drain'`. */
  readonly drain?: Observable<unknown> | undefined;
  readonly state?: WindowSlot<K, V> | undefined;
  /** Processing time: the clock of the trigger. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Where the state of {@link fixedWindow} or {@link slidingWindow} is kept: the windows that are held, by key. Its size is `keys`. */
export type WindowSlot<K, V> = StateSlot<K, readonly HeldWindow<V>[], WindowsHeader>;

/** Windows at fixed places in event time, one every `period`. */
export const alignedWindow = <K, A, V>(options: AlignedWindowOptions<K, A, V>, period: Millis): OperatorFunction<Element<A> | Watermark, WindowOutput<K, A, V> | Watermark> => {
  const { key, aggregate, trigger, state, drain = EMPTY, scheduler = asyncScheduler } = options;
  const rules = {
    ...alignmentFrom(options, period),
    key,
    aggregate,
    trigger,
    allowedLateness: atLeastZero('allowedLateness', options.allowedLateness ?? 0),
    discarding: oneOf('accumulation', ['ACCUMULATING', 'DISCARDING'], options.accumulation ?? 'ACCUMULATING') === 'DISCARDING',
  };

  return operate((out, guard) => {
    const clock = clockOf(scheduler);
    const windows = new AlignedWindows(rules, (output) => out.next(output), state !== undefined, state?.takeSaved());
    state?.attach(windows);

    const timer = clock.timer(RANK.early, (at) => guard(() => {
      windows.showDue(at);
      timer.arm(windows.nextPane());
    }));
    timer.arm(windows.nextPane());
    windows.announce();
    out.add(
      drain.subscribe({
        next: () => guard(() => {
          clock.catchUp();
          windows.drain();
          timer.arm(windows.nextPane());
        }),
        error: (error: unknown) => out.error(error),
      }),
    );

    return {
      next(input) {
        clock.catchUp();
        if (input._tag === 'Element') windows.element(input.value, input.timestamp, clock.now());
        else if (windows.advance(input.timestamp)) out.next(input);
        timer.arm(windows.nextPane());
      },
      complete() {
        windows.drain();
        out.complete();
      },
      finalize: () => timer.release(),
    };
  });
};

const alignmentFrom = ({ size, offset = 0 }: { readonly size: Millis; readonly offset?: Millis | undefined }, period: Millis): Alignment => ({
  size: whole('size', finite('size', positive('size', size))),
  period,
  offset: whole('offset', offset),
});
