import type { Millis } from '../../operators/index.js';
import type { SeenId } from '../runtime/messageIds.js';
import { endOfString, Scanner } from './scanner.js';

const NEWLINE = '\n'.charCodeAt(0);

/** From the beginning of a line to its id, without and with its quote. */
const QUOTED = '["i",'.length;
const ID = '["i","'.length;

/** From the closing quote of an id to when it was seen. */
const SEEN = '",'.length;

/** Lines that followed each other, each with an end. */
interface Run {
  readonly lines: Buffer;
  /** When the youngest of them was seen. */
  readonly newest: Millis;
}

/**
 * The message ids of a changelog. Their lines are kept as bytes and read in the end: most of a long one have been forgotten
 * by then. Pinned ones are few, and read at once. Of several lines about one id the last one counts.
 */
export class RestoredIds {
  private runs: Run[] = [];
  private readonly pinned = new Map<string, SeenId>();
  /** The run that goes on. */
  private text: Buffer | undefined;
  private from = 0;
  private to = 0;
  private newest = -Infinity;

  /** A line without its end, of an id that is pinned or is not. */
  apply(text: Buffer, from: number, to: number, isPinned: boolean): void {
    if (isPinned) {
      const seen = seenIn(text, from, to, true);
      this.pinned.set(seen.id, seen);
      return;
    }
    if (this.pinned.size > 0) this.pinned.delete(seenIn(text, from, to, false).id);
    if (text !== this.text || from !== this.to) {
      this.endRun();
      this.text = text;
      this.from = from;
    }
    this.to = to + 1;
    const seenAt = new Scanner(text, endOfString(text, from + ID, to) + SEEN, to).number();
    if (seenAt > this.newest) this.newest = seenAt;
  }

  /** Forgets those that were seen before, unless they are pinned; most of them, at least. */
  forget(idsFrom: Millis): void {
    const kept = this.runs.findIndex(({ newest }) => newest >= idsFrom);
    if (kept !== 0) this.runs = kept < 0 ? [] : this.runs.slice(kept);
  }

  /** Those that are pinned, then the others that were not seen before `idsFrom`, by and large oldest first. One that was written twice comes twice. */
  *all(idsFrom: Millis): Generator<SeenId, void> {
    this.endRun();
    yield* this.pinned.values();
    // A walk through a whole state writes old ones behind newer ones.
    for (const { lines } of [...this.runs].sort((a, b) => a.newest - b.newest)) {
      let from = 0;
      for (let to = lines.indexOf(NEWLINE); to >= 0; to = lines.indexOf(NEWLINE, from)) {
        const seen = seenIn(lines, from, to, false);
        from = to + 1;
        if (seen.seenAt >= idsFrom && !this.pinned.has(seen.id)) yield seen;
      }
    }
  }

  /** Its lines are copied: the text has others, too, which are not to be kept for them. */
  private endRun(): void {
    if (!this.text) return;
    this.runs.push({ lines: Buffer.from(this.text.subarray(this.from, this.to)), newest: this.newest });
    this.text = undefined;
    this.newest = -Infinity;
  }
}

const seenIn = (text: Buffer, from: number, to: number, pinned: boolean): SeenId => {
  const line = new Scanner(text, from + QUOTED, to);
  const id = line.string();
  const seenAt = line.number();
  line.close();
  return { id, seenAt, pinned };
};
