import { concat, defer, of, type Observable } from 'rxjs';
import type { Checkpoint, Epoch, Sink } from './ports.js';
import type { TaskDelta, TaskState } from './task.js';

/** A flow's last committed state: at any time that of the delta that was applied last. */
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
  let last: Omit<TaskState<Snapshot>, 'flow'> | undefined;
  const apply = ({ number, delta: { flow, taskTime, tally } }: Epoch<TaskDelta<Delta>>): void => {
    store.apply(flow);
    // The runtime still has the ids of this run.
    last = { epoch: number, taskTime, tally, ids: [] };
  };
  return {
    isDurable: false,
    epochMessages: sink.epochMessages,
    open: () => sink.open(),
    restore: () => defer(() => of({ state: last && { ...last, flow: store.snapshot() }, isClean: true })),
    commit: (epoch): Observable<never> =>
      concat(sink.write(epoch.results, epoch.deadLetters), defer(() => { apply(epoch); return []; })),
    close: () => sink.close(),
  };
};
