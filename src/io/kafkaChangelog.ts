import kafkajs from 'kafkajs';
import type { Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { asAdmin, kafkaClient, type KafkaConnection } from './kafkaClient.js';
import { settings, type Cluster } from './kafkaCluster.js';
import { KafkaError, kafkaError } from './kafkaError.js';
import { kafkaReading, type StoredRecord } from './kafkaReading.js';
import type { TopicLayout } from './kafkaSends.js';
import { BATCH_OVERHEAD, partitionCount } from './kafkaTopics.js';

/** Not among the names that Node finds in this CommonJS module. */
const { TOPIC } = kafkajs.ConfigResourceTypes;

export interface KafkaChangelogOptions extends KafkaConnection {
  /** After this long without a record a reading fails, in ms. Default: 60 s, so that a transaction left open has long been aborted. */
  readonly stallTimeout?: Millis;
}

/** The topic that keeps the state of a job, one partition for each task. Failures are `KafkaError`s. */
export interface KafkaChangelog {
  /**
   * Creates the topic if there is none. One that is there must be as ours are, else this fails,
   * fatal, and says what to change.
   */
  prepare(topic: string, partitions: number): Promise<TopicLayout>;
  /**
   * Cold. The committed records of a partition in their order, from the earliest on, to the first
   * one of which `isLast` holds; without `isLast` to the end as it was when the reading began, for
   * those who have no record of their own to wait for.
   */
  read(topic: string, partition: number, isLast?: (record: StoredRecord) => boolean): Observable<StoredRecord>;
  /** Where a partition begins: the offset of the first record that has not been deleted, 0 if none has. */
  beginning(topic: string, partition: number): Promise<bigint>;
  /** Deletes the records below an offset. */
  trim(topic: string, partition: number, beforeOffset: bigint): Promise<void>;
}

interface Requirement {
  readonly name: string;
  readonly value: string;
  readonly accepts: (found: string) => boolean;
}

const exactly = (name: string, value: string): Requirement => ({ name, value, accepts: (found) => found === value });

/** A send holds at most 800 KB. Kafka's own default is enough for it, but a cluster may have a lower one. */
const MIN_MESSAGE_BYTES = 1_048_588;

const REQUIREMENTS: readonly Requirement[] = [
  // Keeping the last record of each key would tear the parts of a record apart, and time or size would cut off what is still needed.
  exactly('cleanup.policy', 'delete'),
  exactly('retention.ms', '-1'),
  exactly('retention.bytes', '-1'),
  { name: 'max.message.bytes', value: String(MIN_MESSAGE_BYTES), accepts: (found) => Number(found) >= MIN_MESSAGE_BYTES },
  // Others than these, brokers can compress with, but kafkajs cannot read.
  { name: 'compression.type', value: 'producer', accepts: (found) => ['producer', 'uncompressed', 'gzip'].includes(found) },
];

/** The changelog topic of a job by kafkajs. */
export function kafkaChangelog({ stallTimeout = 60_000, ...connection }: KafkaChangelogOptions): KafkaChangelog {
  const client = kafkaClient(connection);
  const { where, log } = client;
  return {
    prepare: (topic, partitions) =>
      asAdmin(client, `cannot use Kafka at ${where}`, async (admin) => {
        const cluster = { admin, where, log };
        const found = await partitionCount(cluster, topic);
        if (found === undefined) await create(cluster, topic, partitions);
        else if (found !== partitions) throw refusal(cluster, topic, `it has ${found} partitions, wanted: ${partitions}`, PARTITIONS_ADVICE);
        return { topic, partitions, maxRecordBytes: (await checkedLimit(cluster, topic)) - BATCH_OVERHEAD };
      }),

    read: (topic, partition, isLast) => kafkaReading(client, { topic, partition, isLast, stallTimeout }),

    beginning: (topic, partition) =>
      asAdmin(client, `cannot read topic ${topic}`, async (admin) => {
        const found = (await admin.fetchTopicOffsets(topic)).find((it) => it.partition === partition);
        return BigInt(found?.low ?? 0);
      }),

    trim: (topic, partition, beforeOffset) =>
      asAdmin(client, `cannot delete old records of topic ${topic}, partition ${partition}`, async (admin) => {
        // Only a connection that has asked for the topic before knows where its leaders are.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(beforeOffset) }] });
      }),
  };
}

/** Replicated as the cluster has it by default. */
async function create({ admin, where, log }: Cluster, topic: string, partitions: number): Promise<void> {
  const configEntries = REQUIREMENTS.map(({ name, value }) => ({ name, value }));
  try {
    const created = await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: -1, configEntries }] });
    if (created) log('info', 'kafka_topic_created', { brokers: where, topic, partitions });
  } catch (thrown) {
    const configs = REQUIREMENTS.map(({ name, value }) => `--config ${name}=${value}`).join(' ');
    const { message, fatal } = kafkaError(`cannot create topic ${topic} on ${where}`, thrown);
    const command = `  kafka-topics.sh --bootstrap-server ${where} --create --topic ${topic} --partitions ${partitions} ${configs}`;
    throw new KafkaError(`${message}; create it with:\n${command}`, { fatal, cause: thrown });
  }
}

/** The topic's `max.message.bytes`, if its settings are as required. Where they may not be read, says so and goes on. */
async function checkedLimit(cluster: Cluster, topic: string): Promise<number> {
  const { admin, where, log } = cluster;
  const known = await settings(admin, TOPIC, topic, REQUIREMENTS.map(({ name }) => name));
  if (known === undefined) {
    log('info', 'kafka_topic_unchecked', { brokers: where, topic, reason: 'no permission to read the settings of the topic' });
    return MIN_MESSAGE_BYTES;
  }
  const wrong = REQUIREMENTS.filter(({ name, accepts }) => !accepts(known.get(name) ?? ''));
  if (wrong.length > 0) {
    const differences = wrong.map(({ name, value }) => `its ${name} is ${known.get(name)}, wanted: ${value}`);
    const changes = wrong.map(({ name, value }) => `${name}=${value}`).join();
    const command = `change it with:\n  kafka-configs.sh --bootstrap-server ${where} --alter --entity-type topics --entity-name ${topic} --add-config ${changes}`;
    throw refusal(cluster, topic, differences.join('; '), command);
  }
  return Number(known.get('max.message.bytes'));
}

const PARTITIONS_ADVICE = 'records cannot move between partitions, so take another name for the job, or delete the topic and with it the state';

const refusal = ({ where }: Cluster, topic: string, differences: string, advice: string): KafkaError =>
  new KafkaError(`topic ${topic} on ${where} is not as a changelog must be: ${differences}; ${advice}`, { fatal: true });
