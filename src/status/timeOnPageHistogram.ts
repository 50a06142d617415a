import type { Result } from '../model/outcome.js';
import { PageTime } from '../model/pageTime.js';
import type { ResultsStatus } from './status.js';

const BOUNDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800];

/** How the measured times on page are distributed. */
export class TimeOnPageHistogram {
  private readonly counts = new Array<number>(BOUNDS.length + 1).fill(0);
  private byRule = 0;

  add({ emitted: { value, revision } }: Result): void {
    if (revision > 0 || !(value instanceof PageTime)) return;
    if (value.rule === 'session_gap') {
      this.byRule += 1;
      return;
    }
    const found = BOUNDS.findIndex((bound) => value.timeSpent <= bound * 1_000);
    const place = found < 0 ? BOUNDS.length : found;
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  get shown(): ResultsStatus['timeOnPage'] {
    return { bounds: BOUNDS, counts: [...this.counts], byRule: this.byRule };
  }
}
