import { wrong } from './shape.js';

const TAB = 0x09;
const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;

/** So many digits are a whole number that is exact. */
const EXACT_DIGITS = 15;

/**
 * Reads a JSON text of lists, numbers and strings where it stands, member by member. Of a large state most is
 * numbers: `JSON.parse` would make lists of them that nobody wants. A member's comma is read with it.
 *
 * Errors: a `Malformed` where something else stands than was asked for.
 */
export class Scanner {
  /** @param end behind the last byte that belongs to it */
  constructor(
    private readonly bytes: Buffer,
    private at: number,
    private readonly end: number,
  ) {}

  open(): void {
    if (this.bytes[this.at] !== OPEN) wrong('a list', this.shown());
    this.at += 1;
  }

  close(): void {
    if (this.bytes[this.at] !== CLOSE) wrong('the end of a list', this.shown());
    this.at += 1;
    this.skipComma();
  }

  /** A list whose members `read` takes. */
  list<T>(read: (scanner: Scanner) => T): readonly T[] {
    this.open();
    const members: T[] = [];
    while (this.at < this.end && this.bytes[this.at] !== CLOSE) members.push(read(this));
    this.close();
    return members;
  }

  number(): number {
    const { bytes, at: start } = this;
    let at = start;
    let value = 0;
    for (let code = bytes[at] ?? 0; code >= ZERO && code <= NINE; code = bytes[at] ?? 0) {
      value = 10 * value + code - ZERO;
      at += 1;
    }
    const isPlain = at > start && at - start <= EXACT_DIGITS && (bytes[at] === COMMA || bytes[at] === CLOSE);
    if (!isPlain) return this.anyNumber();
    this.at = at;
    this.skipComma();
    return value;
  }

  /** Written as 1 and 0. */
  flag(): boolean {
    const value = this.number();
    return value === 1 || value === 0 ? value === 1 : wrong('1 or 0', value);
  }

  /** One of a few words, written as its place among them. */
  word<W>(words: readonly W[]): W {
    const place = this.number();
    return words[place] ?? wrong(`a number below ${words.length}`, place);
  }

  string(): string {
    const start = this.at;
    if (this.bytes[start] !== QUOTE) wrong('a string', this.shown());
    const end = endOfString(this.bytes, start + 1, this.end);
    this.at = end + 1;
    this.skipComma();
    return stringAt(this.bytes, start + 1, end);
  }

  /** The value that comes next, as it stands: up to the end of the text, of which `behind` bytes follow. */
  rest(behind: number): string {
    return this.bytes.toString('utf8', this.at, this.end - behind);
  }

  /** What stands behind each tab; nothing but those may follow. */
  tabbed(): readonly string[] {
    const parts: string[] = [];
    while (this.at < this.end) {
      if (this.bytes[this.at] !== TAB) wrong('a tab', this.shown());
      const from = this.at + 1;
      const to = this.bytes.indexOf(TAB, from);
      this.at = to < 0 || to > this.end ? this.end : to;
      parts.push(this.bytes.toString('utf8', from, this.at));
    }
    return parts;
  }

  /** With a fraction, an exponent or a sign. */
  private anyNumber(): number {
    let end = this.at;
    while (end < this.end && this.bytes[end] !== COMMA && this.bytes[end] !== CLOSE) end += 1;
    const text = this.bytes.toString('latin1', this.at, end);
    const value = JSON_NUMBER.test(text) ? Number(text) : wrong('a number', text);
    this.at = end;
    this.skipComma();
    return value;
  }

  private skipComma(): void {
    if (this.bytes[this.at] === COMMA) this.at += 1;
  }

  private shown(): string {
    return this.bytes.toString('latin1', this.at, Math.min(this.at + 1, this.end));
  }
}

const JSON_NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

/** Of the closing quote of a string that begins at `start`. */
export const endOfString = (bytes: Buffer, start: number, end: number): number => {
  for (let at = start; at < end; at += 1) {
    const code = bytes[at];
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return wrong('the end of a string', bytes.toString('latin1', start, start + 1));
};

/** What JSON has written between quotes. */
export const stringAt = (bytes: Buffer, start: number, end: number): string => {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\\') ? asText(JSON.parse(`"${text}"`)) : text;
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : wrong('a string', value));
