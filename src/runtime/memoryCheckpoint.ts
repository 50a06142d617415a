import { concat, defer, of, type Observable } from 'rxjs';
import type { Checkpoint, Epoch, Sink } from './ports.js';
import type { TaskDelta, TaskState } from './task.js';

/** A flow's last committed state, kept up to date by deltas. */
export interface FlowStore<Snapshot, Delta> {
  apply(delta: Delta): void;
  snapshot(): Snapshot;
}

/**
 * The state lives in memory and the outputs go to a sink: an epoch is committed when the sink has
 * it. It outlives the pipeline, so that a broken one can be rebuilt; it does not outlive the
 * process, so open sessions are lost when that dies.
 */
export const memoryCheckpoint = <Snapshot, Delta>(sink: Sink, store: FlowStore<Snapshot, Delta>): Checkpoint<TaskState<Snapshot>, TaskDelta<Delta>> => {
  let last: TaskDelta<Delta> | undefined;
  const apply = ({ delta }: Epoch<TaskDelta<Delta>>): void => {
    store.apply(delta.flow);
    last = delta;
  };
  const state = (): TaskState<Snapshot> | undefined => last && { flow: store.snapshot(), tally: last.tally };
  return {
    restore: () => defer(() => of(state())),
    commit: (epoch): Observable<never> =>
      concat(sink.write(epoch.results, epoch.deadLetters), defer(() => { apply(epoch); return []; })),
    close: () => sink.close(),
  };
};
