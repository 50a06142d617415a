import type { Destination } from '../redrive/ports.js';
import { createPublisher, type Publisher } from './pubsubPublisher.js';

/**
 * A Pub/Sub topic that redriven messages go to.
 *
 * *Back pressure*, *delivery guarantee* and *failure* are those of the publisher.
 */
export function pubsubDestination(projectTopic: string, endpoint: string | undefined): Destination {
  let publisher: Publisher | undefined;
  return {
    open: () => {
      publisher = createPublisher({ projectTopic, endpoint });
      return Promise.resolve();
    },
    send: async (messages) => {
      await publisher?.publish(messages.map(({ message: { body, attributes } }) => ({ data: body, attributes })));
    },
    close: async () => {
      await publisher?.close();
    },
  };
}
