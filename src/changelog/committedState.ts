import type { EarlyDeadline, KeyedEmissions, KeyedSessions } from '../../operators/index.js';
import type { Outcome } from '../model/outcome.js';
import type { PipelineChanges, PipelineSlots, PipelineSnapshot } from '../pipelineState.js';
import type { SeenId } from '../runtime/messageIds.js';
import type { TaskDelta, TaskState } from '../runtime/task.js';
import { IDS_A_LINE } from './idsText.js';

/** All that a task needs to go on from its last commit. A: what a session accumulates. */
export type CommittedState<A> = TaskState<PipelineSnapshot<A>>;

/** What one epoch changes in it. */
export type CommittedDelta<A> = Omit<TaskDelta<PipelineChanges<A>>, 'allIds'>;

/** One key's part of the state (an undefined value says that the key is gone), or some of the message ids. */
export type StateEntry<A> =
  | { readonly _tag: 'Sessions'; readonly key: string; readonly value: KeyedSessions<A> | undefined }
  | { readonly _tag: 'Early'; readonly key: string; readonly value: readonly EarlyDeadline[] | undefined }
  | { readonly _tag: 'Emitted'; readonly key: string; readonly value: KeyedEmissions<Outcome> | undefined }
  | { readonly _tag: 'Ids'; readonly ids: readonly SeenId[] };

/** What an epoch changes, entry by entry. */
export function* changedEntries<A>({ flow, ids }: CommittedDelta<A>): Generator<StateEntry<A>, void> {
  for (const [key, value] of flow.sessions.entries) yield { _tag: 'Sessions', key, value };
  for (const [key, value] of flow.early.entries) yield { _tag: 'Early', key, value };
  for (const [key, value] of flow.emitted.entries) yield { _tag: 'Emitted', key, value };
  yield* idEntries(ids[Symbol.iterator]());
}

/** A walk through the running state, each entry as it is when it is taken: it may go on for many epochs. */
export function* liveEntries<A>({ sessions, early, emitted }: Pick<PipelineSlots<A>, 'sessions' | 'early' | 'emitted'>, ids: Iterator<SeenId, void>): Generator<StateEntry<A>, void> {
  // First, so that none is shown that came later: the changes tell of those.
  yield* idEntries(ids);
  for (const [key, value] of rest(sessions.entries())) yield { _tag: 'Sessions', key, value };
  for (const [key, value] of rest(early.entries())) yield { _tag: 'Early', key, value };
  for (const [key, value] of rest(emitted.entries())) yield { _tag: 'Emitted', key, value };
}

/** Each taken together with those it is shown with: none waits for others while it changes. */
function* idEntries(ids: Iterator<SeenId, unknown>): Generator<StateEntry<never>, void> {
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
