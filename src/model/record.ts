import { createHash } from 'node:crypto';

/** What goes out to a topic, before anything is known about partitions. */
export interface OutRecord {
  readonly key: string | null;
  readonly value: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** What its partition follows from: the key, else the message id, else the body. */
  readonly placement: string | Buffer;
}

/** The part of an oversized body that is kept, in bytes. */
const KEPT = 64 * 1024;

/** Lengths, offset and time of a record, and lengths of a header, at their widest in Kafka's record format. */
const RECORD_OVERHEAD = 40;
const HEADER_OVERHEAD = 10;

/** Bytes the record takes on the wire, uncompressed; at most a few too many. */
export function recordBytes({ key, value, headers }: OutRecord): number {
  let bytes = RECORD_OVERHEAD + Buffer.byteLength(value) + (key === null ? 0 : Buffer.byteLength(key));
  for (const name in headers) bytes += headerBytes(name, headers[name] ?? '');
  return bytes;
}

const headerBytes = (name: string, value: string): number => HEADER_OVERHEAD + Buffer.byteLength(name) + Buffer.byteLength(value);

/**
 * The record if it takes at most `limit` bytes, else what of it fits: the first 64 KB of the body,
 * the headers that fit, in their order, and a header `truncated` with length and SHA-256 of the
 * whole body: `{"bytes":10485760,"sha256":"…"}`. A record that has such a header keeps its own, for
 * it knows of more. No record may ever stand in the way of a commit, so a key that is itself
 * oversized goes too.
 */
export function fitted(record: OutRecord, limit: number): OutRecord {
  if (recordBytes(record) <= limit) return record;
  const share = Math.floor(limit / 4);
  const body = Buffer.from(record.value);
  const headers: Record<string, string> = {
    truncated: JSON.stringify({ bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }),
  };
  let left = share;
  for (const [name, value] of Object.entries(record.headers)) {
    const bytes = headerBytes(name, value);
    if (bytes > left) continue;
    headers[name] = value;
    left -= bytes;
  }
  return {
    key: record.key !== null && Buffer.byteLength(record.key) <= share ? record.key : null,
    value: body.subarray(0, Math.min(KEPT, share)),
    headers,
    placement: record.placement,
  };
}
