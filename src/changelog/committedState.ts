import type { EarlyDeadline, KeyedEmissions, KeyedSessions } from '../../operators/index.js';
import type { PageTime } from '../model/pageTime.js';
import type { Visits } from '../model/visits.js';
import type { PipelineChanges, PipelineSlots, PipelineSnapshot } from '../pipelineState.js';
import type { SeenId } from '../runtime/messageIds.js';
import type { TaskDelta, TaskState } from '../runtime/task.js';
import { IDS_A_LINE } from './idsText.js';

/** All that a task needs to go on from its last commit. */
export type CommittedState = TaskState<PipelineSnapshot>;

/** What one epoch changes in it. */
export type CommittedDelta = Omit<TaskDelta<PipelineChanges>, 'allIds'>;

/** One key's part of the state (an undefined value says that the key is gone), or some of the message ids. */
export type StateEntry =
  | { readonly _tag: 'Sessions'; readonly key: string; readonly value: KeyedSessions<Visits> | undefined }
  | { readonly _tag: 'Early'; readonly key: string; readonly value: readonly EarlyDeadline[] | undefined }
  | { readonly _tag: 'Emitted'; readonly key: string; readonly value: KeyedEmissions<PageTime> | undefined }
  | { readonly _tag: 'Ids'; readonly ids: readonly SeenId[] };

/** What an epoch changes, entry by entry. */
export function* changedEntries({ flow, ids }: CommittedDelta): Generator<StateEntry, void> {
  for (const [key, value] of flow.sessions.entries) yield { _tag: 'Sessions', key, value };
  for (const [key, value] of flow.early.entries) yield { _tag: 'Early', key, value };
  for (const [key, value] of flow.emitted.entries) yield { _tag: 'Emitted', key, value };
  yield* idEntries(ids[Symbol.iterator]());
}

/** A walk through the running state, each entry as it is when it is taken: it may go on for many epochs. */
export function* liveEntries({ sessions, early, emitted }: Pick<PipelineSlots, 'sessions' | 'early' | 'emitted'>, ids: Iterator<SeenId, void>): Generator<StateEntry, void> {
  // First, so that none is shown that came later: the changes tell of those.
  yield* idEntries(ids);
  for (const [key, value] of rest(sessions.entries())) yield { _tag: 'Sessions', key, value };
  for (const [key, value] of rest(early.entries())) yield { _tag: 'Early', key, value };
  for (const [key, value] of rest(emitted.entries())) yield { _tag: 'Emitted', key, value };
}

/** Each taken together with those it is shown with: none waits for others while it changes. */
function* idEntries(ids: Iterator<SeenId, unknown>): Generator<StateEntry, void> {
  for (let some = taken(ids); some.length > 0; some = taken(ids)) yield { _tag: 'Ids', ids: some };
}

const taken = (ids: Iterator<SeenId, unknown>): readonly SeenId[] => {
  const some: SeenId[] = [];
  while (some.length < IDS_A_LINE) {
    const next = ids.next();
    if (next.done === true) break;
    some.push(next.value);
  }
  return some;
};

const rest = <T>(walk: Iterator<T, unknown>): Iterable<T> => ({ [Symbol.iterator]: () => walk });
