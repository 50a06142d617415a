import type { Topic } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type Received, type Session } from '../emulator/session.js';

/** Something the real client may expect of a Pub/Sub server. */
export interface Rule {
  readonly rule: string;
  readonly check: (session: Session) => Promise<void>;
}

export const publish = (topic: Topic, ...texts: readonly string[]): Promise<string[]> =>
  Promise.all(texts.map((text) => topic.publishMessage({ data: Buffer.from(text) })));

export const withText = (messages: readonly Received[], text: string): Received => {
  const found = messages.find((it) => it.text === text);
  if (found === undefined) throw new Error(`no message ${text} among: ${texts(messages).join(' ')}`);
  return found;
};

export const texts = (messages: readonly Received[]): string[] => messages.map((it) => it.text);

/** Matches the error of a call that was answered with this code. */
export const refused = (code: status): unknown => expect.objectContaining({ code });

/** Short and still valid: leases are changed to it so that they lapse soon. */
const SOON = 1;
const SOON_MS = 1_000;

const delivery: readonly Rule[] = [
  {
    rule: 'a message arrives as it was published, with the id its publisher was told and a publish time',
    async check(session) {
      const { topic, subscription } = await session.channel();
      const messageId = await topic.publishMessage({ data: Buffer.from('¡hola!'), attributes: { source: 'ga4', empty: '' } });
      const [message] = await session.read(subscription).atLeast(1);
      expect(message).toMatchObject({ text: '¡hola!', attributes: { source: 'ga4', empty: '' }, messageId, attempt: 0 });
      expect(Math.abs((message?.publishedAt ?? 0) - Date.now() / 1000)).toBeLessThan(30);
    },
  },
  {
    rule: 'every subscription of a topic gets what was published since it was made',
    async check(session) {
      const topic = await session.topic();
      const first = await session.subscribe(topic);
      await publish(topic, 'one');
      const second = await session.subscribe(topic);
      await publish(topic, 'two');
      expect(texts(await session.read(first).atLeast(2)).sort()).toEqual(['one', 'two']);
      expect(texts(await session.read(second).atLeast(1))).toEqual(['two']);
    },
  },
  {
    rule: 'an acked message does not come again, a nacked one does, at once and with another ack id',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'acked', 'nacked');
      const reader = session.read(subscription);
      const messages = await reader.atLeast(2);
      await session.ack(subscription, withText(messages, 'acked'));
      await session.nack(subscription, withText(messages, 'nacked'));
      const again = (await reader.atLeast(3)).at(-1);
      expect(again).toMatchObject({ text: 'nacked', messageId: withText(messages, 'nacked').messageId });
      expect(again?.ackId).not.toBe(withText(messages, 'nacked').ackId);
      expect(reader.texts.filter((it) => it === 'acked')).toHaveLength(1);
    },
  },
  {
    rule: 'acks and deadline changes may be sent on the stream',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'acked', 'nacked');
      const reader = session.read(subscription);
      const messages = await reader.atLeast(2);
      reader.write({
        ackIds: [withText(messages, 'acked').ackId],
        modifyDeadlineAckIds: [withText(messages, 'nacked').ackId],
        modifyDeadlineSeconds: [0],
      });
      expect(texts(await reader.atLeast(3)).sort()).toEqual(['acked', 'nacked', 'nacked']);
    },
  },
  {
    rule: 'a lease lapses at its deadline, and not before when it was extended',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'kept', 'lapsing');
      const reader = session.read(subscription);
      const messages = await reader.atLeast(2);
      await session.modifyDeadline(subscription, SOON, ...messages);
      await session.modifyDeadline(subscription, 60, withText(messages, 'kept'));
      expect((await reader.atLeast(3)).at(-1)?.text).toBe('lapsing');
      expect(reader.texts.filter((it) => it === 'kept')).toHaveLength(1);
    },
  },
  {
    rule: 'an ack id means nothing once its message was delivered again',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'a');
      const reader = session.read(subscription);
      const [first] = await reader.atLeast(1);
      await session.nack(subscription, first!);
      const second = (await reader.atLeast(2))[1]!;
      await session.ack(subscription, first!);
      await session.nack(subscription, second);
      expect(texts(await reader.atLeast(3))).toEqual(['a', 'a', 'a']);
    },
  },
  {
    rule: 'an ack after the deadline counts while the message was not delivered again',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'late');
      const [late] = await session.pull(subscription);
      await session.modifyDeadline(subscription, SOON, late!);
      await sleep(SOON_MS + 300);
      await session.ack(subscription, late!);
      await publish(topic, 'next');
      expect(texts(await session.read(subscription).atLeast(1))).toEqual(['next']);
    },
  },
  {
    rule: 'streams share a subscription: each message goes to one of them',
    async check(session) {
      const { topic, subscription } = await session.channel();
      const readers = [session.read(subscription), session.read(subscription)];
      const sent = Array.from({ length: 40 }, (_, index) => `m${index}`);
      await publish(topic, ...sent);
      const all = (): string[] => readers.flatMap((it) => it.texts);
      await eventually('all messages', () => (all().length >= sent.length ? true : undefined), session.patience);
      expect(all().sort()).toEqual([...sent].sort());
    },
  },
  {
    rule: 'what a closed stream held comes to another stream after its deadline',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'a');
      const closed = session.read(subscription);
      const messages = await closed.atLeast(1);
      closed.cancel();
      await session.modifyDeadline(subscription, SOON, ...messages);
      expect(texts(await session.read(subscription).atLeast(1))).toEqual(['a']);
    },
  },
  {
    rule: 'a pull brings at most what was asked for, and nothing when there is nothing',
    async check(session) {
      const { topic, subscription } = await session.channel();
      expect(await session.pull(subscription)).toEqual([]);
      await publish(topic, 'a', 'b', 'c');
      expect(await session.pull(subscription, 2)).toHaveLength(2);
      expect(await session.pull(subscription, 2)).toHaveLength(1);
      expect(await session.pull(subscription, 2)).toEqual([]);
    },
  },
  {
    rule: 'a pull may wait, and answers with nothing after a while',
    async check(session) {
      const { subscription } = await session.channel();
      const [response] = await session.subscriber.pull({ subscription, maxMessages: 1 });
      expect(response.receivedMessages).toEqual([]);
    },
  },
  {
    rule: 'responses tell whether the subscription has exactly-once delivery',
    async check(session) {
      const topic = await session.topic();
      const plain = session.read(await session.subscribe(topic));
      const exactlyOnce = session.read(await session.subscribe(topic, { enableExactlyOnceDelivery: true }));
      await publish(topic, 'a');
      expect((await plain.find('properties', (it) => it.subscriptionProperties)).exactlyOnceDeliveryEnabled).toBe(false);
      expect((await exactlyOnce.find('properties', (it) => it.subscriptionProperties)).exactlyOnceDeliveryEnabled).toBe(true);
    },
  },
  {
    rule: 'an empty request is answered by an empty response when the client speaks protocol version 1',
    async check(session) {
      const { subscription } = await session.channel();
      const reader = session.read(subscription, { protocolVersion: 1 });
      reader.write({});
      expect(await reader.find('a response', (it) => it.receivedMessages)).toEqual([]);
    },
  },
  {
    rule: "the client's own subscriber receives and acks",
    async check(session) {
      const { topic, subscription } = await session.channel({ enableExactlyOnceDelivery: true });
      const subscriber = session.pubsub.subscription(subscription);
      const answered = new Promise<string>((resolve, reject) => {
        subscriber.on('error', reject);
        subscriber.on('message', (message) => void message.ackWithResponse().then(resolve, reject));
      });
      await publish(topic, 'a');
      expect(await answered).toBe('SUCCESS');
      await subscriber.close();
      expect(await session.pull(subscription)).toEqual([]);
    },
  },
];

const deadLetters: readonly Rule[] = [
  {
    rule: 'with a dead-letter policy deliveries are counted from 1',
    async check(session) {
      const graveyard = await session.topic();
      const { topic, subscription } = await session.channel({ deadLetterPolicy: { deadLetterTopic: graveyard.name, maxDeliveryAttempts: 5 } });
      await publish(topic, 'a');
      const reader = session.read(subscription);
      for (const attempt of [1, 2, 3]) {
        const message = (await reader.atLeast(attempt)).at(-1)!;
        expect(message.attempt).toBe(attempt);
        await session.nack(subscription, message);
      }
    },
  },
  {
    rule: 'after the last attempt a message leaves its subscription for the dead-letter topic',
    async check(session) {
      const graveyard = await session.topic();
      const buried = session.read(await session.subscribe(graveyard));
      const { topic, subscription } = await session.channel({ deadLetterPolicy: { deadLetterTopic: graveyard.name, maxDeliveryAttempts: 5 } });
      await publish(topic, 'poison');
      const reader = session.read(subscription);
      for (const attempt of [1, 2, 3, 4, 5]) await session.nack(subscription, (await reader.atLeast(attempt)).at(-1)!);
      expect(texts(await buried.atLeast(1))).toEqual(['poison']);
      await publish(topic, 'next');
      expect((await reader.atLeast(6)).at(-1)?.text).toBe('next');
    },
  },
];

const administration: readonly Rule[] = [
  {
    rule: 'topics and subscriptions are listed by name and by page, and deleted',
    async check(session) {
      const { publisher, subscriber } = session;
      const project = `projects/${session.name('project')}`;
      const [pageSize, byPage] = [2, { autoPaginate: false }];
      const topics = ['first', 'second', 'third'].map((it) => `${project}/topics/${it}`);
      for (const name of topics) await publisher.createTopic({ name });
      const [page, next] = await publisher.listTopics({ project, pageSize }, byPage);
      expect(page.map((it) => it.name)).toEqual(topics.slice(0, 2));
      const [rest, end] = await publisher.listTopics({ project, pageSize, ...next }, byPage);
      expect(rest.map((it) => it.name)).toEqual(topics.slice(2));
      expect(end).toBeNull();

      const topic = topics[0]!;
      const subscriptions = ['one', 'three', 'two'].map((it) => `${project}/subscriptions/${it}`);
      for (const name of subscriptions) await subscriber.createSubscription({ name, topic, ackDeadlineSeconds: 10 });
      const [names] = await publisher.listTopicSubscriptions({ topic, pageSize }, byPage);
      expect(names).toEqual(subscriptions.slice(0, 2));
      await subscriber.deleteSubscription({ subscription: subscriptions[0]! });
      const [left] = await subscriber.listSubscriptions({ project, pageSize }, byPage);
      expect(left.map((it) => it.name)).toEqual(subscriptions.slice(1));
      await publisher.deleteTopic({ topic });
      const [leftTopics] = await publisher.listTopics({ project, pageSize }, byPage);
      expect(leftTopics.map((it) => it.name)).toEqual(topics.slice(1));
    },
  },
  {
    rule: 'a subscription outlives its topic and says so',
    async check(session) {
      const { topic, subscription } = await session.channel();
      await publish(topic, 'a');
      await topic.delete();
      expect(texts(await session.read(subscription).atLeast(1))).toEqual(['a']);
      const [found] = await session.subscriber.getSubscription({ subscription });
      expect(found.topic).toBe('_deleted-topic_');
    },
  },
  {
    rule: 'an update changes what its mask names, and nothing else',
    async check(session) {
      const { subscription } = await session.channel({ labels: { team: 'web' } });
      const given = { name: subscription, ackDeadlineSeconds: 30, enableExactlyOnceDelivery: true, labels: {} };
      const paths = ['ack_deadline_seconds', 'enable_exactly_once_delivery'];
      await session.subscriber.updateSubscription({ subscription: given, updateMask: { paths } });
      const [found] = await session.subscriber.getSubscription({ subscription });
      expect(found).toMatchObject({ ackDeadlineSeconds: 30, enableExactlyOnceDelivery: true, labels: { team: 'web' } });
    },
  },
];

const unknown = 'projects/p/subscriptions/unknown';

interface Unwelcome {
  readonly what: string;
  readonly code: status;
  readonly call: (session: Session) => Promise<unknown>;
}

const errors: readonly Unwelcome[] = [
  { what: 'getting an unknown topic', code: status.NOT_FOUND, call: (it) => it.publisher.getTopic({ topic: 'projects/p/topics/unknown' }) },
  { what: 'deleting an unknown topic', code: status.NOT_FOUND, call: (it) => it.publisher.deleteTopic({ topic: 'projects/p/topics/unknown' }) },
  { what: 'publishing to an unknown topic', code: status.NOT_FOUND, call: (it) => it.pubsub.topic('unknown').publishMessage({ data: Buffer.from('a') }) },
  { what: 'subscribing to an unknown topic', code: status.NOT_FOUND, call: (it) => it.subscribe(it.pubsub.topic('unknown')) },
  {
    what: 'naming an unknown dead-letter topic',
    code: status.NOT_FOUND,
    call: (it) => it.channel({ deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/unknown', maxDeliveryAttempts: 5 } }),
  },
  { what: 'getting an unknown subscription', code: status.NOT_FOUND, call: (it) => it.subscriber.getSubscription({ subscription: unknown }) },
  { what: 'deleting an unknown subscription', code: status.NOT_FOUND, call: (it) => it.subscriber.deleteSubscription({ subscription: unknown }) },
  { what: 'pulling from an unknown subscription', code: status.NOT_FOUND, call: (it) => it.pull(unknown) },
  { what: 'acking at an unknown subscription', code: status.NOT_FOUND, call: (it) => it.subscriber.acknowledge({ subscription: unknown, ackIds: ['a'] }) },
  {
    what: 'changing a deadline at an unknown subscription',
    code: status.NOT_FOUND,
    call: (it) => it.subscriber.modifyAckDeadline({ subscription: unknown, ackIds: ['a'], ackDeadlineSeconds: 10 }),
  },
  {
    what: 'making a topic twice',
    code: status.ALREADY_EXISTS,
    call: async (it) => it.publisher.createTopic({ name: (await it.topic()).name }),
  },
  {
    what: 'making a subscription twice',
    code: status.ALREADY_EXISTS,
    async call(it) {
      const { topic, subscription } = await it.channel();
      await it.subscriber.createSubscription({ name: subscription, topic: topic.name, ackDeadlineSeconds: 10 });
    },
  },
  {
    what: 'updating a field there is not',
    code: status.INVALID_ARGUMENT,
    async call(it) {
      const { subscription } = await it.channel();
      await it.subscriber.updateSubscription({ subscription: { name: subscription }, updateMask: { paths: ['nonsense'] } });
    },
  },
];

/** The rules that every server must keep. */
export const rules: readonly Rule[] = [
  ...delivery,
  ...deadLetters,
  ...administration,
  ...errors.map(({ what, code, call }) => ({
    rule: `${what} is answered ${status[code]}`,
    check: async (session: Session) => expect(call(session)).rejects.toEqual(refused(code)),
  })),
  {
    rule: 'a stream of an unknown subscription ends with NOT_FOUND',
    check: async (session) => expect(await session.read(unknown).end()).toBe(status.NOT_FOUND),
  },
];
