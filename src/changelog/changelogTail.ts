import { unframe, type StoredRecord } from './changelogRecord.js';
import { ownerOf, type Owner } from './owner.js';

/** The end of a changelog: who took it over last, and which epoch was committed last. Decodes no state. */
export class ChangelogTail {
  owner: Owner | undefined;
  /** 0: none. */
  epoch = 0;
  /** Who wrote that. */
  writer: string | undefined;
  /** Of its first record. */
  offset = -1n;

  read(record: StoredRecord): void {
    const { kind, epoch, part, owner } = unframe(record);
    if (kind === 'owner') this.owner = ownerOf(record.value);
    else if (part === 1) {
      this.epoch = epoch;
      this.writer = owner;
      this.offset = record.offset;
    }
  }
}
