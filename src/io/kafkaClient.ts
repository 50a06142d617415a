import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { KafkaSecurity } from '../config/kafkaSecurity.js';
import './kafkaIdle.js';
import './kafkaProduce.js';
import { kafkaError } from './kafkaError.js';
import { kafkaLog, type Log } from './kafkaLog.js';
import { kafkajsSecurity } from './kafkaSecurity.js';
import { RENEWED_BEFORE_END } from './kafkaSession.js';

/** How to reach a cluster. */
export interface KafkaConnection {
  /** `host:port` of some of its brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** Our name in the brokers' logs. Default: `pages-viewed`. */
  readonly clientId?: string;
  /** TLS and who we are; default: neither. */
  readonly security?: KafkaSecurity;
  readonly log: Log;
}

/** A cluster as the parts of this folder use it. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /** The brokers, as errors name them. */
  readonly where: string;
  readonly log: Log;
}

/**
 * What kafkajs may retry by itself: about 3 s, and as much again at each level of its own. That
 * spans a change of leader, after which the same producer can go on without repeating anything.
 * It starts early, because a takeover has to ask twice: the first time makes the broker abort what
 * the former holder left open.
 */
const RETRY = { retries: 8, initialRetryTime: 20, multiplier: 2, maxRetryTime: 1_000, factor: 0.2 };

const REQUEST_TIMEOUT = 20_000;

export function kafkaClient({ brokers, clientId = 'pages-viewed', security, log }: KafkaConnection): KafkaClient {
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    ...(security && kafkajsSecurity(security)),
    connectionTimeout: 5_000,
    requestTimeout: REQUEST_TIMEOUT,
    reauthenticationThreshold: RENEWED_BEFORE_END,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: kafkaLog(log),
  });
  return { kafka, where: brokers.join(','), log };
}

/** Does what only an administrator's connection can; fails with a `KafkaError` that begins with `doing`. */
export async function asAdmin<T>({ kafka }: KafkaClient, doing: string, task: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await task(admin);
  } catch (thrown) {
    throw kafkaError(doing, thrown);
  } finally {
    await admin.disconnect();
  }
}
