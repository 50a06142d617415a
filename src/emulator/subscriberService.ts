import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ackFailure } from './ackFailure.js';
import type { Subscribed } from './broker.js';
import type { Emulation } from './emulation.js';
import { pull } from './pull.js';
import { invalid, Refusal } from './refusal.js';
import { ackDeadline } from './settings.js';
import { streamingPull } from './streamingPull.js';
import { page, unary, type Paged } from './unary.js';
import type { Subscription } from './wire.js';

interface AckIds {
  readonly subscription: string;
  readonly ackIds: readonly string[];
}

/** `google.pubsub.v1.Subscriber`; a method that is not here answers UNIMPLEMENTED. */
export function subscriberService(emulation: Emulation): UntypedServiceImplementation {
  const { broker, clock } = emulation;

  /** Does something to every ack id; under exactly-once delivery those without a lease are an error. */
  const toEach = (subscribed: Subscribed, ackIds: readonly string[], act: (ackId: string) => boolean): object => {
    if (ackIds.length === 0) throw invalid('No ack ids specified.');
    const failed = ackIds.filter((ackId) => !act(ackId));
    emulation.dispatcher(subscribed).wake();
    if (failed.length > 0 && subscribed.settings.enableExactlyOnceDelivery) throw ackFailure(failed);
    return {};
  };

  return {
    CreateSubscription: unary((settings: Subscription) => broker.createSubscription(settings)),

    GetSubscription: unary((request: { subscription: string }) => broker.subscription(request.subscription).settings),

    UpdateSubscription: unary((request: { subscription: Subscription | null; updateMask: { paths: readonly string[] } | null }) => {
      if (request.subscription === null) throw invalid('No subscription specified.');
      return broker.updateSubscription(request.subscription, request.updateMask?.paths ?? []);
    }),

    ListSubscriptions: unary((request: { project: string } & Paged) => {
      const [subscriptions, nextPageToken] = page(broker.subscriptionsOf(request.project), request);
      return { subscriptions, nextPageToken };
    }),

    DeleteSubscription: unary((request: { subscription: string }) => {
      emulation.deleteSubscription(request.subscription);
      return {};
    }),

    Acknowledge: unary(({ subscription, ackIds }: AckIds) => {
      const subscribed = broker.subscription(subscription);
      const { backlog, disturbance } = subscribed;
      if (disturbance.acks === 'refused') throw new Refusal(status.UNAVAILABLE, 'Acks are refused for now.');
      if (disturbance.acks === 'lost') return {};
      const now = clock();
      return toEach(subscribed, ackIds, (ackId) => backlog.acknowledge(ackId, now));
    }),

    ModifyAckDeadline: unary(({ subscription, ackIds, ackDeadlineSeconds }: AckIds & { ackDeadlineSeconds: number }) => {
      const subscribed = broker.subscription(subscription);
      const deadline = ackDeadline(ackDeadlineSeconds, 0);
      const now = clock();
      return toEach(subscribed, ackIds, (ackId) => subscribed.backlog.modifyDeadline(ackId, deadline, now));
    }),

    Pull: pull(emulation),

    StreamingPull: streamingPull(emulation),
  };
}
