import type { Millis } from '../../operators/index.js';

export interface WatermarkRules {
  readonly maxOutOfOrderness: Millis;
  readonly idleTimeout: Millis;
  /** Infinity: nothing is compared with now. */
  readonly maxFutureSkew: Millis;
}

const TICK: Millis = 1_000;

/** `assignWatermarks` as the rules are written. The wall clock is processing time. */
export class NaiveWatermarks {
  current: Millis = -Infinity;
  /** Where it would stand without a ceiling. */
  private free: Millis = -Infinity;
  private idleSince: Millis = Infinity;
  private ticks = 0;

  constructor(
    private readonly rules: WatermarkRules,
    private readonly ceiling: () => Millis = () => Infinity,
  ) {}

  /** Whether the element is believed; if so, the watermark may have moved. */
  element(at: Millis, now: Millis): boolean {
    const { maxOutOfOrderness, maxFutureSkew } = this.rules;
    if (at > now + maxFutureSkew) return false;
    this.free = Math.max(this.free, (maxFutureSkew < Infinity ? Math.min(at, now) : at) - maxOutOfOrderness);
    this.current = Math.max(this.current, Math.min(this.free, this.ceiling()));
    this.idleSince = now;
    this.ticks = 0;
    return true;
  }

  /** When it goes on by itself. */
  nextTick(): Millis {
    return this.idleSince + this.rules.idleTimeout + (this.ticks + 1) * TICK;
  }

  tick(): void {
    this.ticks += 1;
    this.free += TICK;
    this.current = Math.max(this.current, Math.min(this.free, this.ceiling()));
  }
}
