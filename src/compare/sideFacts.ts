import type { Millis } from '../../operators/index.js';
import type { TimestampMeaning, Told } from './told.js';

const SECOND: Millis = 1_000;

/**
 * What only all records of a side together tell: what its `timestamp` means, and whether it has last pages at all.
 *
 * A session's first page is entered when its window starts, and no page is left then; its last page is left when the window
 * ends, and none is entered then. So every record whose `timestamp` is one of the two says what a `timestamp` is.
 */
export class SideFacts {
  records = 0;
  /** Records with a header `pane`. */
  withPane = 0;
  /** What is no result. */
  unreadable = 0;
  private entryVotes = 0;
  private exitVotes = 0;
  private byPane = 0;
  private lastIfEntry = 0;
  private lastIfExit = 0;

  read({ timestamp, spent, windowStart, windowEnd, pane }: Told): void {
    this.records += 1;
    if (pane !== undefined) {
      this.withPane += 1;
      if (pane.rule === 'session_gap') this.byPane += 1;
      if (spent >= SECOND) this.vote(Math.abs(timestamp - pane.entry) < SECOND);
      return;
    }
    if (windowEnd !== undefined && Math.abs(timestamp - windowEnd) < SECOND) this.lastIfExit += 1;
    if (windowEnd !== undefined && Math.abs(timestamp + spent - windowEnd) < SECOND) this.lastIfEntry += 1;
    // A page that was left at once says nothing.
    if (spent < SECOND) return;
    if (timestamp === windowStart) this.vote(true);
    else if (timestamp === windowEnd) this.vote(false);
  }

  /** As most records have it; `exit`, as this pipeline writes it, where none says anything. */
  get meaning(): TimestampMeaning {
    return this.entryVotes > this.exitVotes ? 'entry' : 'exit';
  }

  hasLastPages(meaning: TimestampMeaning): boolean {
    return this.byPane + (meaning === 'entry' ? this.lastIfEntry : this.lastIfExit) > 0;
  }

  private vote(isEntry: boolean): void {
    if (isEntry) this.entryVotes += 1;
    else this.exitVotes += 1;
  }
}
