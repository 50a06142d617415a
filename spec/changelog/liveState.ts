import type { CommittedDelta, CommittedState, StateEntry } from '../../src/changelog/committedState.js';
import type { Visits } from '../../src/model/visits.js';
import type { SeenId } from '../../src/runtime/messageIds.js';

type Of<Tag extends 'Sessions' | 'Early' | 'Emitted'> = NonNullable<Extract<StateEntry<Visits>, { readonly _tag: Tag }>['value']>;

/** A running state: maps that change, and a walk through them that shows what is there when it comes by. */
export class LiveState {
  private readonly sessions = new Map<string, Of<'Sessions'>>();
  private readonly early = new Map<string, Of<'Early'>>();
  private readonly emitted = new Map<string, Of<'Emitted'>>();
  private readonly ids = new Map<string, SeenId>();
  private last: CommittedDelta<Visits> | undefined;
  private epoch = 0;

  apply(epoch: number, delta: CommittedDelta<Visits>): void {
    this.epoch = epoch;
    this.last = delta;
    for (const [key, value] of delta.flow.sessions.entries) put(this.sessions, key, value);
    for (const [key, value] of delta.flow.early.entries) put(this.early, key, value);
    for (const [key, value] of delta.flow.emitted.entries) put(this.emitted, key, value);
    for (const seen of delta.ids) this.ids.set(seen.id, seen);
    for (const [id, { seenAt, pinned }] of this.ids) if (!pinned && seenAt < delta.idsFrom) this.ids.delete(id);
  }

  /** On the maps' own iterators, lazily. */
  *entries(): Generator<StateEntry<Visits>, void> {
    for (const [key, value] of this.sessions) yield { _tag: 'Sessions', key, value };
    for (const [key, value] of this.early) yield { _tag: 'Early', key, value };
    for (const [key, value] of this.emitted) yield { _tag: 'Emitted', key, value };
    for (const seen of this.ids.values()) yield { _tag: 'Ids', ids: [seen] };
  }

  committed(): CommittedState<Visits> | undefined {
    const { last, epoch } = this;
    if (!last) return undefined;
    const { taskTime, tally, flow } = last;
    return {
      epoch, taskTime, tally,
      flow: {
        watermarks: { header: flow.watermarks.header, entries: [] },
        sessions: { header: flow.sessions.header, entries: [...this.sessions] },
        early: { header: flow.early.header, entries: [...this.early] },
        emitted: { header: undefined, entries: [...this.emitted] },
      },
      ids: [...this.ids.values()],
    };
  }
}

const put = <V>(entries: Map<string, V>, key: string, value: V | undefined): void => {
  if (value === undefined) entries.delete(key);
  else entries.set(key, value);
};
