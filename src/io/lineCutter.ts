import { isUtf8 } from 'node:buffer';

/** What is kept of a line that is too long, in bytes. */
const KEPT = 64 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** JSON's white space and nothing else: any other invisible line is somebody's mistake, and is to be told. */
const BLANK = /^[ \t\r]*$/;

/**
 * Takes one line, without its end: its text, or its bytes where they are not UTF-8. `number` counts
 * all lines from 1, blank ones too. With `oversize`, the length of the line in bytes, it is only the
 * beginning of it.
 */
export type OnLine<A> = (line: string | Buffer, number: number, oversize?: number) => A;

export interface LineCutter<A> {
  /** What came of the lines that ended in this chunk. The chunk may be reused afterwards. */
  push(chunk: Buffer): A[];
  /** What came of a last line without an end. */
  end(): A[];
}

/**
 * Cuts chunks of bytes into lines. Lines end with LF or CR LF; blank ones are skipped; a byte order
 * mark at the very beginning is dropped. Where the chunks begin and end makes no difference.
 *
 * Memory: the line that has begun, up to `maxBytes` of it. Of a line with more bytes than that
 * before its LF, the first 64 KB are handed over.
 *
 * Time: whether the bytes are UTF-8 is asked once per chunk, and line by line only where they are not.
 */
export function lineCutter<A>(maxBytes: number, onLine: OnLine<A>): LineCutter<A> {
  /** The beginning of a line whose end has not come yet. */
  let begun = Buffer.allocUnsafe(KEPT);
  let begunBytes = 0;
  let number = 0;

  const begin = (piece: Buffer): void => {
    const room = maxBytes - begunBytes;
    if (room > 0) {
      const wanted = begunBytes + Math.min(piece.length, room);
      if (wanted > begun.length) {
        const grown = Buffer.allocUnsafe(Math.max(wanted, Math.min(2 * begun.length, maxBytes)));
        begun.copy(grown, 0, 0, begunBytes);
        begun = grown;
      }
      piece.copy(begun, begunBytes, 0, room);
    }
    begunBytes += piece.length;
  };

  const finishBegun = (out: A[]): void => {
    const held = begun.subarray(0, Math.min(begunBytes, maxBytes));
    line(held, 0, begunBytes, isUtf8(held), out);
    begunBytes = 0;
  };

  const line = (bytes: Buffer, start: number, end: number, isText: boolean, out: A[]): void => {
    number += 1;
    const length = end - start;
    const kept = start + Math.min(KEPT, maxBytes);
    if (number === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    if (length > maxBytes) {
      out.push(onLine(Buffer.from(bytes.subarray(start, kept)), number, length));
      return;
    }
    if (end > start && bytes[end - 1] === CR) end -= 1;
    if (end === start) return;
    if (isText) {
      const text = bytes.toString('utf8', start, end);
      if ((bytes[start] ?? 0) > SPACE || !BLANK.test(text)) out.push(onLine(text, number));
    } else {
      out.push(onLine(Buffer.from(bytes.subarray(start, end)), number));
    }
  };

  return {
    push(chunk) {
      const out: A[] = [];
      let end = chunk.indexOf(LF);
      let start = 0;
      if (end !== -1 && begunBytes > 0) {
        begin(chunk.subarray(0, end));
        finishBegun(out);
        start = end + 1;
        end = chunk.indexOf(LF, start);
      }
      if (end !== -1) {
        const isText = isUtf8(chunk.subarray(start, chunk.lastIndexOf(LF)));
        for (; end !== -1; start = end + 1, end = chunk.indexOf(LF, start)) {
          line(chunk, start, end, isText || isUtf8(chunk.subarray(start, end)), out);
        }
      }
      begin(chunk.subarray(start));
      return out;
    },
    end() {
      const out: A[] = [];
      if (begunBytes > 0) finishBegun(out);
      return out;
    },
  };
}
