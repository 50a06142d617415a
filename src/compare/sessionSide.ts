import type { Millis } from '../../operators/index.js';
import type { Standing } from './standing.js';
import type { Entered } from './told.js';

/** Times may have been cut to the second. */
const CUT: Millis = 1_000;

/** A window as all records of it together have it. */
export interface KnownWindow {
  readonly start: Millis;
  end: Millis;
  /** A last page has told that the window ends there; else it may have gone on. */
  isEndKnown: boolean;
}

/** What one side tells of one session. */
export class SessionSide {
  private readonly windows: readonly KnownWindow[];

  /**
   * @param results in the order of entry
   * @param tolerance how far apart two instants may be that are the same, in ms
   */
  constructor(
    readonly results: readonly Standing[],
    private readonly tolerance: Millis,
  ) {
    this.windows = windowsOf(results);
  }

  /** Whether the page was the last of its session as this side saw it: its time is a rule and no measurement. Some pipelines take 0 for it. */
  isLast(result: Standing): boolean {
    return isTimedByRule(result) || (result.spent === 0 && this.isNewest(result));
  }

  /** Whether it was the last page only for a while: the session went on, and its time was not corrected. */
  isProvisional(result: Standing): boolean {
    const window = this.windowOf(result);
    return isTimedByRule(result) && result.windowEnd !== undefined && window !== undefined && window.end > result.windowEnd + this.tolerance;
  }

  windowOf({ entry }: Entered): KnownWindow | undefined {
    return this.windows.find(({ start, end }) => start <= entry && entry < end);
  }

  /** Whether there is a result of a view at this instant. */
  hasViewAt(instant: Millis): boolean {
    const next = this.results[this.place(instant - this.tolerance)];
    return next !== undefined && next.entry <= instant + this.tolerance;
  }

  /** Whether a page was left at this instant: a view there was counted, even where it has no result. */
  isLeftAt(instant: Millis): boolean {
    const before = this.before(instant);
    return before !== undefined && Math.abs(before.entry + before.spent - instant) <= this.tolerance;
  }

  /** Whether the time on another page runs over this instant: a view there was not counted. */
  runsOver(instant: Millis): boolean {
    const before = this.before(instant);
    return before !== undefined && before.entry + before.spent > instant + this.tolerance;
  }

  private before(instant: Millis): Standing | undefined {
    return this.results[this.place(instant - this.tolerance) - 1];
  }

  /** Whether its window has no later view. */
  private isNewest(result: Standing): boolean {
    const next = this.results[this.place(result.entry + 1)];
    return next === undefined || next.entry >= (this.windowOf(result)?.end ?? next.entry);
  }

  /** Where the first result stands whose entry is at this instant or later. */
  private place(instant: Millis): number {
    let [low, high] = [0, this.results.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.results[middle]?.entry ?? Infinity) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const isTimedByRule = ({ pane, entry, spent, windowEnd }: Entered): boolean =>
  pane === undefined ? windowEnd !== undefined && Math.abs(entry + spent - windowEnd) < CUT : pane.rule === 'session_gap';

/** Windows of one session that overlap are one: what early results tell is only its beginning. */
const windowsOf = (results: readonly Standing[]): readonly KnownWindow[] => {
  const told = results.flatMap((result) => [result, ...result.replaced]).filter(({ windowStart }) => windowStart !== undefined);
  const windows: KnownWindow[] = [];
  for (const record of told.sort((a, b) => (a.windowStart ?? 0) - (b.windowStart ?? 0))) {
    const { windowStart: start = 0, windowEnd: end = start } = record;
    const last = windows.at(-1);
    const isEndKnown = isTimedByRule(record);
    if (last === undefined || start >= last.end) windows.push({ start, end, isEndKnown });
    else if (end > last.end) {
      last.end = end;
      last.isEndKnown = isEndKnown;
    } else if (end === last.end && isEndKnown) last.isEndKnown = true;
  }
  return windows;
};
