import { randomUUID } from 'node:crypto';
import kafkajs, { type Consumer, type EachBatchPayload, type IHeaders, type KafkaMessage, type PartitionAssigner } from 'kafkajs';
import { Observable, throwError, timeout, type Subscriber } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { asAdmin, type KafkaClient } from './kafkaClient.js';
import { KafkaError, kafkaError } from './kafkaError.js';

/** A record as it lies in a partition. */
export interface StoredRecord {
  readonly offset: bigint;
  readonly key: string | null;
  /** A view of the broker's whole answer (up to 8 MB): copy what is to be kept. Empty if the record has none. */
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was written, by the clock of its writer or of the broker, as the topic has it. */
  readonly timestamp: Millis;
}

export interface KafkaReadingOptions {
  readonly topic: string;
  readonly partition: number;
  /** The reading ends with the first record of which this holds; undefined: at the end as it was when the reading began. */
  readonly isLast: ((record: StoredRecord) => boolean) | undefined;
  /** After this long without a record it fails, in ms. */
  readonly stallTimeout: Millis;
  /** Asked after each record: what it gives is waited for before the next one is passed on. Default: nothing. */
  readonly room?: () => Promise<unknown> | undefined;
}

/** Large answers cost fewer round trips, and less of them is cut off in the middle of a record and asked for again. */
const FETCH_BYTES = 8 * 1024 * 1024;

/** How long a broker may wait for more before it answers with nothing, in ms; the end of a reading has to wait for that answer. */
const MAX_WAIT: Millis = 100;

/** The shortest that brokers allow by default, in ms: a reading that begins anew has to wait until its former self is given up. */
const SESSION: Millis = 6_000;
const HEARTBEAT: Millis = 1_000;

/**
 * Reads a partition, committed records only, from the earliest record to a last one.
 *
 * kafkajs reads in consumer groups only, so this is a group of one with a name of its own, which is
 * deleted afterwards, aside. To join it takes as long as `group.initial.rebalance.delay.ms` of the brokers
 * (3 s by default): a reading that is to begin soon is best begun early, since it waits for its last
 * record. The name begins with that of the topic, so a permission for the prefix covers both.
 *
 * Back pressure: records are passed on as fast as they are taken, or as `room` lets them, and the next
 * answer is asked for when those of the last one have been taken. Only whoever queues them holds more
 * than one answer.
 *
 * Delivery guarantee: every committed record once, in order, also when kafkajs begins anew because a
 * leader moved or a broker was away. Records that are trimmed meanwhile may be left out. Aborted
 * records are left out where one producer at a time writes to the partition, as the producers of one
 * transactional id do; where several do, kafkajs shows some of them.
 *
 * On failure: a `KafkaError`, unless it is `fatal` another reading may succeed.
 */
export const kafkaReading = (client: KafkaClient, options: KafkaReadingOptions): Observable<StoredRecord> => {
  const { topic, partition, stallTimeout } = options;
  const doing = `cannot read topic ${topic}, partition ${partition}`;
  return new Observable<StoredRecord>((out) => {
    const { kafka, log } = client;
    const groupId = `${topic}-${randomUUID()}`;
    const consumer = kafka.consumer({
      groupId,
      partitionAssigners: [only(partition)],
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: FETCH_BYTES,
      maxWaitTimeInMs: MAX_WAIT,
      sessionTimeout: SESSION,
      rebalanceTimeout: SESSION,
      allowAutoTopicCreation: false,
      // kafkajs gives up early, above all on a coordinator that has just started, and begins anew if it is let.
      retry: { restartOnFailure: () => Promise.resolve(!out.closed) },
    });
    const fail = (thrown: unknown): void => out.error(kafkaError(doing, thrown));
    const stop = async (): Promise<void> => {
      try {
        await consumer.disconnect();
        await asAdmin(client, `cannot delete group ${groupId}`, (admin) => admin.deleteGroups([groupId]));
      } catch (thrown) {
        log('debug', 'kafka_group_left', { groupId, reason: String(thrown) });
      }
    };
    const started = start(client, consumer, options, out).catch(fail);
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) fail(error);
    });
    return () => void started.then(stop);
  }).pipe(timeout({ each: stallTimeout, with: () => throwError(() => new KafkaError(`${doing}: no record for ${stallTimeout / 1000} s`, { fatal: false })) }));
};

/** Resolves when the consumer runs; what it reads goes to `out`. */
async function start(client: KafkaClient, consumer: Consumer, { topic, partition, isLast, room }: KafkaReadingOptions, out: Subscriber<StoredRecord>): Promise<void> {
  if (isLast === undefined) {
    const end = await endOf(client, topic, partition);
    if (end === undefined) {
      out.complete();
      return;
    }
    // Told of every answer, also of one that has nothing to show but the marks and the remains of transactions.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (BigInt(payload.lastOffset) + 1n >= end) out.complete();
    });
  }
  let next = 0n;
  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    for (const message of payload.batch.messages) {
      try {
        if (out.closed) break;
        const record = storedRecord(message);
        if (record.offset < next) continue; // had before kafkajs began anew
        next = record.offset + 1n;
        out.next(record);
        if (isLast?.(record)) out.complete();
      } catch (thrown) {
        out.error(thrown); // of `isLast`: kafkajs would call it again
      }
      const taken = room?.();
      if (taken) await alive(taken, () => payload.heartbeat());
    }
  };
  await consumer.connect();
  // eslint-disable-next-line no-restricted-syntax -- this one is kafkajs's word for choosing a topic
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatch });
}

/** Waits, and lets the brokers know meanwhile that the reader is there. */
async function alive(taken: Promise<unknown>, heartbeat: () => Promise<void>): Promise<void> {
  const done = taken.then(() => true, () => true);
  while (!(await Promise.race([done, pause(HEARTBEAT)]))) await heartbeat();
}

const pause = (millis: Millis): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), millis));

/** The offset after the last record, marks of transactions included; undefined if the partition is empty. */
const endOf = (client: KafkaClient, topic: string, partition: number): Promise<bigint | undefined> =>
  asAdmin(client, `cannot read topic ${topic}`, async (admin) => {
    const found = (await admin.fetchTopicOffsets(topic)).find((it) => it.partition === partition);
    return found === undefined || found.low === found.high ? undefined : BigInt(found.high);
  });

/** Gives the only member of the group one partition of each topic, and leaves the others alone. */
const only =
  (partition: number): PartitionAssigner =>
  () => {
    const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;
    const name = 'OnlyPartition';
    const version = 0;
    return {
      name,
      version,
      protocol: ({ topics }) => ({ name, metadata: MemberMetadata.encode({ version, topics, userData: Buffer.alloc(0) }) }),
      assign: ({ members, topics }) => {
        const assignment = Object.fromEntries(topics.map((topic) => [topic, [partition]]));
        const memberAssignment = MemberAssignment.encode({ version, assignment, userData: Buffer.alloc(0) });
        return Promise.resolve(members.map(({ memberId }) => ({ memberId, memberAssignment })));
      },
    };
  };

const storedRecord = ({ offset, key, value, headers, timestamp }: KafkaMessage): StoredRecord => ({
  offset: BigInt(offset),
  key: key?.toString() ?? null,
  value: value ?? Buffer.alloc(0),
  headers: textHeaders(headers ?? {}),
  timestamp: Number(timestamp),
});

const textHeaders = (headers: IHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]));
