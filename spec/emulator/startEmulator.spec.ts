import type { Topic } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { eventually, Session } from './session.js';

let emulator: Emulator;
let session: Session;

beforeEach(async () => {
  emulator = await startEmulator();
  session = new Session(emulator.address);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await session.close();
  await emulator.close();
});

const publish = (topic: Topic, ...texts: readonly string[]): Promise<string[]> =>
  Promise.all(texts.map((text) => topic.publishMessage({ data: Buffer.from(text) })));

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe('faults', () => {
  test('duplicates: copies come with the same message id and an ack id of their own', async () => {
    const { topic, subscription } = await session.channel();
    emulator.faults.set(subscription, { duplicates: 1 });
    await publish(topic, 'a');
    const [one, two] = await session.read(subscription).atLeast(2);
    expect(two?.messageId).toBe(one?.messageId);
    expect(two?.ackId).not.toBe(one?.ackId);
  });

  test('duplicates: about the share that was asked for', async () => {
    const { topic, subscription } = await session.channel();
    emulator.faults.set(subscription, { duplicates: 0.25 });
    await publish(topic, ...numbers(400));
    const { undelivered } = emulator.inspect(subscription);
    expect(undelivered).toBeGreaterThan(460);
    expect(undelivered).toBeLessThan(540);
  });

  test('delay: a message waits, others pass it', async () => {
    const { topic, subscription } = await session.channel();
    emulator.faults.set(subscription, { delay: 3_600_000 });
    await publish(topic, 'held');
    emulator.faults.set(subscription, {});
    await publish(topic, 'next');
    const reader = session.read(subscription);
    await reader.atLeast(1);
    expect(reader.texts).toEqual(['next']);
    expect(emulator.inspect(subscription)).toMatchObject({ undelivered: 1, outstanding: 1 });
  });

  test('disorder: all messages come, in another order', async () => {
    const { topic, subscription } = await session.channel();
    emulator.faults.set(subscription, { disorder: 100 });
    const sent = numbers(50);
    await publish(topic, ...sent);
    const reader = session.read(subscription);
    await reader.atLeast(sent.length);
    expect(reader.texts).not.toEqual(sent);
    expect([...reader.texts].sort()).toEqual([...sent].sort());
  });

  test('acks refused: a unary ack fails with UNAVAILABLE and nothing is acked', async () => {
    const { topic, subscription } = await session.channel();
    await publish(topic, 'a');
    const [message] = await session.pull(subscription);
    const request = { subscription, ackIds: [message!.ackId] };
    emulator.faults.set(subscription, { acks: 'refused' });
    await expect(session.subscriber.acknowledge(request, { retry: null })).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(emulator.inspect(subscription)).toMatchObject({ outstanding: 1, acked: 0 });
    emulator.faults.set(subscription, {});
    await session.subscriber.acknowledge(request);
    expect(emulator.inspect(subscription)).toMatchObject({ outstanding: 0, acked: 1 });
  });

  test('acks refused: under exactly-once delivery the stream says to try again', async () => {
    const { topic, subscription } = await session.channel({ enableExactlyOnceDelivery: true });
    await publish(topic, 'a');
    const reader = session.read(subscription);
    const [message] = await reader.atLeast(1);
    emulator.faults.set(subscription, { acks: 'refused' });
    reader.write({ ackIds: [message!.ackId] });
    const confirmation = await reader.find('a confirmation', (it) => it.acknowledgeConfirmation);
    expect(confirmation).toMatchObject({ ackIds: [], invalidAckIds: [], temporaryFailedAckIds: [message!.ackId] });
  });

  test('acks lost: the answer is fine, yet the message comes again', async () => {
    const { topic, subscription } = await session.channel();
    await publish(topic, 'a');
    const reader = session.read(subscription);
    emulator.faults.set(subscription, { acks: 'lost' });
    await session.ack(subscription, ...(await reader.atLeast(1)));
    emulator.faults.expireLeases(subscription);
    await reader.atLeast(2);
    expect(reader.texts).toEqual(['a', 'a']);
  });

  test('cutting the streams ends them with UNAVAILABLE and leaves the leases', async () => {
    const { topic, subscription } = await session.channel();
    await publish(topic, 'a');
    const readers = [session.read(subscription), session.read(subscription)];
    await eventually('both streams', () => (emulator.inspect(subscription).consumers === 2 ? true : undefined));
    await eventually('the delivery', () => (readers.some((it) => it.texts.length > 0) ? true : undefined));
    emulator.faults.cutStreams();
    expect(await Promise.all(readers.map((it) => it.end()))).toEqual([status.UNAVAILABLE, status.UNAVAILABLE]);
    expect(emulator.inspect(subscription)).toMatchObject({ outstanding: 1, undelivered: 0, consumers: 0 });
    emulator.faults.expireLeases(subscription);
    await session.read(subscription).atLeast(1);
  });

  test('leases that expire by force are failed deliveries', async () => {
    const { topic, subscription } = await session.channel();
    const [messageId] = await publish(topic, 'a');
    const reader = session.read(subscription);
    for (const count of [1, 2]) {
      await reader.atLeast(count);
      emulator.faults.expireLeases(subscription);
    }
    await reader.atLeast(3);
    expect([...emulator.attempts(subscription)]).toEqual([[messageId, 3]]);
    expect(emulator.inspect(subscription).deliveries).toEqual([1, 1, 1]);
  });

  test('a subscription that is not there is an error', () => {
    expect(() => emulator.faults.set('projects/p/subscriptions/none', {})).toThrow('Resource not found');
    expect(() => emulator.inspect('projects/p/subscriptions/none')).toThrow('Resource not found');
  });
});

describe('exactly-once delivery', () => {
  test('refused ack ids that are too many for an answer are refused without their names, and the connection lives on', async () => {
    const { subscription } = await session.channel({ enableExactlyOnceDelivery: true });
    const ackIds = numbers(3_000);
    await expect(session.subscriber.acknowledge({ subscription, ackIds })).rejects.toThrow(/3000 acknowledgement ids of the request were invalid, too many to be named/);
    await expect(session.subscriber.acknowledge({ subscription, ackIds: ['1'] })).rejects.toMatchObject({ errorInfoMetadata: { 1: 'PERMANENT_FAILURE_INVALID_ACK_ID' } });
  });
});

describe('flow control', () => {
  test('of a backlog, a stream holds its limit and no more; each ack lets one follow', async () => {
    const { topic, subscription } = await session.channel();
    await publish(topic, ...numbers(200));
    const reader = session.read(subscription, { maxOutstandingMessages: 50 });
    for (let held = await reader.atLeast(50); held.length < 200; held = await reader.atLeast(Math.min(200, held.length + 10))) {
      expect(emulator.inspect(subscription).outstanding).toBeLessThanOrEqual(50);
      await session.ack(subscription, ...held.slice(held.length - 10));
    }
    expect(emulator.inspect(subscription).deliveries).toEqual([200]);
  });
});

describe('time', () => {
  test("a stream's ack deadline holds for what comes after it was set", async () => {
    let ahead = 0;
    const early = await startEmulator({ clock: () => Date.now() + ahead });
    const client = new Session(early.address);
    const { topic, subscription } = await client.channel();
    const reader = client.read(subscription, { streamAckDeadlineSeconds: 60, protocolVersion: 1 });
    await publish(topic, 'leased for 60 s');
    await reader.atLeast(1);
    reader.write({ streamAckDeadlineSeconds: 10 });
    reader.write({});
    await reader.find('the answer to the ping', (it) => (it.receivedMessages?.length === 0 ? true : undefined));
    await publish(topic, 'leased for 10 s');
    await reader.atLeast(2);
    ahead = 11_000;
    await publish(topic, 'next');
    await reader.atLeast(4);
    expect(reader.texts.slice(2)).toEqual(['leased for 10 s', 'next']);
    ahead = 61_000;
    await publish(topic, 'last');
    await reader.atLeast(8);
    expect(reader.texts.filter((it) => it === 'leased for 60 s')).toHaveLength(2);
    await client.close();
    await early.close();
  });
});

describe('message ids', () => {
  test('an emulator that starts later does not repeat them', async () => {
    const { topic } = await session.channel();
    const earlier = await publish(topic, ...numbers(3));
    const next = await startEmulator();
    const other = new Session(next.address);
    const { topic: again } = await other.channel();
    const later = await publish(again, ...numbers(3));
    await other.close();
    await next.close();
    expect(new Set([...earlier, ...later]).size).toBe(6);
  });
});

describe('close', () => {
  const open = (): string[] => process.getActiveResourcesInfo().filter((it) => it.startsWith('TCP')).sort();

  test('ends streams and waiting pulls at once, frees the port and leaves nothing open', async () => {
    const before = open();
    const closing = await startEmulator();
    const client = new Session(closing.address);
    const { topic, subscription } = await client.channel();
    await publish(topic, 'a');
    const reader = client.read(subscription);
    await reader.atLeast(1);
    const waiting = client.subscriber.pull({ subscription, maxMessages: 1 }, { retry: null });
    await eventually('the pull', () => (closing.inspect(subscription).consumers === 2 ? true : undefined));
    await Promise.all([closing.close(), expect(waiting).rejects.toMatchObject({ code: status.UNAVAILABLE })]);
    expect(await reader.end()).toBe(status.UNAVAILABLE);
    const successor = await startEmulator({ port: Number(closing.address.split(':')[1]) });
    expect(successor.address).toBe(closing.address);
    await successor.close();
    await client.close();
    await eventually('all sockets to close', () => (open().length === before.length ? true : undefined));
  });

  test('does not wait for a connection that never says a word', async () => {
    const port = Number(emulator.address.split(':')[1]);
    const mute = connect(port, '127.0.0.1');
    mute.on('error', () => undefined);
    await once(mute, 'connect');
    await emulator.close();
    const successor = await startEmulator({ port });
    await successor.close();
    mute.destroy();
  });

  test('a port that is taken is an error that names it', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined); // the gRPC library says it there, too
    await expect(startEmulator({ port: Number(emulator.address.split(':')[1]) })).rejects.toThrow(`cannot listen on ${emulator.address}`);
  });
});
