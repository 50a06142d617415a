import type { Millis } from '../../operators/index.js';

/** A message published longer ago than this comes from a backlog. */
const BEHIND: Millis = 60_000;

/** A backlog is delivered in no order: what is as old as the oldest of this long may still come. */
const SECONDS_REMEMBERED = 10;

/**
 * Bounds the watermark while a backlog is worked off: it stays below the oldest publish time of the
 * last ten seconds, or a fast reader of the newest messages would make the oldest ones late.
 */
export class CatchUp {
  /** Least publish time by second of processing time. */
  private readonly oldest = new Map<number, Millis>();
  private second = NaN;
  private bound: Millis = Infinity;

  constructor(
    private readonly maxOutOfOrderness: Millis,
    private readonly wallClock: () => Millis,
  ) {}

  observe(publishTime: Millis, now: Millis): void {
    this.turn(now);
    if (publishTime < (this.oldest.get(this.second) ?? Infinity)) {
      this.oldest.set(this.second, publishTime);
      this.bound = Math.min(this.bound, publishTime);
    }
  }

  /** The greatest watermark there may be; Infinity when the input is live, or silent for that long. */
  ceiling(now: Millis): Millis {
    this.turn(now);
    return this.bound < this.wallClock() - BEHIND ? this.bound - this.maxOutOfOrderness : Infinity;
  }

  private turn(now: Millis): void {
    const second = Math.floor(now / 1_000);
    if (second === this.second) return;
    this.second = second;
    for (const known of this.oldest.keys()) if (known <= second - SECONDS_REMEMBERED) this.oldest.delete(known);
    this.bound = Math.min(...this.oldest.values());
  }
}
