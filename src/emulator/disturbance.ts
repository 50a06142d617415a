/** What goes wrong with one subscription, until other faults are set. */
export interface Faults {
  /** Share (0 to 1) of newly published messages that are delivered twice: a copy is leased and acked on its own. Default 0. */
  readonly duplicates?: number;
  /** Newly published messages are delivered so much later, ms. Default 0. */
  readonly delay?: number;
  /** Each newly published message is delivered up to so much later than its `delay`, ms, and so out of order. Default 0. */
  readonly disorder?: number;
  /** `refused`: acks fail with UNAVAILABLE; `lost`: they are answered as done, yet nothing is acked. Default: they work. */
  readonly acks?: 'refused' | 'lost';
  /** The same seed brings the same duplicates and the same disorder; not 0. Default 1. */
  readonly seed?: number;
}

/** Faults at work: draws what happens to each message. */
export class Disturbance {
  readonly acks: 'refused' | 'lost' | undefined;
  private state: number;

  constructor(private readonly faults: Faults) {
    this.acks = faults.acks;
    this.state = faults.seed ?? 1;
  }

  /** When each copy of a new message may be delivered, in ms from now. */
  delays(): number[] {
    const { duplicates = 0 } = this.faults;
    return duplicates > 0 && this.random() < duplicates ? [this.delay(), this.delay()] : [this.delay()];
  }

  private delay(): number {
    const { delay = 0, disorder = 0 } = this.faults;
    return disorder > 0 ? delay + this.random() * disorder : delay;
  }

  /** Marsaglia's xorshift32, in [0, 1). */
  private random(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }
}
