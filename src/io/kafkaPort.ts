import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import './kafkaIdle.js';
import { KafkaError, kafkaError } from './kafkaError.js';
import { kafkaLog, type Log } from './kafkaLog.js';
import type { KafkaSend, TopicLayout } from './kafkaSends.js';
import { checkBrokerVersion, topicLayouts } from './kafkaTopics.js';

/** How to reach a cluster. */
export interface KafkaConnection {
  /** `host:port` of some of its brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** Our name in the brokers' logs. Default: `pages-viewed`. */
  readonly clientId?: string;
  /** TLS and who we are, in kafkajs's words; default: neither. */
  readonly security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  readonly log: Log;
}

/** What this folder asks of a Kafka client. Every failure is a {@link KafkaError}. */
export interface KafkaPort {
  /** Checks that the brokers answer and are not too old and that the topics exist, and tells how they are laid out. */
  layouts(topics: readonly string[]): Promise<readonly TopicLayout[]>;
  /** A producer of its own, with an identity by which the brokers drop what they have already had from it. */
  producer(): Promise<KafkaProducer>;
}

export interface KafkaProducer {
  /**
   * Resolves when all in-sync replicas have the records. Sends to one partition must wait for each
   * other. After a failure this producer is of no further use, and whether the records were written
   * is open.
   */
  send(send: KafkaSend): Promise<void>;
  /** Also ends what is still being sent, at its next attempt. */
  close(): Promise<void>;
}

/**
 * What kafkajs may retry by itself: about 3 s, and as much again at each level of its own. That
 * spans a change of leader, after which the same producer can go on without repeating anything.
 */
const RETRY = { retries: 5, initialRetryTime: 100, multiplier: 2, maxRetryTime: 1_000, factor: 0.2 };

/** The broker gives up waiting for replicas before we give up waiting for the broker. */
const BROKER_TIMEOUT = 15_000;
const REQUEST_TIMEOUT = 20_000;

/** The port by kafkajs. */
export function kafkaPort({ brokers, clientId = 'pages-viewed', security, log }: KafkaConnection): KafkaPort {
  const where = brokers.join(',');
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    ...security,
    connectionTimeout: 5_000,
    requestTimeout: REQUEST_TIMEOUT,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: kafkaLog(log),
  });

  return {
    async layouts(topics) {
      const admin = kafka.admin();
      try {
        await admin.connect();
        const cluster = { admin, where, log };
        await checkBrokerVersion(cluster);
        return await topicLayouts(cluster, topics);
      } catch (thrown) {
        throw kafkaError(`cannot use Kafka at ${where}`, thrown);
      } finally {
        await admin.disconnect();
      }
    },

    async producer() {
      let closed = false;
      const producer = kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        // Asked before every attempt, so this is also where the retries of a send end that nobody waits for any more.
        createPartitioner:
          () =>
          ({ message }) => {
            if (closed) throw new KafkaError('the producer was closed', { fatal: false });
            return message.partition ?? 0;
          },
      });
      try {
        await producer.connect();
      } catch (thrown) {
        await producer.disconnect();
        throw kafkaError(`cannot write to Kafka at ${where}`, thrown);
      }
      return {
        async send({ topic, partition, records }) {
          const messages = records.map(({ key, value, headers }) => ({ key, value, headers, partition }));
          try {
            await producer.send({ topic, messages, acks: -1, timeout: BROKER_TIMEOUT });
          } catch (thrown) {
            throw kafkaError(`cannot write to topic ${topic}, partition ${partition}`, thrown);
          }
        },
        async close() {
          closed = true;
          await producer.disconnect();
        },
      };
    },
  };
}
