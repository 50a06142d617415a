/** What a {@link DeadlineQueue} holds; only the queue writes `slot`. */
export interface Timed {
  /** When its time is up, ms. Change it only through `set`. */
  dueAt: number;
  /** Its place in the queue; -1 while it is not queued. */
  slot: number;
}

/**
 * Things with a due time, the earliest first: a binary heap whose members know their place, so that
 * one can be taken out or moved without a search. O(log n) for each change, O(1) when due times rise.
 */
export class DeadlineQueue<T extends Timed> {
  private readonly heap: T[] = [];

  /** The due time of the earliest member; Infinity when there is none. */
  get nextDue(): number {
    return this.heap[0]?.dueAt ?? Infinity;
  }

  /** Queues the member, or moves it if it is queued. */
  set(member: T, dueAt: number): void {
    member.dueAt = dueAt;
    if (member.slot < 0) {
      member.slot = this.heap.length;
      this.heap.push(member);
    }
    this.settle(member);
  }

  /** Takes the member out, if it is queued. */
  delete(member: T): void {
    if (member.slot < 0) return;
    const last = this.heap.pop();
    if (last !== undefined && last !== member) {
      this.place(last, member.slot);
      this.settle(last);
    }
    member.slot = -1;
  }

  /** Takes out the earliest member if it is due. */
  takeDue(now: number): T | undefined {
    const first = this.heap[0];
    if (first === undefined || first.dueAt > now) return undefined;
    this.delete(first);
    return first;
  }

  private place(member: T, slot: number): void {
    this.heap[slot] = member;
    member.slot = slot;
  }

  private settle(member: T): void {
    let slot = member.slot;
    for (;;) {
      const parent = this.heap[(slot - 1) >> 1];
      if (slot === 0 || parent === undefined || parent.dueAt <= member.dueAt) break;
      this.place(parent, slot);
      slot = (slot - 1) >> 1;
    }
    for (;;) {
      const left = this.heap[2 * slot + 1];
      const right = this.heap[2 * slot + 2];
      const child = right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left;
      if (child === undefined || child.dueAt >= member.dueAt) break;
      const vacated = child.slot;
      this.place(child, slot);
      slot = vacated;
    }
    this.place(member, slot);
  }
}
