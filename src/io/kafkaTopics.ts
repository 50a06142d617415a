import kafkajs, { type Admin, type ConfigResourceTypes } from 'kafkajs';
import { errorType, KafkaError, kafkaError } from './kafkaError.js';
import type { Log } from './kafkaLog.js';
import type { TopicLayout } from './kafkaSends.js';

/** Not among the names that Node finds in this CommonJS module. */
const { TOPIC, BROKER } = kafkajs.ConfigResourceTypes;

/** Kafka's default for `max.message.bytes`, taken where the topic's own may not be read. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

/** `max.message.bytes` limits a batch of records: this much of it is the batch's own. */
const BATCH_OVERHEAD = 61;

/** A setting that brokers have since 3.6; it is also why that version is asked for: it keeps transactions from hanging. */
const SINCE_3_6 = 'transaction.partition.verification.enable';

/** Questions to a cluster about what the pipeline needs there. `where` names the brokers in errors. */
export interface Cluster {
  readonly admin: Admin;
  readonly where: string;
  readonly log: Log;
}

/** Refuses brokers older than 3.6. Where their settings may not be read, says so and goes on. */
export async function checkBrokerVersion({ admin, where, log }: Cluster): Promise<void> {
  const { brokers } = await admin.describeCluster();
  for (const { nodeId } of brokers) {
    const known = await settings(admin, BROKER, String(nodeId), [SINCE_3_6]);
    if (known === undefined) {
      log('info', 'kafka_version_unknown', { brokers: where, reason: 'no permission to read the settings of the brokers' });
      return;
    }
    if (!known.has(SINCE_3_6)) throw new KafkaError(`broker ${nodeId} of ${where} is older than Kafka 3.6`, { fatal: true });
  }
}

/** How the topics are laid out; an error names those that are missing and the commands that create them. */
export async function topicLayouts(cluster: Cluster, topics: readonly string[]): Promise<readonly TopicLayout[]> {
  const layouts = await Promise.all(topics.map((topic) => topicLayout(cluster, topic)));
  const missing = topics.filter((_, i) => layouts[i] === undefined);
  if (missing.length > 0) throw new KafkaError(missingTopics(missing, cluster.where), { fatal: true });
  return layouts.filter((it) => it !== undefined);
}

const missingTopics = (topics: readonly string[], where: string): string => {
  const subject = topics.length === 1 ? `topic ${topics.join()} does` : `topics ${topics.join(' and ')} do`;
  const commands = topics.map(
    (topic) => `  kafka-topics.sh --bootstrap-server ${where} --create --topic ${topic} --partitions 6 --config max.message.bytes=11534336`,
  );
  return [`${subject} not exist on ${where}; create with:`, ...commands].join('\n');
};

async function topicLayout(cluster: Cluster, topic: string): Promise<TopicLayout | undefined> {
  const { admin, where, log } = cluster;
  const partitions = await partitionCount(cluster, topic);
  if (partitions === undefined) return undefined;
  const known = await settings(admin, TOPIC, topic, ['max.message.bytes', 'cleanup.policy']);
  if (known?.get('cleanup.policy')?.includes('compact')) {
    throw new KafkaError(`topic ${topic} on ${where} is compacted, and would keep one record of each session; set its cleanup.policy to delete`, { fatal: true });
  }
  const maxMessageBytes = Number(known?.get('max.message.bytes') ?? DEFAULT_MAX_MESSAGE_BYTES);
  if (known === undefined) {
    log('info', 'kafka_limit_unknown', { brokers: where, topic, assumed: maxMessageBytes, reason: 'no permission to read the settings of the topic' });
  }
  return { topic, partitions, maxRecordBytes: maxMessageBytes - BATCH_OVERHEAD };
}

async function partitionCount({ admin, where }: Cluster, topic: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length;
  } catch (thrown) {
    if (errorType(thrown) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw kafkaError(`cannot read topic ${topic} on ${where}`, thrown);
  }
}

/** Settings of a broker or a topic by their names (absent if there is no such setting); undefined if they may not be read. */
async function settings(
  admin: Admin,
  type: ConfigResourceTypes.BROKER | ConfigResourceTypes.TOPIC,
  name: string,
  names: string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type, name, configNames: names }] });
    const entries = resources.flatMap(({ configEntries }) => configEntries);
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (thrown) {
    if (errorType(thrown)?.endsWith('AUTHORIZATION_FAILED')) return undefined;
    throw thrown;
  }
}
