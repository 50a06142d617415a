import type { Millis } from '../../operators/index.js';

/** How long an id is known, and how many at most: then the oldest goes. */
const REMEMBERED: Millis = 600_000;
const MOST = 1_000_000;

/** The ids of the messages that have come lately, so that a redelivery is told from a message. */
export class MessageIds {
  /** In order of arrival. */
  private readonly seenAt = new Map<string, Millis>();
  private uncommitted: string[] = [];

  constructor(
    private readonly remembered: Millis = REMEMBERED,
    private readonly most: number = MOST,
  ) {}

  get size(): number {
    return this.seenAt.size;
  }

  /** Whether the id is new; from now on it is known. */
  isNew(id: string, now: Millis): boolean {
    this.expire(now);
    if (this.seenAt.has(id)) return false;
    this.makeRoom();
    this.seenAt.set(id, now);
    this.uncommitted.push(id);
    return true;
  }

  /** What has come so far is part of a cut. */
  cut(): readonly string[] {
    const ids = this.uncommitted;
    this.uncommitted = [];
    return ids;
  }

  /** What has come since the cut will come again. */
  rollback(): void {
    for (const id of this.uncommitted) this.seenAt.delete(id);
    this.uncommitted = [];
  }

  private expire(now: Millis): void {
    for (const [id, at] of this.seenAt) {
      if (at + this.remembered > now) return;
      this.seenAt.delete(id);
    }
  }

  private makeRoom(): void {
    if (this.seenAt.size < this.most) return;
    for (const oldest of this.seenAt.keys()) {
      this.seenAt.delete(oldest);
      return;
    }
  }
}
