import type { Producer, ProducerConfig } from 'kafkajs';
import type { KafkaClient } from './kafkaClient.js';
import { KafkaError, kafkaError } from './kafkaError.js';
import type { KafkaSend } from './kafkaSends.js';

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

/** A connected kafkajs producer and what all kinds of producers have in common. */
export interface ConnectedProducer {
  readonly producer: Producer;
  /** Sends in a transaction, or without; resolves with the offset of the first record. */
  readonly send: (through: Pick<Producer, 'send'>, send: KafkaSend) => Promise<bigint>;
  /** Any other request; its error begins with `doing`. */
  readonly request: <T>(doing: string, task: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The broker gives up waiting for replicas before we give up waiting for the broker. */
const BROKER_TIMEOUT = 15_000;

export async function idempotentProducer(client: KafkaClient): Promise<KafkaProducer> {
  const { producer, send, close } = await connectedProducer(client, { idempotent: true });
  return { send: async (it) => { await send(producer, it); }, close };
}

export async function connectedProducer({ kafka, where }: KafkaClient, config: ProducerConfig): Promise<ConnectedProducer> {
  let closed = false;
  const producer = kafka.producer({
    ...config,
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

  const request = async <T>(doing: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (thrown) {
      throw kafkaError(doing, thrown);
    } finally {
      // kafkajs connects again for what it was still trying when it was told to disconnect.
      if (closed) await producer.disconnect();
    }
  };
  const close = (): Promise<void> => {
    closed = true;
    return producer.disconnect();
  };

  try {
    await producer.connect();
  } catch (thrown) {
    await close();
    throw kafkaError(`cannot write to Kafka at ${where}`, thrown);
  }
  return {
    producer,
    request,
    close,
    send(through, { topic, partition, records }) {
      const messages = records.map(({ key, value, headers }) => ({ key, value, headers, partition }));
      return request(`cannot write to topic ${topic}, partition ${partition}`, async () => {
        const [written] = await through.send({ topic, messages, acks: -1, timeout: BROKER_TIMEOUT });
        return BigInt(written?.baseOffset ?? -1);
      });
    },
  };
}
