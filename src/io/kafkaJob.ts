import { ownerRecord, type Owner } from '../changelog/owner.js';
import type { TransactionalProducer } from './kafkaTransactions.js';
import { thisMachine, type Machine } from './machine.js';

/** What a job has in Kafka. */
export interface KafkaJob {
  /** Of its producers; only the newest may write. */
  readonly transactionalId: string;
  /** The topic that keeps its state. */
  readonly changelog: string;
}

export const kafkaJob = (job: string): KafkaJob => ({ transactionalId: `${job}-0`, changelog: `${job}-changelog` });

/** The one partition of a task. */
export const PARTITION = 0;

/** This process, as it takes a job over for the `takeover`th time under this name. */
export const thisOwner = (instance: string, takeover: number, { host, pid, calendar }: Machine = thisMachine): Owner => ({ instance, takeover, startedAt: calendar(), host, pid });

/** Writes down who owns a changelog from now on. As the first transaction of its producer it fences the former owner. */
export async function writeOwner(producer: TransactionalProducer, changelog: string, owner: Owner): Promise<void> {
  const transaction = await producer.begin();
  await transaction.send({ topic: changelog, partition: PARTITION, records: [{ ...ownerRecord(owner), placement: '' }] });
  await transaction.commit();
}
