import { ChangelogReader } from '../../src/changelog/changelogReader.js';
import type { ChangelogRecord, StoredRecord } from '../../src/changelog/changelogRecord.js';
import { ChangelogWriter, type ChangelogSizes } from '../../src/changelog/changelogWriter.js';
import type { ProductCodec } from '../../src/changelog/productCodec.js';
import { liveEntries, type CommittedState } from '../../src/changelog/committedState.js';
import { ownerRecord } from '../../src/changelog/owner.js';
import type { Message } from '../../src/model/message.js';
import { liveSession, sessionSizes } from '../../src/liveSession.js';
import type { SessionEvent } from '../../src/model/sessionEvent.js';
import { pipeline, type PipelineRules } from '../../src/pipeline.js';
import { changesOf, slotsFrom } from '../../src/pipelineState.js';
import type { Product } from '../../src/products/product.js';
import { MessageIds } from '../../src/runtime/messageIds.js';
import { Task } from '../../src/runtime/task.js';
import { recordedClock } from '../../src/runtime/taskClock.js';
import { T0 } from '../pipeline/play.js';
import { told } from '../runtime/traffic.js';

/** The changelog of a real pipeline, which commits after every message. */
export class Changelog {
  readonly log: StoredRecord[] = [];
  /** Below it nothing is needed. */
  trimBelow = 0n;

  append(records: readonly ChangelogRecord[]): bigint {
    const first = BigInt(this.log.length);
    for (const record of records) this.log.push({ ...record, offset: BigInt(this.log.length) });
    return first;
  }

  /** What a start finds. */
  restored<A>(codec: ProductCodec<A>): CommittedState<A> | undefined {
    const reader = new ChangelogReader();
    for (const record of this.log) if (record.offset >= this.trimBelow) reader.read(record);
    return reader.finish(this.trimBelow > 0n).state?.as(codec);
  }
}

/** One run of the pipeline on the recorded clock: from what its changelog holds, until it is left. */
export class PipelineRun<E extends SessionEvent, M extends { readonly timestamp: number }, A> {
  private readonly clock = recordedClock();
  private readonly ids = new MessageIds();
  private readonly task;
  private readonly writer;
  private readonly broken: unknown[] = [];
  private epoch: number;

  constructor(
    private readonly changelog: Changelog,
    instance: string,
    product: Product<E, M, A>,
    rules: PipelineRules,
    sizes: ChangelogSizes,
  ) {
    changelog.append([ownerRecord({ instance, takeover: 1, startedAt: T0, host: 'node-1', pid: 1 })]);
    const restored = changelog.restored(product.codec);
    if (restored) this.clock.goOnFrom(restored.taskTime);
    this.ids.restore(restored?.ids ?? []);
    this.epoch = restored?.epoch ?? 0;
    const slots = slotsFrom(restored?.flow);
    this.task = new Task(
      (context) => ({
        operator: pipeline(product, rules, { ...context, slots }),
        changes: () => changesOf(slots),
        sessionCounts: () => slots.sessions.header().counts,
        sessionSizes: () => sessionSizes(slots),
        session: (id) => liveSession(slots, id),
      }),
      { clock: this.clock, ids: this.ids, poisoned: () => undefined },
      restored,
    );
    this.task.running$.subscribe({ error: (error: unknown) => this.broken.push(error) });
    const settings = { product: 'time_on_page', window_size: 60 };
    this.writer = new ChangelogWriter({ instance, settings, codec: product.codec, isRestored: restored !== undefined, entries: () => liveEntries(slots, this.ids.all()), sizes });
  }

  /** Processes and commits a message; returns all that comes out. */
  process(message: Message, { pinned = false, parked = false } = {}): unknown {
    this.task.process({ ...message });
    if (message.id !== undefined) this.ids.acked(message.id, !pinned);
    expect(this.broken).toEqual([]);
    this.epoch += 1;
    const { delta, results, deadLetters } = this.task.cut(this.epoch)!;
    const offset = this.changelog.append(this.writer.write(this.epoch, delta, parked));
    this.changelog.trimBelow = this.writer.acknowledged(this.epoch, offset) ?? this.changelog.trimBelow;
    return { results: results.map(told), deadLetters: deadLetters.map(({ reason, lateness }) => ({ reason, lateness })), counts: this.task.counts() };
  }
}
