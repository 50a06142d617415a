import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as t from 'io-ts';
import { reasonOf } from '../model/reasonOf.js';
import type { KeptLetter } from '../model/keptLetter.js';
import type { DeadLetters } from '../redrive/ports.js';
import { FileError, fileError, systemCode } from './fileError.js';
import { lineCutter } from './lineCutter.js';
import { ndjsonMessage } from './ndjsonMessage.js';

const MIB = 1024 * 1024;

/** A dead letter of the largest message, its bytes as text. */
const MAX_LINE = 64 * MIB;

const CHUNK = 256 * 1024;

const Line = t.type({ reason: t.string });

/**
 * The dead letters of a file, as a run writes them.
 *
 * *Back pressure*: the lines of a chunk (256 KB) are handed over, and no more is read until they are taken.
 *
 * *Delivery guarantee*: every line once, in order.
 *
 * *On failure*: a `FileError` that names the file, and the line where it holds what is no dead letter.
 */
export const fileDeadLetters = (path: string): DeadLetters => ({
  async read(take, isStopped) {
    const lines = lineCutter(MAX_LINE, (line, number) => keptLetter(path, line, number));
    const handOver = async (letters: readonly KeptLetter[]): Promise<void> => {
      if (letters.length > 0 && !isStopped()) await take(letters);
    };
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
        const bytes: unknown = chunk;
        if (Buffer.isBuffer(bytes)) await handOver(lines.push(bytes));
        if (isStopped()) return;
      }
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') throw new FileError(`cannot read ${path}: there is no such file; a topic needs --kafka_brokers`, { cause: thrown });
      throw systemCode(thrown) === undefined ? thrown : fileError(`cannot read ${path}`, thrown);
    }
    await handOver(lines.end());
  },
});

const keptLetter = (path: string, line: string | Buffer, number: number): KeptLetter => {
  const json = typeof line === 'string' ? parsed(line) : undefined;
  const reason = Line.is(json) ? reasonOf(json.reason) : undefined;
  if (typeof line !== 'string' || reason === undefined) {
    const found = Line.is(json) ? `its reason is "${json.reason}"` : 'it has no reason';
    throw new FileError(`${path} is no file of dead letters: line ${number} is none, for ${found}`);
  }
  const { id, publishTime, attributes, body, oversize } = ndjsonMessage(line, number);
  return {
    // A file that was written anew has other lines.
    place: `${number}@${createHash('sha256').update(line).digest('hex').slice(0, 16)}`,
    reason,
    since: publishTime,
    message: { id, publishTime, attributes, body },
    truncated: oversize !== undefined,
  };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
