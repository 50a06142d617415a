import * as t from 'io-ts';
import type { Millis } from '../../operators/index.js';
import { FORMAT, frame, type ChangelogRecord } from './changelogRecord.js';
import { Malformed } from './shape.js';

const OwnerCodec = t.type({ instance: t.string, takeover: t.number, startedAt: t.number, host: t.string, pid: t.number }, 'an owner');

/** An instance that has taken the changelog over: from here on only its records count. */
export interface Owner {
  /** Another one for every process. */
  readonly instance: string;
  /** How often this instance has taken it over: 1, 2, … With `instance` it tells this record from every other. */
  readonly takeover: number;
  /** By the wall clock. */
  readonly startedAt: Millis;
  /** Where it runs. */
  readonly host: string;
  readonly pid: number;
}

export const ownerRecord = ({ instance, takeover, startedAt, host, pid }: Owner): ChangelogRecord =>
  frame({ kind: 'owner', format: FORMAT, owner: instance, epoch: 0, part: 1, parts: 1 }, Buffer.from(JSON.stringify({ instance, takeover, startedAt, host, pid })));

/** Throws `Malformed` where it has another shape. */
export const ownerOf = (value: Buffer): Owner => {
  const written: unknown = JSON.parse(value.toString());
  if (!OwnerCodec.is(written)) throw new Malformed('the record of an owner is not as it should be');
  return written;
};
