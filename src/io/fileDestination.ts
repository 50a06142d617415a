import { envelopeLine } from '../model/envelope.js';
import type { Destination } from '../redrive/ports.js';
import { AppendedFile } from './appendedFile.js';
import { FileError } from './fileError.js';
import { fileIdentity } from './fileIdentity.js';
import { OutputFile } from './outputFile.js';

/**
 * A file, or stdout (`-`), that redriven messages go to as envelopes, one a line: a run reads it as `--input`. A file
 * that is there already grows, so that what a redrive has written is lost to none that comes after it.
 *
 * *Back pressure*: one write at a time. *Delivery guarantee*: a file is synced before a piece counts as sent; what was
 * written to stdout is with the system. *On failure*: a `FileError`; `from`, which is being read, is refused.
 */
export function fileDestination(path: string, from: string | undefined): Destination {
  const isStdout = path === '-';
  const stdout = new OutputFile(path);
  const file = new AppendedFile(path);
  return {
    async open() {
      if (isStdout) return stdout.open(new Map());
      const identity = await fileIdentity(path, 1);
      if (from !== undefined && identity !== undefined && identity === (await fileIdentity(from, 0))) {
        throw new FileError(`cannot write ${path}: it is the file of the dead letters`);
      }
      return file.open();
    },
    send(messages) {
      const text = messages.map(({ message }) => `${envelopeLine(message)}\n`).join('');
      return isStdout ? stdout.write(text) : file.append(text);
    },
    close: () => (isStdout ? stdout.close() : file.close()),
  };
}
