import { status } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { publish, refused, texts, withText, type Rule } from './rules.js';

/** A rule of the service that Google's fake does not keep. */
export interface Exception extends Rule {
  /** What the fake does instead. */
  readonly pstest: string;
}

const NO_FLOW_CONTROL = 'has no flow control: it sends all there is';
const NO_EXACTLY_ONCE = 'stores the exactly-once setting and reports it, without effect';
const FEW_CHECKS = 'does not check it';

/** Long enough that a server without the feature has done what it should not. */
const A_WHILE = 300;

export const exceptions: readonly Exception[] = [
  {
    rule: 'a stream gets no more than max_outstanding_messages until an ack, a nack or a lapse makes room',
    pstest: NO_FLOW_CONTROL,
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'a', 'b', 'c', 'd', 'e', 'f');
      const reader = session.read(subscription, { maxOutstandingMessages: 2 });
      const [first, second] = await reader.atLeast(2);
      await sleep(A_WHILE);
      expect(reader.messages).toHaveLength(2);
      await session.ack(subscription, first!);
      await reader.atLeast(3);
      await session.nack(subscription, second!);
      const fourth = (await reader.atLeast(4))[3]!;
      await session.modifyDeadline(subscription, 1, fourth);
      await reader.atLeast(5);
      await sleep(A_WHILE);
      expect(reader.messages).toHaveLength(5);
    },
  },
  {
    rule: 'a stream gets nothing more while max_outstanding_bytes are reached',
    pstest: NO_FLOW_CONTROL,
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, ...['a', 'b', 'c'].map((it) => it.repeat(1000)));
      const reader = session.read(subscription, { maxOutstandingBytes: 1001 });
      const [first] = await reader.atLeast(2);
      await sleep(A_WHILE);
      expect(reader.messages).toHaveLength(2);
      await session.ack(subscription, first!);
      await reader.atLeast(3);
    },
  },
  {
    rule: 'flow control settings after the first request end the stream',
    pstest: NO_FLOW_CONTROL,
    async check(session) {
      const { subscription } = await session.channel();
      const reader = session.read(subscription);
      reader.write({ maxOutstandingMessages: 5 });
      expect(await reader.end()).toBe(status.INVALID_ARGUMENT);
    },
  },
  {
    rule: 'exactly-once delivery confirms on the stream which ack ids were good',
    pstest: NO_EXACTLY_ONCE,
    async check(session) {
      const { topic, subscription } = await session.channel({ enableExactlyOnceDelivery: true });
      await publish(topic, 'a', 'b');
      const reader = session.read(subscription);
      const messages = await reader.atLeast(2);
      const [a, b] = [withText(messages, 'a').ackId, withText(messages, 'b').ackId];
      reader.write({ ackIds: [a, 'nonsense'], modifyDeadlineAckIds: [b, a], modifyDeadlineSeconds: [20, 20] });
      const acks = await reader.find('a confirmation', (it) => it.acknowledgeConfirmation);
      expect(acks).toMatchObject({ ackIds: [a], invalidAckIds: ['nonsense'], temporaryFailedAckIds: [] });
      const deadlines = await reader.find('a confirmation', (it) => it.modifyAckDeadlineConfirmation);
      expect(deadlines).toMatchObject({ ackIds: [b], invalidAckIds: [a], temporaryFailedAckIds: [] });
    },
  },
  {
    rule: 'exactly-once delivery refuses an ack after the deadline, naming the ack id, and takes the others',
    pstest: NO_EXACTLY_ONCE,
    async check(session) {
      const { topic, subscription } = await session.channel({ enableExactlyOnceDelivery: true });
      await publish(topic, 'late', 'timely');
      const messages = await session.pull(subscription);
      const [late, timely] = [withText(messages, 'late'), withText(messages, 'timely')];
      await session.modifyDeadline(subscription, 60, timely);
      await session.modifyDeadline(subscription, 1, late);
      await sleep(1_300);
      await expect(session.ack(subscription, late, timely)).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
        reason: 'EXACTLY_ONCE_ACKID_FAILURE',
        errorInfoMetadata: { [late.ackId]: 'PERMANENT_FAILURE_INVALID_ACK_ID' },
      });
      await expect(session.ack(subscription, timely)).rejects.toEqual(refused(status.INVALID_ARGUMENT));
      await expect(session.modifyDeadline(subscription, 10, late)).rejects.toEqual(refused(status.INVALID_ARGUMENT));
      expect(texts(await session.read(subscription).atLeast(1))).toEqual(['late']);
    },
  },
  {
    rule: 'a retry policy makes redeliveries wait, longer each time',
    pstest: 'stores the retry policy, without effect',
    async check(session) {
      const { topic, subscription } = await session.channel({ retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 10 } } });
      await publish(topic, 'a');
      const reader = session.read(subscription);
      for (const [attempt, backoff] of [[1, 1_000], [2, 2_000]] as const) {
        await session.nack(subscription, (await reader.atLeast(attempt)).at(-1)!);
        await sleep(backoff - 300);
        expect(reader.messages).toHaveLength(attempt);
        await reader.atLeast(attempt + 1);
      }
    },
  },
  {
    rule: 'a dead letter is a new message that tells where it comes from',
    pstest: 'forwards the message as it is, id and all',
    async check(session) {
      const graveyard = await session.topic();
      const buried = session.read(await session.subscribe(graveyard));
      const { topic, subscription } = await session.channel({ deadLetterPolicy: { deadLetterTopic: graveyard.name, maxDeliveryAttempts: 5 } });
      const messageId = await topic.publishMessage({ data: Buffer.from('poison'), attributes: { own: 'kept' } });
      const reader = session.read(subscription);
      for (const attempt of [1, 2, 3, 4, 5]) await session.nack(subscription, (await reader.atLeast(attempt)).at(-1)!);
      const [letter] = await buried.atLeast(1);
      expect(letter?.messageId).not.toBe(messageId);
      expect(letter?.attributes).toEqual({
        own: 'kept',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: subscription.split('/').at(-1),
        CloudPubSubDeadLetterSourceSubscriptionProject: session.project,
        CloudPubSubDeadLetterSourceTopicPublishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
      });
    },
  },
  {
    rule: 'deleting a subscription ends its streams',
    pstest: 'leaves them open and silent',
    async check(session) {
      const { subscription } = await session.channel();
      const reader = session.read(subscription, { protocolVersion: 1 });
      reader.write({});
      await reader.find('a response', (it) => it);
      await session.subscriber.deleteSubscription({ subscription });
      expect(await reader.end()).toBe(status.NOT_FOUND);
    },
  },
  {
    rule: 'a message of 10 MB passes',
    pstest: 'takes requests up to 4 MiB, the default of its gRPC library',
    async check(session) {
      const { topic, subscription } = await session.channel();
      const messages = [{ data: Buffer.alloc(10_000_000, 'x') }];
      await session.publisher.publish({ topic: topic.name, messages }, { retry: null });
      const [message] = await session.read(subscription).atLeast(1);
      expect(message?.bytes).toBe(10_000_000);
    },
  },
  {
    rule: 'ack deadlines outside 10 s to 600 s are refused as INVALID_ARGUMENT',
    pstest: 'answers UNKNOWN',
    async check(session) {
      for (const ackDeadlineSeconds of [9, 601]) {
        await expect(session.channel({ ackDeadlineSeconds })).rejects.toEqual(refused(status.INVALID_ARGUMENT));
      }
    },
  },
  {
    rule: 'a stream ack deadline below 10 s ends the stream',
    pstest: FEW_CHECKS,
    async check(session) {
      const { subscription } = await session.channel();
      expect(await session.read(subscription, { streamAckDeadlineSeconds: 9 }).end()).toBe(status.INVALID_ARGUMENT);
    },
  },
  {
    rule: 'an empty message is refused',
    pstest: FEW_CHECKS,
    async check(session) {
      const topic = await session.topic();
      await expect(topic.publishMessage({ data: Buffer.alloc(0) })).rejects.toEqual(refused(status.INVALID_ARGUMENT));
    },
  },
  {
    rule: 'a publish of more than 1000 messages is refused',
    pstest: FEW_CHECKS,
    async check(session) {
      const topic = await session.topic();
      const messages = Array.from({ length: 1001 }, () => ({ data: Buffer.from('a') }));
      await expect(session.publisher.publish({ topic: topic.name, messages })).rejects.toEqual(refused(status.INVALID_ARGUMENT));
    },
  },
  {
    rule: 'names that break the rules are refused',
    pstest: FEW_CHECKS,
    async check(session) {
      for (const name of ['no-project', 'projects/p/topics/1st', 'projects/p/topics/ab', 'projects/p/topics/google', 'projects/p/topics/a/b/c']) {
        await expect(session.publisher.createTopic({ name })).rejects.toEqual(refused(status.INVALID_ARGUMENT));
      }
    },
  },
];
