import type { Millis } from '../../operators/index.js';

interface Entry<A> {
  readonly at: Millis;
  readonly turn: number;
  readonly item: A;
}

/** What is to happen when: gives items back by time, those of one time in the order they were put in. A binary heap. */
export class Agenda<A> {
  private readonly heap: Entry<A>[] = [];
  private turns = 0;

  get isEmpty(): boolean {
    return this.heap.length === 0;
  }

  put(at: Millis, item: A): void {
    const entry = { at, turn: (this.turns += 1), item };
    let index = this.heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || !before(entry, above)) break;
      this.heap[index] = above;
      index = parent;
    }
    this.heap[index] = entry;
  }

  /** The earliest item and its time. Throws when there is none. */
  take(): { readonly at: Millis; readonly item: A } {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (first === undefined || last === undefined) throw new RangeError('the agenda is empty');
    if (first !== last) this.sink(last);
    return first;
  }

  /** Puts the entry in the place of the first. */
  private sink(entry: Entry<A>): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [this.heap[left], this.heap[left + 1]];
      if (one === undefined) break;
      const [child, at] = other !== undefined && before(other, one) ? [other, left + 1] : [one, left];
      if (before(entry, child)) break;
      this.heap[index] = child;
      index = at;
    }
    this.heap[index] = entry;
  }
}

const before = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.turn < b.turn);
