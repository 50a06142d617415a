import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from './fileError.js';

/** So much is kept of a share until it is written, in characters. */
const KEPT = 64 * 1024;

/**
 * Lines that do not fit into memory, shared out to files by a key: what has the same key lies in the same
 * share. The files are in a folder of the system's temporary directory that only their owner may read.
 *
 * Memory: at most 64 K characters a share; for reading, one share.
 *
 * *On failure*: a `FileError`.
 */
export class SortedAside {
  private readonly folder: string;
  private readonly waiting: string[];

  /** @param parent folder in which that of the files is made */
  constructor(private readonly shares: number, private readonly parent = tmpdir()) {
    this.waiting = new Array<string>(shares).fill('');
    this.folder = this.attempt(() => mkdtempSync(join(parent, 'pages-viewed-aside-')));
  }

  /** @param line without its end, and without one inside */
  add(key: string, line: string): void {
    const share = shareOf(key, this.shares);
    const waiting = `${this.waiting[share] ?? ''}${line}\n`;
    this.waiting[share] = waiting.length < KEPT ? waiting : this.write(share, waiting);
  }

  /** The lines of each share that has any, in the order in which they were added. To be called when all have been. */
  *all(): Generator<readonly string[]> {
    for (const [share, waiting] of this.waiting.entries()) {
      const path = this.pathOf(share);
      const written = this.attempt(() => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
      const lines = `${written}${waiting}`.split('\n').slice(0, -1);
      if (lines.length > 0) yield lines;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(share: number, text: string): string {
    this.attempt(() => appendFileSync(this.pathOf(share), text));
    return '';
  }

  private pathOf(share: number): string {
    return join(this.folder, `${share}`);
  }

  private attempt<A>(task: () => A): A {
    try {
      return task();
    } catch (thrown) {
      throw fileError(`cannot keep records in ${this.parent}`, thrown);
    }
  }
}

/** FNV-1a. */
const shareOf = (key: string, shares: number): number => {
  let hash = 0x811c9dc5;
  for (let place = 0; place < key.length; place += 1) hash = Math.imul(hash ^ key.charCodeAt(place), 0x01000193);
  return (hash >>> 0) % shares;
};
