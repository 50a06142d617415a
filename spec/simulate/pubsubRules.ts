import { NEVER, Subscription } from 'rxjs';
import type { PubsubConnection } from '../../src/io/pubsubSource.js';
import type { Message } from '../../src/model/message.js';

/** A subscription under exactly-once delivery, real or modelled, new for every rule. */
export interface Subscribed {
  readonly subscription: string;
  readonly connection: PubsubConnection;
  readonly publish: (...texts: readonly string[]) => Promise<void>;
  /** The messages that are published from now on are delivered twice. */
  readonly duplicate: () => void;
  readonly pause: (millis: number) => Promise<void>;
  /** Resolves with what a task has come to. */
  readonly done: <A>(task: Promise<A>) => Promise<A>;
}

export interface PubsubRule {
  readonly rule: string;
  readonly check: (subscribed: Subscribed) => Promise<void>;
}

const A_WHILE = 400;

/** Opens a stream, and has what comes. */
const opened = async ({ connection, done, subscription }: Subscribed, maxOutstandingMessages: number): Promise<{ readonly messages: Message[]; readonly leave: () => void }> => {
  const pull = await done(connection.pull());
  const messages: Message[] = [];
  const stream = new Subscription();
  stream.add(pull({ subscription, streamAckDeadlineSeconds: 60, maxOutstandingMessages, maxOutstandingBytes: 0 }, NEVER).subscribe((event) => {
    if (event._tag === 'Delivered') messages.push(...event.messages);
  }));
  return { messages, leave: () => stream.unsubscribe() };
};

const until = async ({ pause }: Subscribed, is: () => boolean): Promise<void> => {
  for (let looks = 0; looks < 200 && !is(); looks += 1) await pause(50);
  expect(is()).toBe(true);
};

const texts = (messages: readonly Message[]): string[] => messages.map(({ body }) => String(body)).sort();
const ack = ({ connection, subscription, done }: Subscribed, ...messages: readonly Message[]): Promise<unknown> =>
  done(connection.client.acknowledge({ subscription, ackIds: messages.map(({ receipt }) => String(receipt)) }, { timeout: 5_000, retry: null }));
const deadline = ({ connection, subscription, done }: Subscribed, ackDeadlineSeconds: number, message: Message): Promise<unknown> =>
  done(connection.client.modifyAckDeadline({ subscription, ackIds: [String(message.receipt)], ackDeadlineSeconds }, { timeout: 5_000, retry: null }));

/** What the source builds upon. */
export const PUBSUB_RULES: readonly PubsubRule[] = [
  {
    rule: 'no more is delivered than may be outstanding, until an ack makes room',
    async check(it) {
      await it.publish('a', 'b', 'c');
      const { messages, leave } = await opened(it, 2);
      await until(it, () => messages.length === 2);
      await it.pause(A_WHILE);
      expect(messages).toHaveLength(2);
      await ack(it, messages[0]!);
      await until(it, () => messages.length === 3);
      leave();
    },
  },
  {
    rule: 'what was acked does not come again, what was given back does, with another ack id',
    async check(it) {
      await it.publish('a', 'b');
      const { messages, leave } = await opened(it, 100);
      await until(it, () => messages.length === 2);
      const [kept, back] = messages;
      await ack(it, kept!);
      await deadline(it, 0, back!);
      await until(it, () => messages.length === 3);
      await it.pause(A_WHILE);
      expect(messages.slice(2)).toMatchObject([{ id: back!.id }]);
      expect(messages[2]!.receipt).not.toBe(back!.receipt);
      leave();
    },
  },
  {
    rule: 'a lease that lapses brings a redelivery, and its ack is refused, naming the ack id',
    async check(it) {
      await it.publish('a');
      const { messages, leave } = await opened(it, 100);
      await until(it, () => messages.length === 1);
      const [late] = messages;
      await deadline(it, 1, late!);
      await until(it, () => messages.length === 2);
      const failure: unknown = await ack(it, late!).then(() => undefined, (error: unknown) => error);
      expect(failure).toMatchObject({ code: 3, errorInfoMetadata: { [late!.receipt]: 'PERMANENT_FAILURE_INVALID_ACK_ID' } });
      await ack(it, messages[1]!);
      leave();
    },
  },
  {
    rule: 'a duplicate is the same message under an ack id of its own',
    async check(it) {
      it.duplicate();
      await it.publish('a');
      const { messages, leave } = await opened(it, 100);
      await until(it, () => messages.length === 2);
      expect(texts(messages)).toEqual(['a', 'a']);
      expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
      expect(new Set(messages.map(({ receipt }) => receipt)).size).toBe(2);
      leave();
    },
  },
];
