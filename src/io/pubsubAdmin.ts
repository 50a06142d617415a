import { status } from '@grpc/grpc-js';
import type { PubSub, v1 } from '@google-cloud/pubsub';
import type { Millis } from '../../operators/index.js';
import { pubsubClient, subscriberClient, type PubsubEndpoint } from './pubsubClients.js';
import { fatal, statusOf } from './pubsubStatus.js';

/** What matters of a subscription's settings. */
export interface SubscriptionFacts {
  /** How long a delivery without a deadline of its own is leased. */
  readonly ackDeadline: Millis;
  /** The longest wait before a redelivery; undefined when there is no retry policy: redelivered at once. */
  readonly retryMaximum: Millis | undefined;
  readonly exactlyOnce: boolean;
  /** Failed deliveries after which a message is given up; undefined without a dead-letter policy. */
  readonly maxDeliveryAttempts: number | undefined;
}

/** Reads them, in one try; rejects with gRPC's error, e.g. when they may not be read (`pubsub.subscriptions.get`). */
export const subscriptionFacts = async (client: v1.SubscriberClient, path: string): Promise<SubscriptionFacts> => {
  const [settings] = await client.getSubscription({ subscription: path }, { timeout: 10_000, retry: null });
  const { ackDeadlineSeconds, retryPolicy, enableExactlyOnceDelivery, deadLetterPolicy } = settings;
  return {
    ackDeadline: (ackDeadlineSeconds ?? 10) * 1_000,
    retryMaximum: retryPolicy ? Number(retryPolicy.maximumBackoff?.seconds ?? 600) * 1_000 : undefined,
    exactlyOnce: enableExactlyOnceDelivery ?? false,
    maxDeliveryAttempts: deadLetterPolicy ? (deadLetterPolicy.maxDeliveryAttempts ?? 5) : undefined,
  };
};

/** The same on a connection of its own; rejects with an error that says what to do. */
export const readSubscription = async (path: string, endpoint: PubsubEndpoint = {}): Promise<SubscriptionFacts> => {
  const client = await subscriberClient(path, endpoint);
  try {
    return await subscriptionFacts(client, path);
  } catch (error) {
    throw fatal(path, error);
  } finally {
    await client.close();
  }
};

/** Creates the topic unless it is there; rejects with an error that says what to do. */
export const ensureTopic = (path: string, endpoint: PubsubEndpoint = {}): Promise<void> =>
  withClient(path, endpoint, (client) => unlessThere(client.createTopic(path), () => path));

export interface SubscriptionSettings extends PubsubEndpoint {
  /** Seconds from 10 to 600. Default: the service's 10. */
  readonly ackDeadline?: number;
  readonly exactlyOnce?: boolean;
  /** The wait before a redelivery, seconds. Default: none. */
  readonly retry?: { readonly minimum: number; readonly maximum: number };
  readonly deadLetter?: { readonly topic: string; readonly maxDeliveryAttempts: number };
}

/** Creates the subscription unless it is there; one that is there keeps its settings. Rejects with an error that says what to do. */
export const ensureSubscription = (path: string, topicPath: string, settings: SubscriptionSettings = {}): Promise<void> =>
  withClient(path, settings, (client) => {
    const { ackDeadline, exactlyOnce = false, retry, deadLetter } = settings;
    return unlessThere(
      client.topic(topicPath).createSubscription(path, {
        enableExactlyOnceDelivery: exactlyOnce,
        ...(ackDeadline !== undefined && { ackDeadlineSeconds: ackDeadline }),
        ...(retry && { retryPolicy: { minimumBackoff: { seconds: retry.minimum }, maximumBackoff: { seconds: retry.maximum } } }),
        ...(deadLetter && { deadLetterPolicy: { deadLetterTopic: deadLetter.topic, maxDeliveryAttempts: deadLetter.maxDeliveryAttempts } }),
      }),
      (code) => (code === status.NOT_FOUND ? topicPath : path),
    );
  });

const withClient = async (path: string, endpoint: PubsubEndpoint, use: (client: PubSub) => Promise<void>): Promise<void> => {
  const client = pubsubClient(path, endpoint);
  try {
    await use(client);
  } finally {
    await client.close();
  }
};

/** @param blame the name of what a refusal with this status is about */
const unlessThere = async (created: Promise<unknown>, blame: (code: number | undefined) => string): Promise<void> => {
  try {
    await created;
  } catch (error) {
    const code = statusOf(error);
    if (code !== status.ALREADY_EXISTS) throw fatal(blame(code), error);
  }
};
