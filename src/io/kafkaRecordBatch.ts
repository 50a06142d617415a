import { crc32c } from './crc32c.js';

/** A record as it is written: its values as UTF-8 or as they are. */
export interface PlainRecord {
  readonly key?: string | Buffer | null | undefined;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer>> | undefined;
}

/** Who writes a batch. -1 stands for none. */
export interface BatchProducer {
  readonly id: bigint;
  readonly epoch: number;
  /** Of the first record; the broker refuses what does not follow what it has. */
  readonly firstSequence: number;
  readonly isTransactional: boolean;
}

/** Base offset, length, leader epoch, magic, CRC, attributes, last offset delta, two timestamps, producer id and epoch, base sequence, count. */
const HEADER = 61;
/** Base offset and length: what the length does not count. */
const BEFORE_LENGTH = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
/** The CRC covers all from here on. */
const ATTRIBUTES_AT = 21;

const MAGIC = 2;
const TRANSACTIONAL = 0x10;

/**
 * A record batch of magic 2, not compressed, whose records all have the timestamp `now` (ms).
 *
 * Source: https://kafka.apache.org/documentation/#recordbatch
 */
export const recordBatch = (records: readonly PlainRecord[], { id, epoch, firstSequence, isTransactional }: BatchProducer, now: number): Buffer => {
  const bodies = records.map(bodySize);
  const size = bodies.reduce((sum, body) => sum + varintSize(body) + body, HEADER);
  const batch = Buffer.allocUnsafe(size);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(size - BEFORE_LENGTH, 8);
  batch.writeInt32BE(0, BEFORE_LENGTH);
  batch.writeInt8(MAGIC, MAGIC_AT);
  batch.writeInt16BE(isTransactional ? TRANSACTIONAL : 0, ATTRIBUTES_AT);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(now), 27);
  batch.writeBigInt64BE(BigInt(now), 35);
  batch.writeBigInt64BE(id, 43);
  batch.writeInt16BE(epoch, 51);
  batch.writeInt32BE(firstSequence, 53);
  batch.writeInt32BE(records.length, 57);
  let at = HEADER;
  records.forEach(({ key, value, headers = {} }, place) => {
    at = writeVarint(batch, bodies[place] ?? 0, at);
    // Neither attributes nor a difference to the timestamp of the batch.
    batch[at] = 0;
    batch[at + 1] = 0;
    at = writeVarint(batch, place, at + 2);
    at = writeBytes(batch, key, at);
    at = writeBytes(batch, value, at);
    const names = Object.keys(headers);
    at = writeVarint(batch, names.length, at);
    for (const name of names) at = writeBytes(batch, headers[name], writeBytes(batch, name, at));
  });
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES_AT), CRC_AT);
  return batch;
};

/** Without the length that stands before it. */
const bodySize = ({ key, value, headers = {} }: PlainRecord, place: number): number => {
  const names = Object.keys(headers);
  let size = 2 + varintSize(place) + bytesSize(key) + bytesSize(value) + varintSize(names.length);
  for (const name of names) size += bytesSize(name) + bytesSize(headers[name]);
  return size;
};

/** With their length before them, or -1 where there are none. */
const bytesSize = (bytes: string | Buffer | null | undefined): number => {
  if (bytes === null || bytes === undefined) return varintSize(-1);
  const length = Buffer.byteLength(bytes);
  return varintSize(length) + length;
};

const writeBytes = (batch: Buffer, bytes: string | Buffer | null | undefined, at: number): number => {
  if (bytes === null || bytes === undefined) return writeVarint(batch, -1, at);
  const from = writeVarint(batch, Buffer.byteLength(bytes), at);
  return from + (typeof bytes === 'string' ? batch.write(bytes, from) : bytes.copy(batch, from));
};

/** A varint of Kafka: zigzag, seven bits a byte, the lowest first. */
const varintSize = (value: number): number => {
  let left = zigzag(value);
  let size = 1;
  for (; left > 0x7f; left >>>= 7) size += 1;
  return size;
};

const writeVarint = (batch: Buffer, value: number, start: number): number => {
  let left = zigzag(value);
  let at = start;
  for (; left > 0x7f; left >>>= 7) batch[at++] = (left & 0x7f) | 0x80;
  batch[at] = left;
  return at + 1;
};

const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
