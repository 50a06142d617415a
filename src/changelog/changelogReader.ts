import { ChangelogRefusal, type ChangelogFault } from './changelogRefusal.js';
import { unframe, type Framed, type StoredRecord } from './changelogRecord.js';
import type { CommittedState } from './committedState.js';
import { sinceFormat1 } from './format1.js';
import { headOf, type Head } from './head.js';
import { ownerOf, type Owner } from './owner.js';
import type { ProductCodec } from './productCodec.js';
import { RestoredState } from './restoredState.js';
import { wrong } from './shape.js';
import type { StateSettings } from './stateSettings.js';

/** Which product's it is, the settings say. */
export interface StateAsWritten {
  readonly epoch: number;
  as<A>(codec: ProductCodec<A>): CommittedState<A>;
}

/** What a changelog holds. */
export interface Restored {
  /** Undefined when nothing has ever been committed. */
  readonly state: StateAsWritten | undefined;
  /** What it was computed with. */
  readonly settings: StateSettings | undefined;
  /** The last run committed all that had been delivered to it, and none has started since but the one whose record ends the changelog. */
  readonly parked: boolean;
  /** Those who took it over, in order, as far back as it goes; at most the last {@link MOST_OWNERS}. */
  readonly owners: readonly Owner[];
  /** Records of fenced instances that were left out: with a reader that shows only what was committed there are none. */
  readonly dropped: number;
}

export const MOST_OWNERS = 16;

/** How the lines of each format are made into those of today, where they are others. A new format adds its own way and changes that of the others. */
const FORMATS: ReadonlyMap<number, ((lines: Buffer) => Buffer) | undefined> = new Map([[1, sinceFormat1], [2, undefined]]);

const NEWLINE = 0x0a;

/**
 * Makes the committed state of the records of a changelog, given in order; they must be those that
 * were committed. All or nothing: either the newest committed state, or a {@link ChangelogRefusal},
 * after which this reader is of no further use.
 *
 * Whose records count: those of the instance that took the changelog over last. A record of an
 * earlier owner behind that is a zombie's, which the broker has fenced: it is left out. A record of
 * somebody who never took it over is refused, unless the changelog begins with it (what came before
 * was trimmed). Owners are ordered by their records alone, which is the order in which the broker
 * let them in.
 *
 * What must be there: every epoch with all its parts, one after the other, from the first of a new
 * state, or from before the first piece of a complete sweep on; then every key that has not changed
 * since is in a piece. What stands at the beginning of an epoch that has been half trimmed away is
 * not looked at.
 *
 * State: the records as they came, as far as they are not outdated. Time: O(1) a record's byte.
 */
export class ChangelogReader {
  private readonly state = new RestoredState();
  private readonly owners: Owner[] = [];
  private readonly former = new Set<string>();
  private owner: string | undefined;
  private dropped = 0;
  private parked = false;
  private parkedBeforeOwner = false;

  private head: Head | undefined;
  /** The epoch being read, or the last one, and how far it is; 0 before the first. */
  private epoch = 0;
  private part = 0;
  private parts = 0;
  private isHeadNext = false;
  /** The beginning of a line that goes on in the next part. */
  private unfinished: Buffer[] = [];

  /** Nothing that is needed lies before the beginning of the changelog. */
  private isWhole = false;
  /** Of the sweep that is being read; undefined where its beginning has not been seen. */
  private nextPiece: number | undefined;
  /** The epoch being read carries the last one of a sweep that has been seen from its beginning. */
  private isLastPiece = false;

  read(record: StoredRecord): void {
    const framed = unframe(record);
    if (framed.kind === 'owner') this.takeOver(record);
    else if (this.isOwners(framed, record)) this.readPart(framed, record);
  }

  /** @param isTrimmed whether records have been deleted from the beginning of the changelog */
  finish(isTrimmed: boolean): Restored {
    const { head, epoch, owners, dropped } = this;
    this.expectEndOfEpoch(undefined);
    if (!head && isTrimmed) throw refusal('truncated', undefined, 'no epoch is left');
    if (head && !this.isWhole) throw refusal('truncated', undefined, `no complete state stands before epoch ${epoch}: what its first epochs build upon is not there`);
    const parked = this.parked || this.parkedBeforeOwner;
    const state = head && { epoch, as: <A>(codec: ProductCodec<A>) => this.state.committed(epoch, head, codec) };
    return { state, settings: head?.settings, parked, owners, dropped };
  }

  private takeOver({ offset, value }: StoredRecord): void {
    this.expectEndOfEpoch(offset);
    const owner = readable(offset, () => ownerOf(value));
    const isAgain = this.owner === owner.instance;
    if (this.owner !== undefined) this.former.add(this.owner);
    this.owner = owner.instance;
    this.owners.push(owner);
    if (this.owners.length > MOST_OWNERS) this.owners.shift();
    // One that takes over again has done nothing since.
    this.parkedBeforeOwner = this.parked || (this.parkedBeforeOwner && isAgain);
    this.parked = false;
  }

  private isOwners({ owner, epoch }: Framed, { offset }: StoredRecord): boolean {
    this.owner ??= owner;
    if (owner === this.owner) return true;
    if (!this.former.has(owner)) throw refusal('stranger', offset, `epoch ${epoch} is by ${owner}, which never took the changelog over; its owner is ${this.owner}`);
    this.dropped += 1;
    return false;
  }

  private readPart(framed: Framed, { offset, value }: StoredRecord): void {
    const { epoch, part, parts } = framed;
    // The rest of an epoch whose beginning was trimmed away.
    if (this.epoch === 0 && part > 1) return;
    if (this.part < this.parts) {
      if (epoch !== this.epoch || part !== this.part + 1) this.expectEndOfEpoch(offset);
    } else if (part !== 1 || (this.epoch !== 0 && epoch !== this.epoch + 1)) {
      throw refusal('gap', offset, `part ${part} of epoch ${epoch} follows epoch ${this.epoch}`);
    }
    this.epoch = epoch;
    this.part = part;
    this.parts = parts;
    if (part === 1) this.isHeadNext = true;
    readable(offset, () => this.readLines(framed, value));
    if (part === parts && this.unfinished.length > 0) throw refusal('corrupt', offset, `epoch ${epoch} ends within a line`);
    if (part === parts && this.isLastPiece) this.state.walkEnds();
  }

  /** Whole lines at once; what is behind the last one goes on in the next part. */
  private readLines({ format }: Framed, value: Buffer): void {
    if (!FORMATS.has(format)) wrong('a known format', format);
    const end = value.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const lines = this.unfinished.length === 0 ? value.subarray(0, end) : Buffer.concat([...this.unfinished, value.subarray(0, end)]);
      this.applyLines(FORMATS.get(format)?.(lines) ?? lines);
      this.unfinished = [];
    }
    if (end < value.length) this.unfinished.push(value.subarray(end));
  }

  private applyLines(lines: Buffer): void {
    this.state.within(lines);
    let from = 0;
    for (let to = lines.indexOf(NEWLINE); to >= 0; to = lines.indexOf(NEWLINE, from)) {
      if (this.isHeadNext) this.begin(headOf(lines.toString('utf8', from, to)));
      else this.state.apply(lines, from, to);
      this.isHeadNext = false;
      from = to + 1;
    }
  }

  private begin(head: Head): void {
    this.head = head;
    this.parked = head.parked;
    this.parkedBeforeOwner = false;
    this.state.forgetIds(head.idsFrom);
    if (this.epoch === 1) this.isWhole = true;
    this.follow(head.piece);
  }

  /** Without a gap between epochs there is none between pieces, so it is enough to have seen the first and the last. */
  private follow(piece: Head['piece']): void {
    const expected = piece?.number === 1 ? 1 : this.nextPiece;
    this.nextPiece = piece && piece.number === expected && !piece.isLast ? piece.number + 1 : undefined;
    if (piece?.number === 1) this.state.walkBegins();
    this.isLastPiece = piece !== null && piece.isLast && piece.number === expected;
    if (this.isLastPiece) this.isWhole = true;
  }

  private expectEndOfEpoch(offset: bigint | undefined): void {
    if (this.part < this.parts) throw refusal('incomplete', offset, `epoch ${this.epoch} has ended after ${this.part} of its ${this.parts} records`);
  }
}

const refusal = (fault: ChangelogFault, offset: bigint | undefined, found: string): ChangelogRefusal => new ChangelogRefusal(fault, offset, found);

/** The checksum was right, so whoever wrote this meant it; it is still nothing to go on with. */
const readable = <T>(offset: bigint, read: () => T): T => {
  try {
    return read();
  } catch (thrown) {
    throw new ChangelogRefusal('corrupt', offset, `stands a record that cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
};
