import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Emulation } from './emulation.js';
import { page, unary, type Paged } from './unary.js';
import type { Draft, Topic } from './wire.js';

/** `google.pubsub.v1.Publisher`; a method that is not here answers UNIMPLEMENTED. */
export function publisherService({ broker, clock }: Emulation): UntypedServiceImplementation {
  return {
    CreateTopic: unary((topic: Topic) => broker.createTopic(topic)),

    GetTopic: unary((request: { topic: string }) => broker.topic(request.topic)),

    ListTopics: unary((request: { project: string } & Paged) => {
      const [topics, nextPageToken] = page(broker.topicsOf(request.project), request);
      return { topics, nextPageToken };
    }),

    ListTopicSubscriptions: unary((request: { topic: string } & Paged) => {
      const [subscriptions, nextPageToken] = page(broker.subscriptionsTo(request.topic), request);
      return { subscriptions, nextPageToken };
    }),

    DeleteTopic: unary((request: { topic: string }) => {
      broker.deleteTopic(request.topic);
      return {};
    }),

    Publish: unary((request: { topic: string; messages: readonly Draft[] }) => ({
      messageIds: broker.publish(request.topic, request.messages, clock()),
    })),
  };
}
