import { EMPTY, defer, of } from 'rxjs';
import type { Visits } from '../../src/model/visits.js';
import { PipelineStore, type PipelineCut, type PipelineSnapshot } from '../../src/pipelineState.js';
import type { SeenId } from '../../src/runtime/messageIds.js';
import type { Checkpoint, Epoch } from '../../src/runtime/ports.js';
import type { TaskDelta, TaskState } from '../../src/runtime/task.js';

/** What outlives an instance: the part that the changelog in Kafka has in production. */
export class KeptState {
  private readonly store = new PipelineStore<Visits>();
  private readonly ids = new Map<string, SeenId>();
  private last: Epoch<TaskDelta<PipelineCut<Visits>>> | undefined;
  /** No instance has left anything half done. */
  private isParked = true;

  constructor(private readonly onCommit: (epoch: Epoch<TaskDelta<PipelineCut<Visits>>>) => void) {}

  /** For one instance. */
  checkpoint(): Checkpoint<TaskState<PipelineSnapshot<Visits>>, TaskDelta<PipelineCut<Visits>>> {
    let isOwn = false;
    return {
      isDurable: true,
      epochMessages: 10_000,
      open: () => EMPTY,
      restore: () => defer(() => {
        const isClean = isOwn || this.isParked;
        isOwn = true;
        this.isParked = false;
        return of({ state: this.state(), isClean });
      }),
      commit: (epoch) => defer(() => {
        this.apply(epoch);
        this.onCommit(epoch);
        return EMPTY;
      }),
      close: () => EMPTY,
    };
  }

  private apply(epoch: Epoch<TaskDelta<PipelineCut<Visits>>>): void {
    const { flow, ids, idsFrom } = epoch.delta;
    this.store.apply(flow);
    for (const seen of ids) this.ids.set(seen.id, seen);
    for (const { id, seenAt, pinned } of this.ids.values()) if (!pinned && seenAt < idsFrom) this.ids.delete(id);
    this.last = epoch;
    this.isParked = epoch.isPark;
  }

  private state(): TaskState<PipelineSnapshot<Visits>> | undefined {
    if (this.last === undefined) return undefined;
    const { number, delta: { taskTime, tally } } = this.last;
    return { epoch: number, taskTime, tally, flow: this.store.snapshot(), ids: [...this.ids.values()] };
  }
}
