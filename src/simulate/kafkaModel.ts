import type { Millis } from '../../operators/index.js';
import type { VirtualTime } from './virtualTime.js';

/** A record in a partition. */
export interface ModelRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was written, by the clock of its writer. */
  readonly timestamp: Millis;
}

/** What a broker answers instead of doing what it was asked for, in Kafka's words. */
export class BrokerRefusal extends Error {
  override readonly name = 'BrokerRefusal';

  constructor(readonly type: 'INVALID_PRODUCER_EPOCH' | 'INVALID_TXN_STATE' | 'UNKNOWN_TOPIC_OR_PARTITION') {
    super(type);
  }
}

type Outcome = 'committed' | 'aborted';

interface Entry {
  /** Undefined: the mark that ends a transaction. */
  readonly record: ModelRecord | undefined;
  readonly transaction: Transaction;
}

/** Records of transactions, in order. Its offsets count the marks that end them, too. */
class Partition {
  readonly entries: Entry[] = [];
  /** Of the first record that has not been deleted. */
  low = 0;
  readonly watchers = new Set<() => void>();

  get end(): number {
    return this.entries.length;
  }

  /** The offset before which everything is decided: readers of committed records see no further. */
  get stable(): number {
    for (let entry = this.entries[this.decided]; entry; entry = this.entries[this.decided]) {
      if (!entry.transaction.marked.has(this)) break;
      this.decided += 1;
    }
    return this.decided;
  }

  private decided = 0;
}

class Transaction {
  state: 'open' | 'deciding' | 'decided' = 'open';
  readonly partitions = new Set<Partition>();
  /** Where its outcome is written down by now. */
  readonly marked = new Map<Partition, Outcome>();
  readonly waiting: (() => void)[] = [];
  stopTimeout: () => void = () => undefined;
}

interface Producers {
  /** Of the only producer that may write. */
  epoch: number;
  timeout: Millis;
  transaction: Transaction | undefined;
}

/** From the decision of a transaction to the mark in each of its partitions, at most. */
const MARKS_WITHIN: Millis = 20;

/**
 * Kafka's brokers, as far as transactions go: partitions, the coordinator of transactions, readers of
 * committed records. What it does is what the real broker does; `spec/conformance` holds one against
 * the other.
 *
 * - A new producer of a transactional id fences the one before it. An open transaction of that one is aborted, one
 *   whose commit has arrived is committed, and only then the new one is let in.
 * - A commit is decided at once; readers see it partition by partition, as the marks are written. The next
 *   transaction of the id waits for them.
 * - A transaction that is open for longer than its timeout is aborted, and its producer fenced.
 */
export class KafkaModel {
  private readonly topics = new Map<string, readonly Partition[]>();
  private readonly ids = new Map<string, Producers>();

  /** @param fraction decides when each mark is written */
  constructor(
    private readonly time: VirtualTime,
    private readonly fraction: () => number,
  ) {}

  /** Unless it is there. */
  createTopic(topic: string, partitions: number): void {
    if (!this.topics.has(topic)) this.topics.set(topic, Array.from({ length: partitions }, () => new Partition()));
  }

  /** How many partitions it has; undefined if there is no such topic. */
  partitions(topic: string): number | undefined {
    return this.topics.get(topic)?.length;
  }

  /** Answers with the epoch of a new producer, which is then the only one of its id. */
  initialize(id: string, timeout: Millis, answer: (epoch: number) => void): void {
    const producers = this.ids.get(id) ?? { epoch: -1, timeout, transaction: undefined };
    this.ids.set(id, producers);
    producers.epoch += 1;
    producers.timeout = timeout;
    const { epoch, transaction } = producers;
    if (transaction?.state === 'open') this.decide(transaction, 'aborted');
    this.whenDecided(transaction, () => answer(epoch));
  }

  /** Calls when the last transaction of the producer is decided everywhere: before that nothing can be written. */
  whenFree(id: string, epoch: number, call: () => void): void {
    this.whenDecided(this.producersOf(id, epoch).transaction, call);
  }

  /** Returns the offset of the first record. The first write after a decision begins a transaction. */
  write(id: string, epoch: number, topic: string, partition: number, records: readonly Omit<ModelRecord, 'offset'>[]): number {
    const at = this.partition(topic, partition);
    const open = this.openOf(this.producersOf(id, epoch));
    open.partitions.add(at);
    const offset = at.end;
    records.forEach((record, place) => at.entries.push({ record: { ...record, offset: offset + place }, transaction: open }));
    return offset;
  }

  /** Throws where there is no transaction to be ended. */
  end(id: string, epoch: number, outcome: Outcome): void {
    const { transaction } = this.producersOf(id, epoch);
    if (transaction?.state !== 'open') throw new BrokerRefusal('INVALID_TXN_STATE');
    this.decide(transaction, outcome);
  }

  /** The offset after the last record, open transactions and marks included. */
  endOffset(topic: string, partition: number): number {
    return this.partition(topic, partition).end;
  }

  /** Where readers of committed records come to an end for now. */
  stableOffset(topic: string, partition: number): number {
    return this.partition(topic, partition).stable;
  }

  beginning(topic: string, partition: number): number {
    return this.partition(topic, partition).low;
  }

  /** Committed records from an offset on. */
  committed(topic: string, partition: number, from = 0): readonly ModelRecord[] {
    const at = this.partition(topic, partition);
    return at.entries.slice(Math.max(from, at.low), at.stable).flatMap(({ record, transaction }) => (record && transaction.marked.get(at) === 'committed' ? [record] : []));
  }

  /** Calls whenever more of a partition may be seen. What it returns ends that. */
  watch(topic: string, partition: number, call: () => void): () => void {
    const { watchers } = this.partition(topic, partition);
    watchers.add(call);
    return () => watchers.delete(call);
  }

  /** Deletes the records below an offset. */
  trim(topic: string, partition: number, before: number): void {
    const at = this.partition(topic, partition);
    at.low = Math.max(at.low, Math.min(before, at.end));
  }

  private partition(topic: string, partition: number): Partition {
    const found = this.topics.get(topic)?.[partition];
    if (!found) throw new BrokerRefusal('UNKNOWN_TOPIC_OR_PARTITION');
    return found;
  }

  private producersOf(id: string, epoch: number): Producers {
    const producers = this.ids.get(id);
    if (producers?.epoch !== epoch) throw new BrokerRefusal('INVALID_PRODUCER_EPOCH');
    return producers;
  }

  private openOf(producers: Producers): Transaction {
    if (producers.transaction?.state === 'open') return producers.transaction;
    const transaction = new Transaction();
    producers.transaction = transaction;
    transaction.stopTimeout = this.time.after(producers.timeout, () => {
      producers.epoch += 1;
      this.decide(transaction, 'aborted');
    });
    return transaction;
  }

  private decide(transaction: Transaction, outcome: Outcome): void {
    transaction.stopTimeout();
    transaction.state = 'deciding';
    let left = transaction.partitions.size;
    for (const partition of transaction.partitions) {
      this.time.after(this.fraction() * MARKS_WITHIN, () => {
        transaction.marked.set(partition, outcome);
        partition.entries.push({ record: undefined, transaction });
        for (const watcher of [...partition.watchers]) watcher();
        left -= 1;
        if (left > 0) return;
        transaction.state = 'decided';
        for (const go of transaction.waiting.splice(0)) go();
      });
    }
  }

  private whenDecided(transaction: Transaction | undefined, go: () => void): void {
    if (transaction?.state === 'deciding') transaction.waiting.push(go);
    else go();
  }
}
