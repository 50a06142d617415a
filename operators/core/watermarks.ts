import type { Millis } from '../types.js';

export interface WatermarkRules {
  readonly maxOutOfOrderness: Millis;
  /** Infinity: an idle input stops event time. */
  readonly idleTimeout: Millis;
}

/** What survives a restart. Event times are event time, the rest is processing time. */
export interface WatermarkState {
  /** The last watermark sent; null before the first. */
  readonly sent: Millis | null;
  /** Where the watermark would be without a ceiling; null before the first element. */
  readonly reached: Millis | null;
  /** When silence began: at the last element, or when idleness was started afresh; null before that. */
  readonly elementAt: Millis | null;
  /** Idle ticks since then. */
  readonly ticks: number;
}

/** While the input is idle the watermark moves in steps of this size. */
export const IDLE_TICK: Millis = 1_000;

/**
 * How far event time has come. Knows no clock: processing time comes with every call.
 *
 * Bounded out-of-orderness as in Flink; an idle input follows processing time as in Bytewax, but
 * from where it stood, so that the input's usual delay is kept.
 */
export class Watermarks {
  private sent: Millis;
  private reached: Millis;
  private elementAt: Millis | null;
  private ticks: number;

  constructor(
    private readonly rules: WatermarkRules,
    restored?: WatermarkState,
  ) {
    this.sent = restored?.sent ?? -Infinity;
    this.reached = restored?.reached ?? -Infinity;
    this.elementAt = restored?.elementAt ?? null;
    this.ticks = restored?.ticks ?? 0;
  }

  /** An element with this event time (bounded by the wall clock, where there is one) came at `now`. */
  observe(eventTime: Millis, now: Millis): void {
    this.startIdleness(now);
    const reached = eventTime - this.rules.maxOutOfOrderness;
    if (reached > this.reached) this.reached = reached;
  }

  /** Silence counts from here. */
  startIdleness(now: Millis): void {
    this.elementAt = now;
    this.ticks = 0;
  }

  /** When the next idle tick is due, if no element comes; Infinity when none will. */
  nextTick(): Millis {
    if (this.elementAt === null || this.reached === -Infinity) return Infinity;
    return this.elementAt + this.rules.idleTimeout + (this.ticks + 1) * IDLE_TICK;
  }

  /** The tick of {@link nextTick} has come. */
  tick(): void {
    this.ticks += 1;
    this.reached += IDLE_TICK;
  }

  /** The watermark to send now, if it has moved; it never passes `ceiling` and never goes back. */
  advance(ceiling: Millis): Millis | undefined {
    const next = Math.min(this.reached, ceiling);
    if (!(next > this.sent)) return undefined;
    this.sent = next;
    return next;
  }

  state(): WatermarkState {
    return { sent: known(this.sent), reached: known(this.reached), elementAt: this.elementAt, ticks: this.ticks };
  }
}

const known = (instant: Millis): Millis | null => (instant === -Infinity ? null : instant);
