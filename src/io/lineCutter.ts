import { isUtf8 } from 'node:buffer';

/** What is kept of a line that is too long, in bytes. */
const KEPT = 64 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** The byte order mark. */
const MARK_CHARACTER = '\uFEFF';
const MARK = Buffer.from(MARK_CHARACTER);

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
 * before its LF, the first 64 KB are handed over. A text line keeps the text of its chunk alive.
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
    lineOfBytes(held, 0, begunBytes, isUtf8(held), out);
    begunBytes = 0;
  };

  /** `bytes` may end before `end` if there are more than `maxBytes`. */
  const lineOfBytes = (bytes: Buffer, start: number, end: number, isText: boolean, out: A[]): void => {
    const length = end - start;
    if (isText && length <= maxBytes) {
      const text = bytes.toString('utf8', start, end);
      lineOfText(text, 0, text.length, out);
      return;
    }
    number += 1;
    const first = number === 1 && bytes.subarray(start, start + MARK.length).equals(MARK) ? start + MARK.length : start;
    if (length > maxBytes) {
      out.push(onLine(Buffer.from(bytes.subarray(first, start + Math.min(KEPT, maxBytes))), number, length));
    } else {
      out.push(onLine(Buffer.from(bytes.subarray(first, bytes[end - 1] === CR ? end - 1 : end)), number));
    }
  };

  const lineOfText = (text: string, start: number, end: number, out: A[]): void => {
    number += 1;
    const first = number === 1 && text.startsWith(MARK_CHARACTER, start) ? start + 1 : start;
    const line = text.slice(first, text.charCodeAt(end - 1) === CR ? end - 1 : end);
    if (line.charCodeAt(0) > SPACE || !BLANK.test(line)) out.push(onLine(line, number));
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
        const last = chunk.lastIndexOf(LF);
        const isText = isUtf8(chunk.subarray(start, last));
        if (isText && last - start <= maxBytes) {
          // Slices share the memory of the whole text: nothing for the garbage collector to copy.
          const text = chunk.toString('utf8', start, last + 1);
          for (let from = 0, to = text.indexOf('\n'); to !== -1; from = to + 1, to = text.indexOf('\n', from)) {
            lineOfText(text, from, to, out);
          }
        } else {
          for (; end !== -1; start = end + 1, end = chunk.indexOf(LF, start)) {
            lineOfBytes(chunk, start, end, isText || isUtf8(chunk.subarray(start, end)), out);
          }
        }
        start = last + 1;
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
