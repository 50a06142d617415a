import type { Aggregate } from '../../operators/index.js';
import type { PageView, Visit } from './pageView.js';

/** Up to this many visits a list is copied when it grows, and duplicates are looked for instead of looked up. */
const SCANNED = 16;

/**
 * The visits of a session: an immutable list that grows in O(1). Lists that grew from each other
 * share one array, and each sees as much of it as there was when it was made; a list that is not the
 * newest copies before it grows.
 */
export class Visits {
  private constructor(
    private readonly shared: Visit[],
    readonly length: number,
    /** Visits stand in the order of {@link inOrder} already. */
    private readonly sorted: boolean,
    private readonly known: Set<string> | undefined,
  ) {}

  static readonly NONE = new Visits([], 0, true, undefined);

  static of(visits: readonly Visit[]): Visits {
    return new Visits([...visits].sort(inOrder), visits.length, true, visits.length <= SCANNED ? undefined : new Set(visits.map(sameness)));
  }

  /** With one more; undefined when the same page was seen at the same time. */
  with(visit: Visit): Visits | undefined {
    if (this.has(visit)) return undefined;
    const last = this.shared[this.length - 1];
    const sorted = this.sorted && (last === undefined || inOrder(last, visit) <= 0);
    // A short list is copied: an array that has grown has room for a dozen more, and most sessions are short.
    if (this.length < SCANNED) return new Visits(this.isNewest ? [...this.shared, visit] : [...this.shared.slice(0, this.length), visit], this.length + 1, sorted, undefined);
    const known = this.isNewest && this.known ? this.known : new Set(this.shared.slice(0, this.length).map(sameness));
    const shared = this.isNewest ? this.shared : this.shared.slice(0, this.length);
    shared.push(visit);
    return new Visits(shared, shared.length, sorted, known.add(sameness(visit)));
  }

  /** By time; GA4's batch order among equal times, never the order of arrival. */
  inOrder(): readonly Visit[] {
    const visits = this.shared.slice(0, this.length);
    return this.sorted ? visits : visits.sort(inOrder);
  }

  /** No list has grown from this one in the same array. */
  private get isNewest(): boolean {
    return this.shared.length === this.length;
  }

  private has(visit: Visit): boolean {
    if (this.known && this.isNewest) return this.known.has(sameness(visit));
    for (let at = this.length - 1; at >= 0; at -= 1) {
      const other = this.shared[at];
      if (other && other.timestamp === visit.timestamp && other.title === visit.title) return true;
    }
    return false;
  }
}

const sameness = (visit: Visit): string => `${visit.timestamp} ${visit.title}`;

const inOrder = (a: Visit, b: Visit): number =>
  a.timestamp - b.timestamp ||
  Number(b.hasBatch) - Number(a.hasBatch) ||
  a.batchPage - b.batchPage ||
  a.batchOrdering - b.batchOrdering ||
  a.batchIndex - b.batchIndex ||
  byText(a.page, b.page) ||
  byText(a.title, b.title);

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** How a session accumulates its page views. */
export const visitsAggregate: Aggregate<PageView, Visits> = {
  create: () => Visits.NONE,
  add: (visits, view) => visits.with(view.visit),
  merge: (a, b) => Visits.of([...a.inOrder(), ...b.inOrder()]),
};
