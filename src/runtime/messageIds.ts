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
  /** Those that have come since the last cut, or have been pinned or released, oldest first. */
  readonly ids: readonly SeenId[];
  /** What was seen before this is forgotten, unless it is pinned. */
  readonly idsFrom: Millis;
}

/** An id that has come since the last cut, and when it had come before, too long ago to count. */
interface Arrival {
  readonly id: string;
  readonly before: Millis | undefined;
}

/** The ids of the messages that have come lately, so that a redelivery is told from a message. */
export class MessageIds {
  /** In order of arrival. */
  private readonly seenAt = new Map<string, Millis>();
  private readonly pinned = new Set<string>();
  private uncommitted: Arrival[] = [];
  /** Pinned or released since the last cut: what the broker said, which no rollback changes. */
  private repinned = new Set<string>();

  constructor(
    private readonly remembered: Millis = REMEMBERED,
    private readonly most: number = MOST,
  ) {}

  get size(): number {
    return this.seenAt.size;
  }

  /** What was remembered in an earlier run, oldest first. */
  restore(ids: readonly SeenId[]): void {
    for (const { id, seenAt, pinned } of ids) {
      this.seenAt.set(id, seenAt);
      if (pinned) this.pinned.add(id);
    }
  }

  /** Whether the id is new; from now on it is known. */
  isNew(id: string, now: Millis): boolean {
    const before = this.seenAt.get(id);
    if (before !== undefined && (before + this.remembered > now || this.pinned.has(id))) return false;
    this.seenAt.delete(id);
    this.seenAt.set(id, now);
    this.uncommitted.push({ id, before });
    return true;
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
    const changed = new Set(this.repinned);
    for (const { id } of this.uncommitted) changed.add(id);
    const ids = Array.from(changed, (id) => this.seen(id, this.seenAt.get(id) ?? now));
    this.uncommitted = [];
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
    return { ids, idsFrom };
  }

  /** What has come since the cut will come again. */
  rollback(): void {
    for (const { id, before } of this.uncommitted.reverse()) {
      if (before === undefined) this.seenAt.delete(id);
      else this.seenAt.set(id, before);
    }
    this.uncommitted = [];
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

  private seen(id: string, seenAt: Millis): SeenId {
    return { id, seenAt, pinned: this.pinned.has(id) };
  }
}
