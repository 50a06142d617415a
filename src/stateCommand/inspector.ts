import { ChangelogReader, type Restored } from '../changelog/changelogReader.js';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import type { StoredRecord } from '../changelog/changelogRecord.js';
import { ChangelogTail } from '../changelog/changelogTail.js';
import type { Owner } from '../changelog/owner.js';

/** What a changelog takes. */
export interface LogSize {
  readonly records: number;
  /** Of their keys and values. */
  readonly bytes: number;
  /** Undefined when there is no record. */
  readonly firstOffset: bigint | undefined;
  readonly lastOffset: bigint | undefined;
}

/** What was found in a changelog. */
export interface Found {
  readonly log: LogSize;
  /** Who took it over last, and the epoch that was committed last (0: none), as far as these can be read. */
  readonly owner: Owner | undefined;
  readonly epoch: number;
  /** What a run would go on with, or why it would not. */
  readonly restored: Restored | ChangelogRefusal;
}

/** Looks at all records of a changelog, also at those behind one that a run would refuse. */
export class Inspector {
  private readonly reader = new ChangelogReader();
  private readonly tail = new ChangelogTail();
  private refusal: ChangelogRefusal | undefined;
  private records = 0;
  private bytes = 0;
  private firstOffset: bigint | undefined;
  private lastOffset: bigint | undefined;

  read(record: StoredRecord): void {
    const { offset, key, value } = record;
    this.records += 1;
    this.bytes += value.length + (key?.length ?? 0);
    this.firstOffset ??= offset;
    this.lastOffset = offset;
    this.refusal ??= orRefusal(() => {
      this.reader.read(record);
      return undefined;
    });
    try {
      this.tail.read(record);
    } catch {
      // It tells nothing of the end, then; what is wrong with it the reader has said.
    }
  }

  /** @param isTrimmed whether records have been deleted from the beginning of the changelog */
  finish(isTrimmed: boolean): Found {
    const { records, bytes, firstOffset, lastOffset, tail: { owner, epoch } } = this;
    const restored = this.refusal ?? orRefusal(() => this.reader.finish(isTrimmed));
    return { log: { records, bytes, firstOffset, lastOffset }, owner, epoch, restored };
  }
}

const orRefusal = <A>(read: () => A): A | ChangelogRefusal => {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ChangelogRefusal) return thrown;
    throw thrown;
  }
};
