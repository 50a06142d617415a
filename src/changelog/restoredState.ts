import type { EarlyDeadline, KeyedEmissions, KeyedSessions, Millis } from '../../operators/index.js';
import type { PageTime } from '../model/pageTime.js';
import type { Visits } from '../model/visits.js';
import type { SeenId } from '../runtime/messageIds.js';
import type { CommittedState, StateEntry } from './committedState.js';
import { entryOf, lineKeyOf } from './entryText.js';
import type { Head } from './head.js';
import { interning } from './interning.js';

type Part = 'Sessions' | 'Early' | 'Emitted';

/**
 * The state as the lines of a changelog make it, one after the other. Of each key only the last line
 * is kept, as it was written, and it is read when somebody asks for the entry: most lines are
 * outdated by later ones, and a line takes far less room than what it says.
 */
export class RestoredState {
  private readonly lines: Readonly<Record<Part, Map<string, string>>> = { Sessions: new Map(), Early: new Map(), Emitted: new Map() };
  private readonly ids = new Map<string, SeenId>();
  private readonly pinned = new Map<string, SeenId>();
  private readonly intern = interning();

  apply(line: string): void {
    const { part, key, isGone } = lineKeyOf(line);
    if (part === 'Id') this.applyId(entryOf(line, this.intern));
    else if (isGone) this.lines[part].delete(key);
    else this.lines[part].set(key, line);
  }

  /** Drops the oldest ids as they are forgotten, or a long changelog would bring all that ever came. */
  forgetIds(idsFrom: Millis): void {
    for (const [id, { seenAt }] of this.ids) {
      if (seenAt >= idsFrom) break;
      this.ids.delete(id);
    }
  }

  committed(epoch: number, { taskTime, idsFrom, tally, watermarks, sessions, early }: Head): CommittedState {
    return {
      epoch,
      taskTime,
      tally,
      flow: {
        watermarks: { header: watermarks, entries: [] },
        sessions: { header: sessions, entries: again(() => sessionsIn(this.all('Sessions'))) },
        early: { header: early, entries: again(() => earlyIn(this.all('Early'))) },
        emitted: { header: undefined, entries: again(() => emittedIn(this.all('Emitted'))) },
      },
      ids: [...[...this.ids.values()].filter(({ seenAt }) => seenAt >= idsFrom), ...this.pinned.values()].sort((a, b) => a.seenAt - b.seenAt),
    };
  }

  private applyId(entry: StateEntry): void {
    if (entry._tag !== 'Id') return;
    // To the end of its map: ids come in order, those of a sweep aside.
    this.ids.delete(entry.key);
    this.pinned.delete(entry.key);
    (entry.value.pinned ? this.pinned : this.ids).set(entry.key, entry.value);
  }

  /** Reads the lines, anew each time somebody walks over them. */
  private *all(part: Part): Generator<StateEntry, void> {
    for (const line of this.lines[part].values()) yield entryOf(line, this.intern);
  }
}

const again = <T>(walk: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: walk });

function* sessionsIn(entries: Iterable<StateEntry>): Generator<readonly [string, KeyedSessions<Visits>], void> {
  for (const entry of entries) if (entry._tag === 'Sessions' && entry.value) yield [entry.key, entry.value];
}

function* earlyIn(entries: Iterable<StateEntry>): Generator<readonly [string, readonly EarlyDeadline[]], void> {
  for (const entry of entries) if (entry._tag === 'Early' && entry.value) yield [entry.key, entry.value];
}

function* emittedIn(entries: Iterable<StateEntry>): Generator<readonly [string, KeyedEmissions<PageTime>], void> {
  for (const entry of entries) if (entry._tag === 'Emitted' && entry.value) yield [entry.key, entry.value];
}
