import type { Millis } from '../../operators/index.js';

/** How long an id is known, and how many at most: then the oldest goes. */
const REMEMBERED: Millis = 600_000;
const MOST = 1_000_000;

/** An id that has come since the last cut, and when it had come before, too long ago to count. */
interface Arrival {
  readonly id: string;
  readonly before: Millis | undefined;
}

/** The ids of the messages that have come lately, so that a redelivery is told from a message. */
export class MessageIds {
  /** In order of arrival. */
  private readonly seenAt = new Map<string, Millis>();
  private uncommitted: Arrival[] = [];

  constructor(
    private readonly remembered: Millis = REMEMBERED,
    private readonly most: number = MOST,
  ) {}

  get size(): number {
    return this.seenAt.size;
  }

  /** Whether the id is new; from now on it is known. */
  isNew(id: string, now: Millis): boolean {
    const before = this.seenAt.get(id);
    if (before !== undefined && before + this.remembered > now) return false;
    this.seenAt.delete(id);
    this.seenAt.set(id, now);
    this.uncommitted.push({ id, before });
    return true;
  }

  /** What has come so far is part of a cut. Only now is anything forgotten: a rollback may need it until then. */
  cut(now: Millis): readonly string[] {
    const ids = this.uncommitted.map(({ id }) => id);
    this.uncommitted = [];
    for (const [id, at] of this.seenAt) {
      if (at + this.remembered > now && this.seenAt.size <= this.most) break;
      this.seenAt.delete(id);
    }
    return ids;
  }

  /** What has come since the cut will come again. */
  rollback(): void {
    for (const { id, before } of this.uncommitted.reverse()) {
      if (before === undefined) this.seenAt.delete(id);
      else this.seenAt.set(id, before);
    }
    this.uncommitted = [];
  }
}
