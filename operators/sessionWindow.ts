import { EMPTY, asyncScheduler, type Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { SessionWindows, type SessionOutput, type SessionRules } from './core/sessionWindows.js';
import type { Aggregate, KeyedSessions, SessionsHeader } from './core/session.js';
import { RANK, clockOf } from './internal/clock.js';
import { operate } from './internal/operate.js';
import { atLeastZero, countFromOne, finite, oneOf, positive } from './internal/options.js';
import type { StateSlot } from './state.js';
import type { AfterWatermark, Element, Millis, Watermark } from './types.js';

const HOUR: Millis = 3_600_000;

/** Options of {@link sessionWindow}. */
export interface SessionWindowOptions<K, A, V> {
  /** Whose session a value belongs to; compared as `Map` keys are. */
  readonly key: (value: A) => K;
  /** A session ends when this much event time passes without a value, in ms (more than 0). */
  readonly gap: Millis;
  readonly aggregate: Aggregate<A, V>;
  /** How long after its end a fired window is kept for late values, in ms of event time (0 or more). Default: 0. */
  readonly allowedLateness?: Millis | undefined;
  /** Whether a pane shows everything so far or what is new since the last one. Default: `ACCUMULATING`. */
  readonly accumulation?: 'ACCUMULATING' | 'DISCARDING' | undefined;
  /** What becomes of a value whose session would be over before it began: a session driven by processing time, or a `Late`. Default: `process`. */
  readonly historic?: 'process' | 'late' | undefined;
  /** A historic session closes after this much processing time without a new value, in ms (more than 0). Default: 2 × gap. */
  readonly historicTimeout?: Millis | undefined;
  /** How long a closed session is remembered, so that none overlaps it, in ms of both kinds of time (0 or more). Default: 10 minutes. */
  readonly closedSessionMemory?: Millis | undefined;
  /** A session with this many values closes when a newer one comes (1 or more). Default: 10 000. */
  readonly maxSessionEvents?: number | undefined;
  /** A session closes when a newer value would make its window longer than this, in ms (the gap or more). Default: 24 hours. */
  readonly maxSessionDuration?: Millis | undefined;
  /** Draws the early and late panes; no `Changed` comes then. Default: news of an open session come as `Changed`, and a late value shows a pane at once. */
  readonly trigger?: AfterWatermark | undefined;
  /** When it emits, every session closes as it stands, flagged `forced: 'drain'`, and none is remembered. */
  readonly drain?: Observable<unknown> | undefined;
  readonly state?: SessionWindowSlot<K, V> | undefined;
  /** Processing time: the clock of the trigger, of historic sessions and of the memory of closed ones. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Where the state of {@link sessionWindow} is kept: held and remembered sessions, by key. Its sizes are `open` sessions, the `historic` ones among them, and `remembered` closed ones. */
export type SessionWindowSlot<K, V> = StateSlot<K, KeyedSessions<V>, SessionsHeader>;

/**
 * Groups the values of a key into sessions: windows that end after a gap without values.
 *
 * A value's own window is `[t, t + gap)`. If it overlaps a remembered closed session of its key, the
 * value is late. If it overlaps held sessions it joins them and they become one. Else it opens a
 * session. A session fires when the watermark reaches its end; one that is already behind the
 * watermark shows a LATE pane at once while it is within the allowed lateness, and beyond that it is
 * historic: it closes when processing time has brought no news for `historicTimeout`.
 *
 * With a gap of a minute, two events exactly that far apart, and one that comes too late:
 *
 * ```marble sessionWindow/gap-is-two-sessions
 * time       0s  1m  2m10s
 * source     a   b   ~2m |
 * panes              ON_TIME#0/last{a}[0s..1m) ON_TIME#0/last{b}[1m..2m)
 * watermark          2m
 * ```
 *
 * ```marble sessionWindow/late-of-closed
 * time       0s  1m10s                      1m20s
 * source     a   ~1m                        b@30s |
 * panes          ON_TIME#0/last{a}[0s..1m)
 * watermark      1m
 * late                                      late(b@30s,~1m)
 * ```
 *
 * Shape: `Element<A>` and `Watermark` in; out come `Changed` when an open window has news (or, with a
 * `trigger`, the panes that it draws), `Pane`, `Late` and `SessionFull` for what is refused, `Closed`
 * when a session is let go (of a historic one when it is forgotten), and each `Watermark` after the
 * panes it caused. Values that a late trigger has left undrawn come in a last LATE pane. A completion
 * without `Watermark` Infinity drains what is held.
 *
 * State: one accumulator per held session and two instants per remembered one. Time: O(1) amortised
 * per value, whatever is held; two timers per subscription, and one for a trigger.
 *
 * Errors: a throw in `key` or in the aggregate, or a timestamp that is not finite, becomes `error`.
 * An error of the source passes through and closes nothing. Options out of range throw `RangeError`
 * when the operator is made.
 *
 * Source: merging session windows as in Beam and Flink; half-open, so two values exactly one gap
 * apart are two sessions. That closed sessions are remembered answers Beam's issue 18677, where a
 * value within zero lateness could open a session overlapping one already emitted.
 */
export function sessionWindow<K, A, V>(
  options: SessionWindowOptions<K, A, V>,
): OperatorFunction<Element<A> | Watermark, SessionOutput<K, A, V> | Watermark> {
  const rules = rulesFrom(options);
  const { state, drain = EMPTY, scheduler = asyncScheduler } = options;

  return operate((out, guard) => {
    const clock = clockOf(scheduler);
    const windows = new SessionWindows(rules, (output) => out.next(output), state !== undefined, state?.takeSaved());
    state?.attach(windows);

    const historic = clock.timer(RANK.historic, (at) => guard(() => {
      windows.closeTimedOut(at);
      arm();
    }));
    const panes = rules.trigger && clock.timer(RANK.early, (at) => guard(() => {
      windows.showDue(at);
      arm();
    }));
    const forget = clock.timer(RANK.forget, (at) => guard(() => {
      windows.forgetDue(at);
      arm();
    }));
    const arm = (): void => {
      panes?.arm(windows.nextPane());
      historic.arm(windows.nextTimeout());
      forget.arm(windows.nextForget());
    };

    arm();
    windows.announce();
    out.add(
      drain.subscribe({
        next: () => guard(() => {
          clock.catchUp();
          windows.drain(clock.now());
          arm();
        }),
        error: (error: unknown) => out.error(error),
      }),
    );

    return {
      next(input) {
        clock.catchUp();
        if (input._tag === 'Element') windows.element(input.value, input.timestamp, clock.now());
        else if (windows.advance(input.timestamp, clock.now())) out.next(input);
        arm();
      },
      complete() {
        windows.drain(clock.now());
        out.complete();
      },
      finalize() {
        panes?.release();
        historic.release();
        forget.release();
      },
    };
  });
}

const rulesFrom = <K, A, V>(options: SessionWindowOptions<K, A, V>): SessionRules<K, A, V> => {
  const { key, aggregate } = options;
  const gap = finite('gap', positive('gap', options.gap));
  const maxSessionDuration = positive('maxSessionDuration', options.maxSessionDuration ?? Math.max(gap, 24 * HOUR));
  if (maxSessionDuration < gap) throw new RangeError(`maxSessionDuration must be the gap (${gap} ms) or more, got ${maxSessionDuration}`);
  return {
    key,
    aggregate,
    gap,
    allowedLateness: atLeastZero('allowedLateness', options.allowedLateness ?? 0),
    discarding: oneOf('accumulation', ['ACCUMULATING', 'DISCARDING'], options.accumulation ?? 'ACCUMULATING') === 'DISCARDING',
    refuseHistoric: oneOf('historic', ['process', 'late'], options.historic ?? 'process') === 'late',
    historicTimeout: positive('historicTimeout', options.historicTimeout ?? 2 * gap),
    closedSessionMemory: atLeastZero('closedSessionMemory', options.closedSessionMemory ?? HOUR / 6),
    maxSessionEvents: countFromOne('maxSessionEvents', options.maxSessionEvents ?? 10_000),
    maxSessionDuration,
    trigger: options.trigger,
  };
};
