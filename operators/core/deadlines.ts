import type { Millis } from '../types.js';

/** Something with a place in line: the lower, the older. */
export interface Ordered {
  readonly ordinal: number;
}

/** A deadline and what is due at it. */
export interface Due<T> {
  readonly at: Millis;
  readonly item: T;
}

/** Deadlines this close together share a bucket: few enough to sort at once, wide enough to be few buckets. */
const BUCKET_WIDTH: Millis = 64;

const bucketOf = (at: Millis): number => Math.floor(at / BUCKET_WIDTH);

/** Latest first, so that the earliest is popped from the end. */
const byUrgencyDescending = <T extends Ordered>(a: Due<T>, b: Due<T>): number => b.at - a.at || b.item.ordinal - a.item.ordinal;

/** A bucket that has not been opened yet: two plain lists, which take a third of the room of as many {@link Due}s. */
interface Bucket<T> {
  readonly ats: Millis[];
  readonly items: T[];
}

/**
 * Deadlines in order of (time, age), for any number of items: a calendar of narrow buckets, each
 * sorted only when its time comes. Adding and taking cost O(1) amortised, whatever is stored.
 *
 * Entries are never removed before their time. An owner that moves a deadline adds the item again
 * and ignores the stale entry when it comes up.
 */
export class Deadlines<T extends Ordered> {
  private readonly buckets = new Map<number, Bucket<T>>();
  /** Numbers of the buckets in the map, as a binary heap: least first. */
  private readonly numbers: number[] = [];
  /** The earliest bucket, sorted, once it has been looked at. */
  private front: Due<T>[] = [];
  private frontNumber = -Infinity;

  /** An item without a deadline (Infinity) is not kept. */
  add(item: T, at: Millis): void {
    if (at === Infinity) return;
    const number = bucketOf(at);
    if (this.front.length > 0) {
      if (number === this.frontNumber) {
        this.insertInFront({ at, item });
        return;
      }
      if (number < this.frontNumber) this.putFrontBack();
    }
    const bucket = this.buckets.get(number) ?? this.newBucket(number);
    bucket.ats.push(at);
    bucket.items.push(item);
  }

  /** The earliest deadline; Infinity when there is none. */
  next(): Millis {
    return this.peek()?.at ?? Infinity;
  }

  /** Takes the earliest entry that is due by `now`. */
  take(now: Millis): Due<T> | undefined {
    const first = this.peek();
    if (!first || first.at > now) return undefined;
    this.front.pop();
    return first;
  }

  private peek(): Due<T> | undefined {
    if (this.front.length === 0) {
      const number = this.popNumber();
      if (number === undefined) return undefined;
      this.front = opened(this.buckets.get(number)).sort(byUrgencyDescending);
      this.buckets.delete(number);
      this.frontNumber = number;
    }
    return this.front[this.front.length - 1];
  }

  private insertInFront(due: Due<T>): void {
    let low = 0;
    let high = this.front.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.front[middle];
      if (other && byUrgencyDescending(other, due) <= 0) low = middle + 1;
      else high = middle;
    }
    this.front.splice(low, 0, due);
  }

  private putFrontBack(): void {
    const bucket = this.newBucket(this.frontNumber);
    for (const { at, item } of this.front) {
      bucket.ats.push(at);
      bucket.items.push(item);
    }
    this.front = [];
    this.frontNumber = -Infinity;
  }

  private newBucket(number: number): Bucket<T> {
    const bucket: Bucket<T> = { ats: [], items: [] };
    this.buckets.set(number, bucket);
    this.pushNumber(number);
    return bucket;
  }

  private pushNumber(number: number): void {
    const heap = this.numbers;
    let place = heap.length;
    heap.push(number);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = heap[parent];
      if (above === undefined || above <= number) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = number;
  }

  private popNumber(): number | undefined {
    const heap = this.numbers;
    const least = heap[0];
    const last = heap.pop();
    if (least === undefined || last === undefined || heap.length === 0) return least;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const left = heap[child];
      if (left === undefined) break;
      let smaller = left;
      const right = heap[child + 1];
      if (right !== undefined && right < left) {
        smaller = right;
        child += 1;
      }
      if (smaller >= last) break;
      heap[place] = smaller;
      place = child;
    }
    heap[place] = last;
    return least;
  }
}

const opened = <T>(bucket: Bucket<T> | undefined): Due<T>[] => {
  if (!bucket) return [];
  const { ats, items } = bucket;
  return items.map((item, place) => ({ at: ats[place] ?? NaN, item }));
};
