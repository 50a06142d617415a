import type { Millis } from '../../operators/index.js';
import type { CommittedState } from './committedState.js';
import { earlyOf } from './earlyText.js';
import { beginningOf, KINDS } from './entryText.js';
import type { Head } from './head.js';
import { interning } from './interning.js';
import { LastLines } from './lastLines.js';
import { RestoredIds } from './restoredIds.js';
import type { Scanner } from './scanner.js';
import { sessionsOf } from './sessionText.js';
import { emissionsOf } from './writtenEmissions.js';

/** The kinds of lines of which the last one for a key counts. */
const [SESSIONS, EARLY, EMITTED] = [0, 1, 2];

/**
 * The state as the lines of a changelog make it, one after the other. Of each key only the last lines are
 * read, when somebody asks for their entries.
 */
export class RestoredState {
  private lines = new LastLines();
  private readonly ids = new RestoredIds();

  /** The lines that follow stand in this text, which is kept for as long as it is needed. */
  within(text: Buffer): void {
    if (this.lines.isWasteful) this.lines = this.lines.compacted();
    this.lines.within(text);
  }

  /** A line of the text that was named last, without its end. Throws where it has another shape. */
  apply(text: Buffer, from: number, to: number): void {
    const { kind, key } = beginningOf(text, from);
    switch (kind) {
      case KINDS.sessions:
        this.lines.set(SESSIONS, key, to);
        break;
      case KINDS.early:
        this.lines.set(EARLY, key, to);
        break;
      case KINDS.emitted:
        this.lines.set(EMITTED, key, to);
        break;
      case KINDS.id:
      case KINDS.pinned:
        this.ids.apply(text, from, to, kind === KINDS.pinned);
    }
  }

  /** Drops the oldest ids as they are forgotten, or a long changelog would bring all that ever came. */
  forgetIds(idsFrom: Millis): void {
    this.ids.forget(idsFrom);
  }

  committed(epoch: number, { taskTime, idsFrom, tally, watermarks, sessions, early }: Head): CommittedState {
    const { lines, ids } = this;
    const intern = interning();
    const readSessions = (value: Scanner) => sessionsOf(value, intern);
    const readEmissions = (value: Scanner) => emissionsOf(value, intern);
    return {
      epoch,
      taskTime,
      tally,
      flow: {
        watermarks: { header: watermarks, entries: [] },
        sessions: { header: sessions, entries: again(() => lines.all(SESSIONS, readSessions)) },
        early: { header: early, entries: again(() => lines.all(EARLY, earlyOf)) },
        emitted: { header: undefined, entries: again(() => lines.all(EMITTED, readEmissions)) },
      },
      ids: again(() => ids.all(idsFrom)),
    };
  }

}

const again = <T>(walk: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: walk });
