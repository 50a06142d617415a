import type { EarlyDeadline, KeyedEmissions, KeyedSessions, Millis } from '../../operators/index.js';
import type { PageTime } from '../model/pageTime.js';
import type { Visits } from '../model/visits.js';
import type { SeenId } from '../runtime/messageIds.js';
import type { CommittedState, StateEntry } from './committedState.js';
import type { Head } from './head.js';

/** The state as the records of a changelog make it, one after the other. */
export class RestoredState {
  private readonly sessions = new Map<string, KeyedSessions<Visits>>();
  private readonly early = new Map<string, readonly EarlyDeadline[]>();
  private readonly emitted = new Map<string, KeyedEmissions<PageTime>>();
  private readonly ids = new Map<string, SeenId>();
  private readonly pinned = new Map<string, SeenId>();

  apply(entry: StateEntry): void {
    switch (entry._tag) {
      case 'Sessions':
        put(this.sessions, entry.key, entry.value);
        break;
      case 'Early':
        put(this.early, entry.key, entry.value);
        break;
      case 'Emitted':
        put(this.emitted, entry.key, entry.value);
        break;
      case 'Id':
        // To the end of its map: ids come in order, those of a sweep aside.
        this.ids.delete(entry.key);
        this.pinned.delete(entry.key);
        put(entry.value.pinned ? this.pinned : this.ids, entry.key, entry.value);
        break;
    }
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
        sessions: { header: sessions, entries: [...this.sessions] },
        early: { header: early, entries: [...this.early] },
        emitted: { header: undefined, entries: [...this.emitted] },
      },
      ids: [...[...this.ids.values()].filter(({ seenAt }) => seenAt >= idsFrom), ...this.pinned.values()].sort((a, b) => a.seenAt - b.seenAt),
    };
  }
}

const put = <V>(entries: Map<string, V>, key: string, value: V | undefined): void => {
  if (value === undefined) entries.delete(key);
  else entries.set(key, value);
};
