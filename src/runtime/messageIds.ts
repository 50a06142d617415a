import type { Millis } from '../../operators/index.js';

/** How long an id is known, and how many at most: then the oldest goes. */
const REMEMBERED: Millis = 600_000;
const MOST = 1_000_000;

/** A message id that is remembered. */
export interface SeenId {
  readonly id: string;
  /** Task time. */
  readonly seenAt: Millis;
  /** Its ack was not confirmed: it is kept, however old, until it has come again and been acked. */
  readonly pinned: boolean;
}

/** What a cut takes of the ids. */
export interface IdChanges {
  /** Those that have come since the last cut, or have been pinned or released, oldest first. Made when it is first looked at, which has to be before the next message. */
  readonly ids: readonly SeenId[];
  /** What was seen before this is forgotten, unless it is pinned. */
  readonly idsFrom: Millis;
}

/** The ids of the messages that have come lately, so that a redelivery is told from a message. */
export class MessageIds {
  /** In order of arrival. */
  private readonly seenAt = new Map<string, Millis>();
  private readonly pinned = new Set<string>();
  /** Those that have come since the last cut. */
  private arrived: string[] = [];
  /** When each of these had come before, too long ago to count. */
  private before: (Millis | undefined)[] = [];
  /** Pinned or released since the last cut: what the broker said, which no rollback changes. */
  private repinned = new Set<string>();

  constructor(
    private readonly remembered: Millis = REMEMBERED,
    private readonly most: number = MOST,
  ) {}

  get size(): number {
    return this.seenAt.size;
  }

  /** What was remembered in an earlier run, by and large oldest first; of one that comes twice the later one counts. */
  restore(ids: Iterable<SeenId>): void {
    for (const { id, seenAt, pinned } of ids) {
      this.seenAt.set(id, seenAt);
      if (pinned) this.pinned.add(id);
    }
  }

  /** Whether the id is new; from now on it is known. */
  isNew(id: string, now: Millis): boolean {
    const before = this.seenAt.get(id);
    if (before !== undefined && (before + this.remembered > now || this.pinned.has(id))) return false;
    if (before !== undefined) this.seenAt.delete(id);
    this.seenAt.set(id, now);
    this.arrived.push(id);
    this.before.push(before);
    return true;
  }

  /** Whether there is an id whose ack was not confirmed. */
  get isAnyPinned(): boolean {
    return this.pinned.size > 0;
  }

  /** The ack of a delivery was confirmed, or it was not: then the message may come again at any time. */
  acked(id: string, isConfirmed: boolean): void {
    if (isConfirmed === !this.pinned.has(id) || !this.seenAt.has(id)) return;
    if (isConfirmed) this.pinned.delete(id);
    else this.pinned.add(id);
    this.repinned.add(id);
  }

  /** What has come so far is part of a cut. Only now is anything forgotten: a rollback may need it until then. */
  cut(now: Millis): IdChanges {
    const { arrived, repinned } = this;
    // Before anything is forgotten: that one is not pinned any more has to be told even then.
    const told = this.known(repinned);
    this.arrived = [];
    this.before = [];
    this.repinned = new Set();
    let idsFrom = now - this.remembered;
    for (const [id, at] of this.seenAt) {
      const isTooMany = this.seenAt.size > this.most;
      if (at + this.remembered > now && !isTooMany) break;
      if (this.pinned.has(id) && !isTooMany) continue;
      this.seenAt.delete(id);
      this.pinned.delete(id);
      idsFrom = Math.max(idsFrom, at);
    }
    const all = (): readonly SeenId[] => [...told, ...this.known(arrived.filter((id) => !repinned.has(id)))];
    let ids: readonly SeenId[] | undefined;
    return { idsFrom, get ids() { return (ids ??= all()); } };
  }

  /** What has come since the cut will come again. */
  rollback(): void {
    for (const id of this.arrived.reverse()) {
      const before = this.before.pop();
      if (before === undefined) this.seenAt.delete(id);
      else this.seenAt.set(id, before);
    }
    this.arrived = [];
  }

  /** A walk over those that are there now; it may be gone on with after further arrivals, which it does not show. */
  *all(): Generator<SeenId, void> {
    let left = this.seenAt.size;
    for (const [id, seenAt] of this.seenAt) {
      if (left === 0) return;
      left -= 1;
      yield this.seen(id, seenAt);
    }
  }

  /** Those of them that have not been forgotten. */
  private known(ids: Iterable<string>): readonly SeenId[] {
    const known: SeenId[] = [];
    for (const id of ids) {
      const seenAt = this.seenAt.get(id);
      if (seenAt !== undefined) known.push(this.seen(id, seenAt));
    }
    return known;
  }

  private seen(id: string, seenAt: Millis): SeenId {
    return { id, seenAt, pinned: this.pinned.has(id) };
  }
}
