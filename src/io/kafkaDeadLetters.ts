import { bufferCount, concatMap, lastValueFrom, map, takeWhile } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { ATTRIBUTE_PREFIX } from '../model/deadLetterRecord.js';
import { eventTime } from '../model/eventTime.js';
import type { KeptLetter } from '../model/keptLetter.js';
import type { DeadLetters } from '../redrive/ports.js';
import { asAdmin, kafkaClient, type KafkaConnection } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { kafkaReading, type StoredRecord } from './kafkaReading.js';
import { partitionCount } from './kafkaTopics.js';
import { reasonOf } from '../model/reasonOf.js';

export interface KafkaDeadLettersOptions extends KafkaConnection {
  readonly topic: string;
}

/** So many are handed over together. */
const AT_ONCE = 100;

/** Those who take may take their time: Pub/Sub is tried for a minute, and a rate may be low. */
const STALL: Millis = 300_000;

/**
 * The dead letters of a topic, committed ones only, one partition after the other.
 *
 * *Back pressure*: a hundred are handed over, and no more are asked for until they are taken; memory holds one answer
 * of a broker (up to 8 MB) beside them.
 *
 * *Delivery guarantee*: every committed record that was there when its partition was begun, once, in its order. One that a
 * transaction took back is left out where one job writes to a partition; where several do, kafkajs may show it.
 *
 * *On failure*: a `KafkaError`; fatal where there is no such topic, or where it holds what is no dead letter.
 */
export function kafkaDeadLetters({ topic, ...connection }: KafkaDeadLettersOptions): DeadLetters {
  const client = kafkaClient(connection);
  const { where, log } = client;
  return {
    async read(take, isStopped) {
      const partitions = await asAdmin(client, `cannot read topic ${topic}`, (admin) => partitionCount({ admin, where, log }, topic));
      if (partitions === undefined) throw new KafkaError(`there is no topic ${topic} on ${where}`, { fatal: true });
      for (let partition = 0; partition < partitions && !isStopped(); partition += 1) {
        let taking: Promise<void> | undefined;
        const taken = (letters: readonly KeptLetter[]): Promise<void> =>
          (taking = take(letters).finally(() => (taking = undefined)));
        const reading$ = kafkaReading(client, { topic, partition, isLast: undefined, stallTimeout: STALL, room: () => taking });
        await lastValueFrom(
          reading$.pipe(takeWhile(() => !isStopped()), map((record) => keptLetter(topic, partition, record)), bufferCount(AT_ONCE), concatMap(taken)),
          { defaultValue: undefined },
        );
      }
    },
  };
}

const keptLetter = (topic: string, partition: number, { offset, value, headers, timestamp }: StoredRecord): KeptLetter => {
  const reason = reasonOf(headers['reason']);
  if (reason === undefined) {
    const found = headers['reason'] === undefined ? 'has no header "reason"' : `has the header reason "${headers['reason']}"`;
    throw new KafkaError(`topic ${topic} is no topic of dead letters: the record at partition ${partition}, offset ${offset} ${found}`, { fatal: true });
  }
  const published = eventTime(headers['publish_time'] ?? '');
  return {
    // A topic that was deleted and made anew has other times.
    place: `${partition}:${offset}@${timestamp}`,
    reason,
    since: timestamp,
    message: {
      id: headers['message_id'],
      publishTime: Number.isFinite(published) ? published : undefined,
      attributes: attributesIn(headers),
      // It is a view of the broker's whole answer.
      body: Buffer.from(value),
    },
    truncated: headers['truncated'] !== undefined,
  };
};

const attributesIn = (headers: StoredRecord['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, text]) => (name.startsWith(ATTRIBUTE_PREFIX) ? [[name.slice(ATTRIBUTE_PREFIX.length), text]] : [])));
