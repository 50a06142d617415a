import { defer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { StoredRecord } from '../changelog/changelogRecord.js';
import { kafkaChangelog } from './kafkaChangelog.js';
import { asAdmin, kafkaClient, type KafkaConnection } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { kafkaJob, PARTITION, thisOwner, writeOwner } from './kafkaJob.js';
import { kafkaPort } from './kafkaPort.js';
import { partitionCount } from './kafkaTopics.js';
import { thisMachine } from './machine.js';

/** The state of a job as those see it who look after the job. */
export interface KafkaJobState {
  /** Its changelog. */
  readonly topic: string;
  /** Emits where it begins: the offset of the first record that has not been deleted, 0 if none has. Fails, fatal, if there is no such topic. */
  beginning(): Observable<bigint>;
  /** The committed records that there are now, in order. Takes nothing over. */
  records(): Observable<StoredRecord>;
  /** Gives the state up; emits the name under which that is written down, once it is done. */
  giveUp(): Observable<string>;
}

export interface KafkaJobStateOptions extends KafkaConnection {
  readonly job: string;
}

/** Of the transaction that says who gives a state up; below what any cluster allows by default. */
const TRANSACTION: Millis = 10_000;

/** A deleted topic is gone from all brokers a moment later. */
const DELETED_WITHIN: Millis = 30_000;
const POLL: Millis = 100;

/**
 * The changelog of a job, to be looked at and to be given up.
 *
 * *Back pressure*: records are passed on as they are taken, as in any reading of the changelog.
 *
 * *Delivery guarantee*: reading shows every committed record once and disturbs nobody. Giving up
 * takes the job over first, as a run does, so that an instance that still runs can commit nothing more
 * and finds out, by the record that stands last in the changelog, that it has been taken over; the
 * same record is the first in the new topic, for those that look later.
 *
 * *On failure*: a `KafkaError`. Giving up may be tried again; if it came as far as deleting the topic, the state is
 * gone and the next run creates the topic.
 */
export function kafkaJobState(options: KafkaJobStateOptions): KafkaJobState {
  const { job } = options;
  const { changelog: topic, transactionalId } = kafkaJob(job);
  const client = kafkaClient(options);
  const { where, log } = client;
  const changelog = kafkaChangelog(options);
  const port = kafkaPort(options);
  const instance = `state-reset-${thisMachine.uniqueName()}`;

  const beginning = async (): Promise<bigint> => {
    const partitions = await asAdmin(client, `cannot read topic ${topic}`, (admin) => partitionCount({ admin, where, log }, topic));
    if (partitions === undefined) throw new KafkaError(`there is no topic ${topic} on ${where}: no run of the job ${job} has kept its state there`, { fatal: true });
    return changelog.beginning(topic, PARTITION);
  };

  const takeOver = async (takeover: number): Promise<void> => {
    const producer = await port.transactional({ id: transactionalId, timeout: TRANSACTION });
    try {
      await writeOwner(producer, topic, thisOwner(instance, takeover));
    } finally {
      await producer.close();
    }
  };

  const deleteTopic = (): Promise<void> =>
    asAdmin(client, `cannot delete topic ${topic} on ${where}`, async (admin) => {
      await admin.deleteTopics({ topics: [topic] });
      for (const until = performance.now() + DELETED_WITHIN; performance.now() < until; ) {
        if ((await partitionCount({ admin, where, log }, topic)) === undefined) return;
        await pause(POLL);
      }
      throw new KafkaError(`topic ${topic} on ${where} is still there ${DELETED_WITHIN / 1_000} s after it was deleted`, { fatal: false });
    });

  return {
    topic,
    beginning: () => defer(beginning),
    records: () => changelog.read(topic, PARTITION),
    giveUp: () =>
      defer(async () => {
        await takeOver(1);
        await deleteTopic();
        await changelog.prepare(topic, 1);
        await takeOver(2);
        return instance;
      }),
  };
}

const pause = (millis: Millis): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
