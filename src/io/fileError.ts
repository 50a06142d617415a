import * as t from 'io-ts';

/**
 * A file could not be read or written. It is `fatal`: nothing is mended by asking again, since a
 * write may have left half a line behind.
 */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly fatal = true;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EPIPE: 'nobody reads it any more',
};

const Thrown = t.partial({ code: t.string, message: t.string });

const OfSystem = t.type({ code: t.string, syscall: t.string });

/** Whether the system refused something to do with files, and with which code, or somebody else threw. */
export const systemCode = (thrown: unknown): string | undefined => (OfSystem.is(thrown) ? thrown.code : undefined);

/** What the system threw at `doing` (`cannot read events.ndjson`), in words. */
export function fileError(doing: string, thrown: unknown): FileError {
  if (thrown instanceof FileError) return thrown;
  const { code = '', message = String(thrown) } = Thrown.is(thrown) ? thrown : {};
  const reason = REASONS[code];
  return new FileError(`${doing}: ${reason === undefined ? message : `${reason} (${code})`}`, { cause: thrown });
}
