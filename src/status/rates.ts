import type { Millis } from '../../operators/index.js';

interface Sample {
  readonly at: Millis;
  readonly counts: ReadonlyMap<string, number>;
}

/** So many samples, one a second, a rate is taken over. */
const SAMPLES = 11;

/** How fast counts grow. */
export class Rates {
  private readonly samples: Sample[] = [];

  take(at: Millis, counts: ReadonlyMap<string, number>): void {
    this.samples.push({ at, counts });
    if (this.samples.length > SAMPLES) this.samples.shift();
  }

  /** Per second, over the last ten; 0 while a count goes back. */
  perSecond(name: string): number {
    const first = this.samples[0];
    const last = this.samples[this.samples.length - 1];
    if (!first || !last || last.at <= first.at) return 0;
    const grown = (last.counts.get(name) ?? 0) - (first.counts.get(name) ?? 0);
    return Math.max(0, grown / ((last.at - first.at) / 1_000));
  }
}
