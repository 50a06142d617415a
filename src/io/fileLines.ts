import { createReadStream } from 'node:fs';
import { from, type Observable } from 'rxjs';
import { fileError } from './fileError.js';
import { lineCutter, type OnLine } from './lineCutter.js';

const MAX_LINE_BYTES = 10 * 1024 * 1024;

/**
 * What comes of the lines of a file (`-`: stdin), as many at a time as a chunk has.
 *
 * *Back pressure*: a chunk is read when the lines of the last one were taken.
 *
 * *Delivery guarantee*: every line that is not blank once, in order; of one of more than 10 MiB the first 64 KB.
 *
 * *On failure*: a `FileError`.
 */
export const fileLines = <A>(path: string, onLine: OnLine<A>): Observable<readonly A[]> => from(chunksOf(path, onLine));

async function* chunksOf<A>(path: string, onLine: OnLine<A>): AsyncGenerator<readonly A[]> {
  const lines = lineCutter(MAX_LINE_BYTES, onLine);
  try {
    const chunks: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
    for await (const chunk of chunks) yield lines.push(chunk);
  } catch (thrown) {
    throw fileError(`cannot read ${path === '-' ? 'stdin' : path}`, thrown);
  }
  yield lines.end();
}
