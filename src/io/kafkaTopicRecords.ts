import { defer, from, mergeMap, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { asAdmin, kafkaClient, type KafkaConnection } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { kafkaReading, type StoredRecord } from './kafkaReading.js';
import { partitionCount } from './kafkaTopics.js';

/** So many partitions are read at once: each has a consumer of its own, and holds an answer of up to 8 MB. */
const PARTITIONS_AT_ONCE = 4;

/** A transaction that stays open keeps readers of committed records waiting. */
const STALL: Millis = 60_000;

/**
 * The committed records that a topic has now, partition by partition; those of a partition are in order.
 *
 * *Back pressure*: records are passed on as fast as they are taken.
 *
 * *Delivery guarantee*: every record that was committed before the reading of its partition began, once. See `kafkaReading` for aborted ones.
 *
 * *On failure*: a `KafkaError`; fatal if there is no such topic.
 */
export const kafkaTopicRecords = (connection: KafkaConnection, topic: string): Observable<StoredRecord> =>
  defer(async () => {
    const client = kafkaClient(connection);
    const { where, log } = client;
    const partitions = await asAdmin(client, `cannot read topic ${topic}`, (admin) => partitionCount({ admin, where, log }, topic));
    if (partitions === undefined) throw new KafkaError(`there is no topic ${topic} on ${where}`, { fatal: true });
    return { client, partitions };
  }).pipe(
    mergeMap(({ client, partitions }) =>
      from(Array.from({ length: partitions }, (_, partition) => partition)).pipe(
        mergeMap((partition) => kafkaReading(client, { topic, partition, isLast: undefined, stallTimeout: STALL }), PARTITIONS_AT_ONCE),
      ),
    ),
  );
