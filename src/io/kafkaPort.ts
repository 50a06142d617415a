import { asAdmin, kafkaClient, type KafkaConnection } from './kafkaClient.js';
import { checkBrokerVersion, checkTransactionTimeout } from './kafkaCluster.js';
import { idempotentProducer, type KafkaProducer } from './kafkaProducer.js';
import type { TopicLayout } from './kafkaSends.js';
import { topicLayouts } from './kafkaTopics.js';
import { transactionalProducer, type TransactionalOptions, type TransactionalProducer } from './kafkaTransactions.js';

/** What this folder asks of a Kafka client. Every failure is a `KafkaError`. */
export interface KafkaPort {
  /** Checks that the brokers answer and are not too old and that the topics exist, and tells how they are laid out. */
  layouts(topics: readonly string[]): Promise<readonly TopicLayout[]>;
  /** A producer of its own, with an identity by which the brokers drop what they have already had from it. */
  producer(): Promise<KafkaProducer>;
  /** A producer of transactions. Fails, fatal, if the brokers do not let a transaction last for as long as `timeout`. */
  transactional(options: TransactionalOptions): Promise<TransactionalProducer>;
}

/** The port by kafkajs. */
export function kafkaPort(connection: KafkaConnection): KafkaPort {
  const client = kafkaClient(connection);
  const { where, log } = client;
  const unusable = `cannot use Kafka at ${where}`;
  return {
    layouts: (topics) =>
      asAdmin(client, unusable, async (admin) => {
        const cluster = { admin, where, log };
        await checkBrokerVersion(cluster);
        return topicLayouts(cluster, topics);
      }),
    producer: () => idempotentProducer(client),
    async transactional(options) {
      await asAdmin(client, unusable, (admin) => checkTransactionTimeout({ admin, where, log }, options.timeout));
      return transactionalProducer(client, options);
    },
  };
}
