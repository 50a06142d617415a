import { readFileSync } from 'node:fs';
import type { protos } from '@google-cloud/pubsub';
import { Kafka, logLevel, type Message } from 'kafkajs';
import '../../src/io/kafkaIdle.js';
import { subscriberClient } from '../../src/io/pubsubClients.js';
import { pullStub } from '../../src/io/pubsubStream.js';
import { tell } from '../measure.js';
import { Window } from './window.js';
import { Written } from './written.js';

/**
 * The rival: the same two clients in one loop that does nothing with a message. It writes as many
 * records as the pipeline does for as many messages, of the same size, with the same keys and headers,
 * and as many bytes to a changelog, in transactions of the same interval; then it acks. Prints what the
 * measured window cost. Arguments: messages, subscription, broker, result topic, changelog topic, a
 * file that says what the pipeline has written.
 */

const MOST_MESSAGES = 10_000;
const COMMIT_INTERVAL = 1_000;
const RECORDS_A_SEND = 500;
const CHANGELOG_RECORD = Buffer.alloc(480_000, 'x');
const ACKS_A_REQUEST = 2_500;

const [count = '', subscription = '', broker = '', topic = '', changelog = '', path = ''] = process.argv.slice(2);
const decoded = Written.decode(JSON.parse(readFileSync(path, 'utf8')));
if (decoded._tag === 'Left') throw new Error(`${path} does not say what was written`);
const { resultsPerMessage, changelogBytesPerMessage, records } = decoded.right;

const client = await subscriberClient(subscription, {});
const stub = await pullStub(client);
const producer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).producer({
  transactionalId: `bare-${process.pid}`,
  idempotent: true,
  maxInFlightRequests: 1,
  transactionTimeout: 30_000,
  retry: { initialRetryTime: 5, maxRetryTime: 1_000, retries: 40 },
  createPartitioner: () => ({ message }) => message.partition ?? 0,
});
await producer.connect();

let owedResults = 0;
let written = 0;
/** The results due for so many more messages, by partition. */
const resultsFor = (messages: number): Message[][] => {
  const partitions: Message[][] = [];
  owedResults += messages * resultsPerMessage;
  for (; written < Math.floor(owedResults); written += 1) {
    const { partition, key, value, headers } = records[written % records.length]!;
    (partitions[partition] ??= []).push({ key, value, headers, partition });
  }
  return partitions.filter(Boolean);
};

const changelogFor = (messages: number): Message[] => {
  const parts: Message[] = [];
  for (let left = Math.round(messages * changelogBytesPerMessage); left > 0; left -= CHANGELOG_RECORD.length) {
    const headers = { format: '1', owner: 'bare', epoch: '1', part: '1/1', crc32: '00000000' };
    parts.push({ key: 'epoch', value: CHANGELOG_RECORD.subarray(0, Math.min(left, CHANGELOG_RECORD.length)), headers, partition: 0 });
  }
  return parts;
};

const commit = async (messages: number): Promise<void> => {
  const transaction = await producer.transaction();
  const sendAll = async (to: string, all: Message[], atOnce: number): Promise<void> => {
    for (let at = 0; at < all.length; at += atOnce) await transaction.send({ topic: to, messages: all.slice(at, at + atOnce) });
  };
  await Promise.all([...resultsFor(messages).map((it) => sendAll(topic, it, RECORDS_A_SEND)), sendAll(changelog, changelogFor(messages), 1)]);
  await transaction.commit();
};

const ack = async (ackIds: readonly string[]): Promise<void> => {
  for (let at = 0; at < ackIds.length; at += ACKS_A_REQUEST) await client.acknowledge({ subscription, ackIds: ackIds.slice(at, at + ACKS_A_REQUEST) });
};

const total = Number(count);
const window = new Window(total);
let waiting: string[] = [];
let committed = 0;
let inFlight = 0;
let acked = 0;
let cutAt = performance.now();
let isDone = false;

const cutWhenDue = (): void => {
  if (inFlight > 0 || waiting.length === 0 || (waiting.length < MOST_MESSAGES && performance.now() - cutAt < COMMIT_INTERVAL)) return;
  const ackIds = waiting.slice(0, MOST_MESSAGES);
  waiting = waiting.slice(MOST_MESSAGES);
  inFlight = ackIds.length;
  cutAt = performance.now();
  commit(ackIds.length).then(() => {
    committed += ackIds.length;
    inFlight = 0;
    cutWhenDue();
    if (!isDone) {
      const cost = window.committed(committed + inFlight + Math.min(waiting.length, MOST_MESSAGES));
      if (cost) tell(cost);
      isDone = cost !== undefined;
    }
    return ack(ackIds);
  }).then(() => {
    acked += ackIds.length;
    if (acked >= total) process.exit();
  }, (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
};

const call = stub.streamingPull();
call.on('data', ({ receivedMessages }: protos.google.pubsub.v1.IStreamingPullResponse) => {
  for (const { ackId } of receivedMessages ?? []) waiting.push(ackId ?? '');
  cutWhenDue();
});
call.write({ subscription, clientId: `bare-${process.pid}`, streamAckDeadlineSeconds: 30, maxOutstandingMessages: 30_000, maxOutstandingBytes: 256 * 1024 * 1024 });
setInterval(cutWhenDue, 50);
