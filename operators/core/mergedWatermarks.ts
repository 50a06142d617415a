import type { Millis } from '../types.js';

/** What is known of one input. */
interface Input {
  watermark: Millis;
  /** Processing time of the last thing that came from it, or of the beginning. */
  heardAt: Millis;
}

/**
 * One watermark for several inputs. Knows no clock: processing time comes with every call, and it
 * never goes back.
 */
export class MergedWatermarks {
  private readonly inputs: readonly Input[];
  private sent: Millis = -Infinity;

  constructor(
    count: number,
    private readonly idleTimeout: Millis,
    now: Millis,
  ) {
    this.inputs = Array.from({ length: count }, () => ({ watermark: -Infinity, heardAt: now }));
  }

  /** Something has come from an input. */
  heard(place: number, now: Millis): void {
    const input = this.inputs[place];
    if (input) input.heardAt = now;
  }

  /** An input's watermark; one that goes back takes nothing back. */
  advance(place: number, watermark: Millis): void {
    const input = this.inputs[place];
    if (input && watermark > input.watermark) input.watermark = watermark;
  }

  /** When the next input that is not idle becomes so, unless it speaks; Infinity: none does. */
  nextIdle(now: Millis): Millis {
    return this.active(now).reduce((least, input) => Math.min(least, input.heardAt + this.idleTimeout), Infinity);
  }

  /** The merged watermark, if it has risen since it was last taken. */
  takeRisen(now: Millis): Millis | undefined {
    const merged = this.merged(now);
    if (!(merged > this.sent)) return undefined;
    this.sent = merged;
    return merged;
  }

  private merged(now: Millis): Millis {
    const open = this.open();
    if (open.length === 0) return Infinity;
    const active = this.active(now);
    // When all are idle none holds another back: the furthest counts, in whatever order they fell silent.
    return active.length > 0 ? Math.min(...active.map(watermarkOf)) : Math.max(...open.map(watermarkOf));
  }

  /** Those that have not ended. */
  private open(): readonly Input[] {
    return this.inputs.filter(({ watermark }) => watermark < Infinity);
  }

  private active(now: Millis): readonly Input[] {
    return this.open().filter(({ heardAt }) => heardAt + this.idleTimeout > now);
  }
}

const watermarkOf = ({ watermark }: Input): Millis => watermark;
