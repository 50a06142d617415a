import { defer, finalize, ignoreElements, merge, takeUntil, tap, timer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { StoredRecord } from '../changelog/changelogRecord.js';
import { ownerOf, type Owner } from '../changelog/owner.js';
import type { KafkaChangelog } from './kafkaChangelog.js';
import { PARTITION, thisOwner, writeOwner, type KafkaJob } from './kafkaJob.js';
import type { KafkaPort } from './kafkaPort.js';
import type { TransactionalProducer } from './kafkaTransactions.js';
import type { Machine } from './machine.js';

export interface OwnershipOptions {
  readonly port: KafkaPort;
  readonly changelog: KafkaChangelog;
  readonly job: KafkaJob;
  readonly transactionTimeout: Millis;
  readonly machine: Machine;
}

/** With the brokers silent a producer would take longer than a stop may. */
const CLOSES_WITHIN: Millis = 2_000;

/**
 * Who may write the changelog. Every takeover goes the same way: a producer of the transactional id
 * fences the former one and decides what it left open, and a record of its own says who that is now. Whoever
 * has read the changelog up to that record has seen everything that was ever committed.
 */
export class KafkaOwnership {
  readonly instance: string;
  private takeovers = 0;
  private current: TransactionalProducer | undefined;

  constructor(private readonly options: OwnershipOptions) {
    this.instance = options.machine.uniqueName();
  }

  /** Undefined before a takeover, and after {@link giveUp}. */
  get producer(): TransactionalProducer | undefined {
    return this.current;
  }

  /** Takes over and shows the changelog to `read`, up to the record that says so. */
  takeOver(read: (record: StoredRecord) => void): Observable<never> {
    const { changelog, job, machine } = this.options;
    return defer(() => {
      this.takeovers += 1;
      const owner = thisOwner(this.instance, this.takeovers, machine);
      let isWanted = true;
      // Side by side: to join a group takes brokers as long as all the rest.
      return merge(changelog.read(job.changelog, PARTITION, isBy(owner)).pipe(tap(read)), defer(() => this.become(owner, () => isWanted))).pipe(
        ignoreElements(),
        finalize(() => (isWanted = false)),
      );
    });
  }

  /** Shows the changelog as it is, and takes nothing over. */
  look(read: (record: StoredRecord) => void): Observable<never> {
    const { changelog, job } = this.options;
    return changelog.read(job.changelog, PARTITION).pipe(tap(read), ignoreElements());
  }

  /** A producer that has failed is of no further use. Not waited for: with the brokers gone it may take its time. */
  giveUp(): void {
    const { current } = this;
    this.current = undefined;
    current?.close().catch(() => undefined);
  }

  /** In good order, if that does not take too long. */
  close(): Observable<never> {
    return defer(async () => {
      const { current } = this;
      this.current = undefined;
      await current?.close();
    }).pipe(ignoreElements(), takeUntil(timer(CLOSES_WITHIN, this.options.machine.timers)));
  }

  private async become(owner: Owner, isWanted: () => boolean): Promise<void> {
    const { port, job, transactionTimeout } = this.options;
    this.giveUp();
    const producer = await port.transactional({ id: job.transactionalId, timeout: transactionTimeout });
    // One that comes when its takeover has failed would pass for the next one's.
    if (!isWanted()) return producer.close();
    this.current = producer;
    await writeOwner(producer, job.changelog, owner);
  }
}

const isBy =
  ({ instance, takeover }: Owner) =>
  ({ key, value }: StoredRecord): boolean => {
    if (key !== 'owner') return false;
    const owner = ownerOf(value);
    return owner.instance === instance && owner.takeover === takeover;
  };
