import { endOfString, Scanner, stringAt } from './scanner.js';

/** So many kinds of lines there are at most, from 0. */
const KINDS = 3;

/** Positions are counted through all texts, so many for each: none is longer. */
const SPAN = 2 ** 28;

/** The outdated ones are let go when they take twice the room of the others, and more than this, in bytes. */
const LEAST_OUTDATED = 64 * 1024 * 1024;

/** Of the texts that lines are copied to. */
const COPY_BYTES = 16 * 1024 * 1024;

const QUOTE = '"'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const CLOSE = ']'.charCodeAt(0);

/** What is known of a key, as numbers in a row: where it stands, its length, its hash; then of each kind where the value stands and its length, 0 if there is none. */
const [KEY_AT, KEY_LENGTH, HASH, VALUES] = [0, 1, 2, 3];
const ROW = VALUES + 2 * KINDS;

/**
 * The last line of each kind for each key. A line is `"key",value`, or ends behind its key: then there is none
 * any more. Most lines are outdated by later ones, so they stay bytes, where they stand, and nothing is made of
 * one before it is asked for: a table of positions by the bytes of the keys takes no object a line.
 *
 * State: the texts that lines stand in, and about 100 bytes a key. Time: O(1) a byte of a key.
 */
export class LastLines {
  private readonly texts: Buffer[] = [];
  private textBytes = 0;
  private lineBytes = 0;

  private rows = new Float64Array(ROW * 2 ** 10);
  private keys = 0;
  /** The key after that of the last line. */
  private expected = 0;
  /** Numbers of keys from 1, by hash; 0: none. At least twice as long as there are keys. */
  private table = new Int32Array(2 ** 10);
  /** Keys as texts, once somebody has asked for them. */
  private readonly names: string[] = [];

  /** Too much is kept for the sake of outdated lines. */
  get isWasteful(): boolean {
    return this.textBytes > LEAST_OUTDATED + 3 * this.lineBytes;
  }

  /** The lines that follow stand in this text, which is kept. */
  within(text: Buffer): void {
    this.texts.push(text);
    this.textBytes += text.length;
  }

  /** @param from of the key, behind its opening quote */
  set(kind: number, from: number, to: number): void {
    const text = this.texts[this.texts.length - 1] ?? NOTHING;
    const keyTo = endOfString(text, from, to);
    const key = this.keyAt(text, from, keyTo);
    this.expected = key + 1;
    const place = ROW * key + VALUES + 2 * kind;
    const length = text[keyTo + 1] === CLOSE ? 0 : to - keyTo - 2;
    this.lineBytes += length - this.cell(place + 1);
    this.rows[place] = this.position(keyTo + 2);
    this.rows[place + 1] = length;
  }

  /** Every key that has a line of this kind, with what is read of its value. */
  *all<T>(kind: number, read: (value: Scanner) => T): Generator<readonly [string, T], void> {
    for (let key = 0; key < this.keys; key += 1) {
      const place = ROW * key + VALUES + 2 * kind;
      const length = this.cell(place + 1);
      if (length === 0) continue;
      const position = this.cell(place);
      const at = position % SPAN;
      yield [this.name(key), read(new Scanner(this.textAt(position), at, at + length))];
    }
  }

  /** The same lines, and nothing else. */
  compacted(): LastLines {
    const copy = new LastLines();
    let target = NOTHING;
    let to = 0;
    for (let key = 0; key < this.keys; key += 1) {
      const row = ROW * key;
      for (let kind = 0; kind < KINDS; kind += 1) {
        const value = row + VALUES + 2 * kind;
        if (this.cell(value + 1) === 0) continue;
        const size = this.cell(row + KEY_LENGTH) + 2 + this.cell(value + 1);
        if (to + size > target.length) {
          target = Buffer.allocUnsafeSlow(Math.max(size, COPY_BYTES));
          copy.within(target);
          to = 0;
        }
        const from = to;
        to = this.copyTo(target, to, row);
        target[to] = QUOTE;
        target[to + 1] = COMMA;
        to = this.copyTo(target, to + 2, value);
        copy.set(kind, from, to);
      }
    }
    return copy;
  }

  /** What stands where two cells say; returns where it ends. */
  private copyTo(target: Buffer, to: number, place: number): number {
    const position = this.cell(place);
    const at = position % SPAN;
    return to + this.textAt(position).copy(target, to, at, at + this.cell(place + 1));
  }

  private name(key: number): string {
    const known = this.names[key];
    if (known !== undefined) return known;
    const position = this.cell(ROW * key + KEY_AT);
    const at = position % SPAN;
    const name = stringAt(this.textAt(position), at, at + this.cell(ROW * key + KEY_LENGTH));
    this.names[key] = name;
    return name;
  }

  /** The number of the key that stands there, in the text that was named last. */
  private keyAt(text: Buffer, from: number, to: number): number {
    // Lines often come in the order of earlier ones: those of one kind after those of another, and all in a walk through the whole state.
    if (this.isKey(this.expected, text, from, to)) return this.expected;
    const hash = hashOf(text, from, to);
    const mask = this.table.length - 1;
    let slot = hash & mask;
    for (let key = this.table[slot] ?? 0; key > 0; key = this.table[slot] ?? 0) {
      if (this.cell(ROW * (key - 1) + HASH) === hash && this.isKey(key - 1, text, from, to)) return key - 1;
      slot = (slot + 1) & mask;
    }
    return this.add(slot, hash, from, to);
  }

  private isKey(key: number, text: Buffer, from: number, to: number): boolean {
    const row = ROW * key;
    if (key >= this.keys || this.cell(row + KEY_LENGTH) !== to - from) return false;
    const position = this.cell(row + KEY_AT);
    const other = this.textAt(position);
    const shift = (position % SPAN) - from;
    for (let at = from; at < to; at += 1) if (other[at + shift] !== text[at]) return false;
    return true;
  }

  private add(slot: number, hash: number, from: number, to: number): number {
    const key = this.keys;
    this.keys += 1;
    if (ROW * this.keys > this.rows.length) {
      const rows = new Float64Array(2 * this.rows.length);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[ROW * key + KEY_AT] = this.position(from);
    this.rows[ROW * key + KEY_LENGTH] = to - from;
    this.rows[ROW * key + HASH] = hash;
    this.table[slot] = key + 1;
    if (2 * this.keys > this.table.length) this.rehash();
    return key;
  }

  private rehash(): void {
    const table = new Int32Array(2 * this.table.length);
    const mask = table.length - 1;
    for (let key = 0; key < this.keys; key += 1) {
      let slot = this.cell(ROW * key + HASH) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = key + 1;
    }
    this.table = table;
  }

  private cell(place: number): number {
    return this.rows[place] ?? 0;
  }

  private position(at: number): number {
    return (this.texts.length - 1) * SPAN + at;
  }

  private textAt(position: number): Buffer {
    return this.texts[Math.floor(position / SPAN)] ?? NOTHING;
  }
}

const NOTHING = Buffer.alloc(0);

/** FNV-1a, its higher bits folded in: the lower ones choose the slot. */
const hashOf = (bytes: Buffer, from: number, to: number): number => {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
};
