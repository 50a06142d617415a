import { FORMAT, frame, type ChangelogRecord } from './changelogRecord.js';
import { changedEntries, type CommittedDelta, type StateEntry } from './committedState.js';
import { entryText } from './entryText.js';
import { headText, type Head } from './head.js';
import type { ProductCodec } from './productCodec.js';
import type { StateSettings } from './stateSettings.js';

/** In bytes, roughly. */
export interface ChangelogSizes {
  /** No record is larger. */
  readonly record: number;
  /** What a sweep adds to an epoch, unless the epoch's own changes are more: then as much again. */
  readonly piece: number;
  /** So many changes are written before a sweep begins, however small the state is. */
  readonly leastBetweenSweeps: number;
}

const SIZES: ChangelogSizes = { record: 480_000, piece: 256_000, leastBetweenSweeps: 16_000_000 };

export interface ChangelogWriterOptions<A> {
  /** The owner whose records these are. */
  readonly instance: string;
  readonly settings: StateSettings;
  readonly codec: ProductCodec<A>;
  /** There is something in the changelog already. */
  readonly isRestored: boolean;
  /**
   * Begins a walk through all entries of the running state. It may go on for many epochs: it must
   * show each entry as it is when it is asked for it, and come past every key that is there from the
   * walk's beginning to its end without change, as the iterator of a `Map` does.
   */
  readonly entries: () => Iterator<StateEntry<A>, unknown>;
  readonly sizes?: ChangelogSizes;
}

/** A walk through all entries, in pieces that go with the epochs. */
interface Sweep<A> {
  readonly entries: Iterator<StateEntry<A>, unknown>;
  readonly firstEpoch: number;
  lastEpoch: number | undefined;
  /** Of the first record of its first epoch, once that is acknowledged. */
  firstOffset: bigint | undefined;
  pieces: number;
  bytes: number;
}

/**
 * Makes the records of each epoch: its changes, and now and then a piece of the whole state, so that
 * what is older can be deleted. It serves from one restore to the next.
 *
 * A sweep begins at once after a restore, and otherwise when the changes since the last complete one
 * began take twice the room that it took. Its pieces go with the epochs that are written anyway, and
 * none takes more than the epoch's changes or `sizes.piece`: no large commit grows to more than double,
 * and yet a sweep writes as fast as changes do, so the changelog does not grow past about five times
 * the state.
 */
export class ChangelogWriter<A> {
  private readonly sizes: ChangelogSizes;
  private sweep: Sweep<A> | undefined;
  /** Sweeps whose last epoch has not been acknowledged. */
  private unacknowledged: Sweep<A>[] = [];
  private isSweepDue: boolean;
  /** Changes since the last complete sweep began, and since the running one did. */
  private changedBytes = 0;
  private changedSinceSweep = 0;
  private lastSweepBytes = 0;

  constructor(private readonly options: ChangelogWriterOptions<A>) {
    this.sizes = options.sizes ?? SIZES;
    this.isSweepDue = options.isRestored;
  }

  /**
   * The records of an epoch. To be called at the cut, before anything else changes the state, once
   * for every epoch: what has to be sent again is sent as it is.
   *
   * @param parked nothing that was delivered is left out, and the run ends with this epoch
   */
  write(epoch: number, delta: CommittedDelta<A>, parked: boolean): readonly ChangelogRecord[] {
    const lines: string[] = [];
    let changed = 0;
    for (const entry of changedEntries(delta)) changed += this.push(lines, entry);
    this.changedBytes += changed;
    this.changedSinceSweep += changed;
    const piece = this.addPiece(lines, epoch, Math.max(changed, this.sizes.piece));
    const parts = cut([headText(this.headOf(delta, parked, piece)), ...lines], this.sizes.record);
    return parts.map((value, place) => frame({ kind: 'epoch', format: FORMAT, owner: this.options.instance, epoch, part: place + 1, parts: parts.length }, value));
  }

  /**
   * An epoch is committed for certain, its first record at `offset`. Returns the offset below which
   * no record is needed any more, when there is a new one.
   */
  acknowledged(epoch: number, offset: bigint): bigint | undefined {
    let needed: bigint | undefined;
    for (const sweep of this.unacknowledged) {
      if (sweep.firstEpoch === epoch) sweep.firstOffset = offset;
      if (sweep.lastEpoch === epoch) needed = sweep.firstOffset;
    }
    if (needed !== undefined) this.unacknowledged = this.unacknowledged.filter(({ lastEpoch }) => lastEpoch !== epoch);
    return needed;
  }

  /** What the last complete sweep wrote; undefined before one is complete. */
  get stateBytes(): number | undefined {
    return this.lastSweepBytes || undefined;
  }

  private addPiece(lines: string[], epoch: number, most: number): Head['piece'] {
    const sweep = this.sweep ?? this.beginSweep(epoch);
    if (!sweep) return null;
    let bytes = 0;
    let isLast = false;
    while (bytes < most && !isLast) {
      const { done, value } = sweep.entries.next();
      if (done === true) isLast = true;
      else bytes += this.push(lines, value);
    }
    sweep.pieces += 1;
    sweep.bytes += bytes;
    if (isLast) this.endSweep(sweep, epoch);
    return { number: sweep.pieces, isLast };
  }

  private beginSweep(epoch: number): Sweep<A> | undefined {
    if (!this.isSweepDue && this.changedBytes <= Math.max(this.sizes.leastBetweenSweeps, 2 * this.lastSweepBytes)) return undefined;
    this.isSweepDue = false;
    this.changedSinceSweep = 0;
    this.sweep = { entries: this.options.entries(), firstEpoch: epoch, lastEpoch: undefined, firstOffset: undefined, pieces: 0, bytes: 0 };
    this.unacknowledged.push(this.sweep);
    return this.sweep;
  }

  private endSweep(sweep: Sweep<A>, epoch: number): void {
    sweep.lastEpoch = epoch;
    this.lastSweepBytes = sweep.bytes;
    this.changedBytes = this.changedSinceSweep;
    this.sweep = undefined;
  }

  private headOf({ taskTime, idsFrom, tally, flow }: CommittedDelta<A>, parked: boolean, piece: Head['piece']): Head {
    const { received, duplicates, contradictions, deadLetters } = tally;
    return {
      taskTime, idsFrom, parked, settings: this.options.settings, piece,
      tally: { received, duplicates, contradictions, deadLetters: { ...deadLetters } },
      watermarks: flow.watermarks.header, sessions: flow.sessions.header, early: flow.early.header,
    };
  }

  /** Returns how long the line is. */
  private push(lines: string[], entry: StateEntry<A>): number {
    const line = entryText(entry, this.options.codec);
    lines.push(line);
    return line.length + 1;
  }
}

/** Lines as the values of records; one that is longer than a record goes on in the next. */
const cut = (lines: readonly string[], most: number): readonly Buffer[] => {
  const parts: Buffer[] = [];
  let first = 0;
  let length = 0;
  lines.forEach((line, place) => {
    length += line.length + 1;
    // Not quite full, for characters beyond ASCII take more bytes than one.
    if (length < 0.8 * most && place + 1 < lines.length) return;
    const bytes = Buffer.from(`${lines.slice(first, place + 1).join('\n')}\n`);
    const size = Math.ceil(bytes.length / Math.ceil(bytes.length / most));
    for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
    first = place + 1;
    length = 0;
  });
  return parts;
};
