import { crc32 } from 'node:zlib';
import { ChangelogRefusal } from './changelogRefusal.js';

/** A record to be written. */
export interface ChangelogRecord {
  readonly key: RecordKind;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as it was read. */
export interface StoredRecord {
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** `owner`: an instance has taken the changelog over. `epoch`: what one commit changed. */
export type RecordKind = 'owner' | 'epoch';

/** What the headers of a record say. */
export interface Framed {
  readonly kind: RecordKind;
  readonly format: number;
  /** The instance that wrote it. */
  readonly owner: string;
  /** 0 in the record of an owner. */
  readonly epoch: number;
  /** From 1 to `parts`. */
  readonly part: number;
  readonly parts: number;
}

/** The format that is written; the reader knows the older ones, too. */
export const FORMAT = 2;

export const frame = (framed: Framed, value: Buffer): ChangelogRecord => {
  const headers = { format: `${framed.format}`, owner: framed.owner, epoch: `${framed.epoch}`, part: `${framed.part}/${framed.parts}` };
  return { key: framed.kind, value, headers: { ...headers, crc32: checksum(framed.kind, headers, value) } };
};

/** Checks a record from outside in: its format, then its checksum (of headers, key and value), then its kind. Throws a {@link ChangelogRefusal}. */
export const unframe = ({ offset, key, value, headers }: StoredRecord): Framed => {
  const { format = '', owner = '', epoch = '', part = '', crc32: written } = headers;
  const refuse = (fault: ChangelogRefusal['fault'], found: string): never => {
    throw new ChangelogRefusal(fault, offset, found);
  };
  if (!COUNT.test(format)) refuse('corrupt', 'stands a record without a format version');
  if (Number(format) > FORMAT) refuse('newer_format', `stands a record of format ${format}; this version knows no format after ${FORMAT}`);
  if (written !== checksum(key, { format, owner, epoch, part }, value)) refuse('corrupt', `stands a record of epoch ${epoch} that does not match its checksum`);
  const [, number, of] = PART.exec(part) ?? [];
  if (!COUNT.test(epoch) || number === undefined || of === undefined) return refuse('corrupt', `stands a record of epoch "${epoch}", part "${part}"`);
  if (key !== 'owner' && key !== 'epoch') return refuse('unknown_kind', `stands a record of the kind ${JSON.stringify(key)}`);
  return { kind: key, format: Number(format), owner, epoch: Number(epoch), part: Number(number), parts: Number(of) };
};

const COUNT = /^\d{1,15}$/;
const PART = /^([1-9]\d{0,8})\/([1-9]\d{0,8})$/;

/** Of the headers too: a record in another place is as wrong as one with other content. */
const checksum = (key: string | null, { format, owner, epoch, part }: Readonly<Record<'format' | 'owner' | 'epoch' | 'part', string>>, value: Buffer): string =>
  crc32(value, crc32(JSON.stringify([key, format, owner, epoch, part]))).toString(16).padStart(8, '0');
