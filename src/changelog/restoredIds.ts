import type { Millis } from '../../operators/index.js';
import type { SeenId } from '../runtime/messageIds.js';
import { idsOf, newestOf, pinnedOf } from './idsText.js';

/** A line that is read in the end. */
interface Unread {
  readonly line: string;
  /** When the youngest of its ids was seen. */
  readonly newest: Millis;
}

/**
 * The message ids of a changelog. Their lines are kept and read in the end: most of a long one have been forgotten
 * by then. Pinned ones are few, and read at once. Of several lines about one id the last one counts.
 */
export class RestoredIds {
  private unread: Unread[] = [];
  /** So many of them are older than the walk through the whole state that is being read. */
  private older = 0;
  private readonly pinned = new Map<string, SeenId>();

  apply(line: string): void {
    if (this.pinned.size > 0) for (const { id } of idsOf(line)) this.pinned.delete(id);
    for (const seen of pinnedOf(line)) this.pinned.set(seen.id, seen);
    this.unread.push({ line, newest: newestOf(line) });
  }

  /** A walk through the whole state begins: it will show all that there are. */
  walkBegins(): void {
    this.older = this.unread.length;
  }

  /** It has come to its end. */
  walkEnds(): void {
    this.unread = this.unread.slice(this.older);
    this.older = 0;
  }

  /** Forgets those that were seen before, unless they are pinned; most of them, at least. */
  forget(idsFrom: Millis): void {
    let count = 0;
    for (const { newest } of this.unread) {
      if (newest >= idsFrom) break;
      count += 1;
    }
    if (count === 0) return;
    this.unread = this.unread.slice(count);
    this.older = Math.max(0, this.older - count);
  }

  /** Those that are pinned, then the others that were not seen before `idsFrom`, by and large oldest first. One that was written twice comes twice. */
  *all(idsFrom: Millis): Generator<SeenId, void> {
    yield* this.pinned.values();
    // A walk through a whole state writes old ones behind newer ones.
    for (const { line } of [...this.unread].sort((a, b) => a.newest - b.newest)) {
      for (const seen of idsOf(line)) if (seen.seenAt >= idsFrom && !this.pinned.has(seen.id)) yield seen;
    }
  }
}
