import Encoder from 'kafkajs/src/protocol/encoder.js';
import produce, { type ProduceArguments, type ProducedRecord } from 'kafkajs/src/protocol/requests/produce/index.js';
import { recordBatch } from './kafkaRecordBatch.js';

/*
 * kafkajs 2.2.4 gives every record and each of its headers a buffer of its own, and every length in
 * them an array and one more buffer: of all that became of a message here, that took the most time. So
 * the records of a Produce request are written in one pass, to the same bytes. What this program does
 * not send (compressed batches, records with a timestamp, headers with several values) kafkajs goes on
 * writing.
 */
const { protocol } = produce;
produce.protocol = ({ version }) => {
  const original = protocol({ version });
  return (args) => {
    const call = original(args);
    if (version < FIRST_VERSION || !isPlain(args)) return call;
    return { ...call, request: { ...call.request, encode: () => Promise.resolve(bodyOf(args, Date.now())) } };
  };
};

/** From this version on a request has record batches; up to the last that kafkajs knows they are the same. */
const FIRST_VERSION = 3;

const isPlain = ({ compression, topicData }: ProduceArguments): boolean =>
  compression === 0 && topicData.every(({ partitions }) => partitions.every(({ messages }) => messages.every(isPlainRecord)));

const isPlainRecord = ({ timestamp, headers }: ProducedRecord): boolean => {
  if ((timestamp ?? undefined) !== undefined) return false;
  for (const name in headers) if (typeof headers[name] !== 'string' && !Buffer.isBuffer(headers[name])) return false;
  return true;
};

const bodyOf = ({ transactionalId, acks, timeout, producerId, producerEpoch, topicData }: ProduceArguments, now: number): Encoder => {
  const isTransactional = Boolean(transactionalId);
  const body = new Encoder().writeString(transactionalId).writeInt16(acks).writeInt32(timeout).writeInt32(topicData.length);
  for (const { topic, partitions } of topicData) {
    body.writeString(topic).writeInt32(partitions.length);
    for (const { partition, firstSequence, messages } of partitions) {
      const batch = recordBatch(messages, { id: BigInt(producerId), epoch: producerEpoch, firstSequence, isTransactional }, now);
      body.writeInt32(partition).writeInt32(batch.length).writeBuffer(batch);
    }
  }
  return body;
};
