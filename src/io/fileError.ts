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

/** What the system threw at `doing` (`cannot read events.ndjson`), in words. */
export function fileError(doing: string, thrown: unknown): FileError {
  if (thrown instanceof FileError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const reason = REASONS[code];
  const words = reason === undefined ? (thrown instanceof Error ? thrown.message : String(thrown)) : `${reason} (${code})`;
  return new FileError(`${doing}: ${words}`, { cause: thrown });
}
