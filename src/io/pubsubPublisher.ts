import { pubsubClient, type PubsubEndpoint } from './pubsubClients.js';
import { fatal } from './pubsubStatus.js';

/** A message on its way to a topic. */
export interface OutgoingMessage {
  readonly data: Buffer | string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface PublisherOptions extends PubsubEndpoint {
  /** `projects/P/topics/T`. */
  readonly projectTopic: string;
}

export interface Publisher {
  /** Resolves when Pub/Sub has taken them all; rejects when it refuses one, and then some may have been taken. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Closes the connection. Await what was published before. */
  close(): Promise<void>;
}

/** What one publish request may hold. */
const MAX_MESSAGES = 1_000;
const MAX_BYTES = 9 * 1024 * 1024;

/**
 * Publishes messages, many to a request.
 *
 * *Back pressure*: `publish` has at most one request's worth of its messages on the way; a caller
 * that awaits it before it makes more is never ahead of Pub/Sub.
 *
 * *Delivery guarantee*: at least once; the order of messages is not kept.
 *
 * *On failure*: the client tries again for a minute; then, or when that is no use, `publish` rejects
 * with an error that names the topic and what to do.
 */
export const createPublisher = ({ projectTopic, ...endpoint }: PublisherOptions): Publisher => {
  const client = pubsubClient(projectTopic, endpoint);
  const topic = client.topic(projectTopic, { batching: { maxMessages: MAX_MESSAGES, maxBytes: MAX_BYTES, maxMilliseconds: 10 } });
  const publishOne = ({ data, attributes }: OutgoingMessage): Promise<string> =>
    topic.publishMessage({ data: typeof data === 'string' ? Buffer.from(data) : data, attributes: { ...attributes } });

  return {
    async publish(messages) {
      try {
        for (let from = 0; from < messages.length; from += MAX_MESSAGES) {
          await Promise.all(messages.slice(from, from + MAX_MESSAGES).map(publishOne));
        }
      } catch (error) {
        throw fatal(projectTopic, error);
      }
    },
    close: () => client.close(),
  };
};
