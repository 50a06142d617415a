import kafkajs from 'kafkajs';
import { settings, type Cluster } from './kafkaCluster.js';
import { errorType, KafkaError, kafkaError } from './kafkaError.js';
import type { TopicLayout } from './kafkaSends.js';

/** Not among the names that Node finds in this CommonJS module. */
const { TOPIC } = kafkajs.ConfigResourceTypes;

/** Kafka's default for `max.message.bytes`, taken where the topic's own may not be read. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

/** `max.message.bytes` limits a batch of records: this much of it is the batch's own. */
export const BATCH_OVERHEAD = 61;

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

/** Undefined if there is no such topic. */
export async function partitionCount({ admin, where }: Cluster, topic: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length;
  } catch (thrown) {
    if (errorType(thrown) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw kafkaError(`cannot read topic ${topic} on ${where}`, thrown);
  }
}
