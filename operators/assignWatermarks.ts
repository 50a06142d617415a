import { EMPTY, asyncScheduler, type Observable, type OperatorFunction, type SchedulerLike, type TimestampProvider } from 'rxjs';
import { Watermarks, type WatermarkState } from './core/watermarks.js';
import { RANK, clockOf } from './internal/clock.js';
import { operate } from './internal/operate.js';
import { atLeastZero, positive } from './internal/options.js';
import type { StateSlot } from './state.js';
import type { Element, Future, Millis, Watermark } from './types.js';

/** Options of {@link assignWatermarks}. */
export interface AssignWatermarksOptions<A> {
  /** Event time of a value, ms since the epoch. Must be finite; called once per value. */
  readonly timestamp: (value: A) => Millis;
  /** How far behind the newest timestamp a value may still arrive and be on time, in ms (0 or more). */
  readonly maxOutOfOrderness: Millis;
  /** After this long without an element the watermark goes on by itself, in ms of processing time (more than 0). Default: never. */
  readonly idleTimeout?: Millis | undefined;
  /**
   * A value further ahead of the wall clock than this becomes a {@link Future}, in ms (0 or more); and no
   * value moves the watermark past what the wall clock allows. Default: event time is not compared with now.
   */
  readonly maxFutureSkew?: Millis | undefined;
  /** What `maxFutureSkew` compares event time with. Default: `scheduler`. */
  readonly wallClock?: TimestampProvider | (() => Millis) | undefined;
  /** The watermark never passes this; asked whenever it could move. Default: no bound. */
  readonly ceiling?: (() => Millis) | undefined;
  /** Each emission starts the idle timeout afresh, e.g. when a connection is open again. */
  readonly idleResets?: Observable<unknown> | undefined;
  readonly state?: WatermarksSlot | undefined;
  /** Processing time: the clock of the idle timeout. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Where the state of {@link assignWatermarks} is kept: it has no keys, only a header. */
export type WatermarksSlot = StateSlot<never, never, WatermarkState>;

/**
 * Stamps every value with its event time and tells, in the same stream, how far event time has come.
 *
 * The watermark is the greatest timestamp so far, less `maxOutOfOrderness`. When no element has come
 * for `idleTimeout` it goes on from where it stood, one second per second, until the next element.
 *
 * With a disorder of ten seconds, and with an idle timeout of a minute:
 *
 * ```marble assignWatermarks/follows-newest
 * time       0s    20s    25s   40s
 * source     a     b      c@5s  d !
 * elements   a@0s  b@20s  c@5s  d@40s
 * watermark  -10s  10s          30s
 * ```
 *
 * ```marble assignWatermarks/idle-goes-on
 * time       0s    1m1s..1m20s  1m20.5s
 * source     a                  !
 * watermark  -10s  -9s..10s
 * ```
 *
 * Shape: `A` in; for each an `Element<A>`, followed by a `Watermark` if it moved the watermark, or a
 * `Future<A>`, which never moves it. Watermarks strictly increase; the last one is `Infinity`, just
 * before `complete`. A value behind the watermark still passes: a window judges it.
 *
 * State: four numbers per subscription. Time: O(1) per value, one timer per subscription.
 *
 * Errors: a throw in `timestamp`, or a result that is not finite, becomes `error`; an error of the
 * source passes through at once, without a final watermark. Options out of range throw `RangeError`
 * when the operator is made.
 *
 * Source: bounded out-of-orderness as in Flink's `BoundedOutOfOrdernessWatermarks`; an idle input
 * follows processing time as in Bytewax's `EventClock`, here without losing the input's usual delay.
 */
export function assignWatermarks<A>(options: AssignWatermarksOptions<A>): OperatorFunction<A, Element<A> | Watermark | Future<A>> {
  const { timestamp, maxFutureSkew, ceiling = () => Infinity, idleResets = EMPTY, scheduler = asyncScheduler } = options;
  const rules = {
    maxOutOfOrderness: atLeastZero('maxOutOfOrderness', options.maxOutOfOrderness),
    idleTimeout: positive('idleTimeout', options.idleTimeout ?? Infinity),
  };
  const skew = maxFutureSkew === undefined ? undefined : atLeastZero('maxFutureSkew', maxFutureSkew);
  const wallClock = clockFunction(options.wallClock ?? scheduler);

  return operate((out, guard) => {
    const clock = clockOf(scheduler);
    const watermarks = new Watermarks(rules, options.state?.takeSaved()?.header);
    options.state?.attach({
      header: () => watermarks.state(),
      sizes: () => ({}),
      entry: () => undefined,
      entries: () => [].values(),
      changes: () => ({ header: watermarks.state(), entries: [] }),
      former: () => [],
    });

    const send = (): void => {
      const moved = watermarks.advance(ceiling());
      if (moved !== undefined) out.next({ _tag: 'Watermark', timestamp: moved });
    };

    // The timer is not moved with every element: it looks again when it rings.
    const timer = clock.timer(RANK.idle, (at) =>
      guard(() => {
        if (at >= watermarks.nextTick()) {
          watermarks.tick();
          send();
        }
        timer.arm(watermarks.nextTick());
      }),
    );
    let armed = false;
    const arm = (): void => {
      if (armed || watermarks.nextTick() === Infinity) return;
      armed = true;
      timer.arm(watermarks.nextTick());
    };
    arm();

    out.add(
      idleResets.subscribe({
        next: () => guard(() => {
          clock.catchUp();
          watermarks.startIdleness(clock.now());
          arm();
        }),
        error: (error: unknown) => out.error(error),
      }),
    );

    return {
      next(value) {
        clock.catchUp();
        const at = timestamp(value);
        if (!Number.isFinite(at)) throw new RangeError(`timestamp must be finite ms, got ${at}`);
        let believed = at;
        if (skew !== undefined) {
          const wall = wallClock();
          if (at > wall + skew) {
            out.next({ _tag: 'Future', value, timestamp: at, now: wall });
            return;
          }
          if (at > wall) believed = wall;
        }
        watermarks.observe(believed, clock.now());
        arm();
        out.next({ _tag: 'Element', value, timestamp: at });
        send();
      },
      complete() {
        out.next({ _tag: 'Watermark', timestamp: Infinity });
        out.complete();
      },
      finalize: () => timer.release(),
    };
  });
}

const clockFunction = (clock: TimestampProvider | (() => Millis)): (() => Millis) => (typeof clock === 'function' ? clock : () => clock.now());
