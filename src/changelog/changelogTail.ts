import { unframe, type StoredRecord } from './changelogRecord.js';
import { ownerOf, type Owner } from './owner.js';

/** The end of a changelog: whose it is, and which epoch was committed last. Decodes no state. */
export class ChangelogTail {
  /** Who wrote the last record, of whichever kind: only the owner writes. */
  holder: string | undefined;
  /** What it said of itself when it took over, unless that has been deleted since. */
  owner: Owner | undefined;
  /** 0: none. */
  epoch = 0;
  /** Of its first record. */
  offset = -1n;

  read(record: StoredRecord): void {
    const { kind, epoch, part, owner } = unframe(record);
    this.holder = owner;
    if (kind === 'owner') this.owner = ownerOf(record.value);
    else if (part === 1) {
      this.epoch = epoch;
      this.offset = record.offset;
    }
  }
}
