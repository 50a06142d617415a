import type { Aggregate, Millis } from '../../operators/index.js';
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
    /** Greatest timestamp: an event that is newer is no duplicate and stays in order, and that is almost every one. */
    private readonly newest: Millis,
    /** Visits stand in the order of {@link inOrder} already. */
    private readonly sorted: boolean,
    private readonly known: Set<string> | undefined,
  ) {}

  static readonly NONE = new Visits([], 0, -Infinity, true, undefined);

  static of(visits: readonly Visit[]): Visits {
    const ordered = visits.every((visit, place) => isAfter(visit, visits[place - 1])) ? [...visits] : [...visits].sort(inOrder);
    const newest = ordered[ordered.length - 1]?.timestamp ?? -Infinity;
    return new Visits(ordered, ordered.length, newest, true, ordered.length <= SCANNED ? undefined : new Set(ordered.map(sameness)));
  }

  /** With one more; undefined when the same page was seen at the same time. */
  with(visit: Visit): Visits | undefined {
    const isNewer = visit.timestamp > this.newest;
    if (!isNewer && this.has(visit)) return undefined;
    const newest = isNewer ? visit.timestamp : this.newest;
    const sorted = this.sorted && (isNewer || this.isLast(visit));
    // A short list is copied, by `concat`: an array that grows, or is spread, gets room for a dozen more, and most sessions are short.
    if (this.length < SCANNED) return new Visits(this.own().concat(visit), this.length + 1, newest, sorted, undefined);
    const known = this.isYoungest && this.known ? this.known : new Set(this.own().map(sameness));
    const shared = this.isYoungest ? this.shared : this.own();
    shared.push(visit);
    return new Visits(shared, shared.length, newest, sorted, known.add(sameness(visit)));
  }

  /** By time; GA4's batch order among equal times, never the order of arrival. */
  inOrder(): readonly Visit[] {
    const visits = this.shared.slice(0, this.length);
    return this.sorted ? visits : visits.sort(inOrder);
  }

  /** No list has grown from this one in the same array. */
  private get isYoungest(): boolean {
    return this.shared.length === this.length;
  }

  private own(): Visit[] {
    return this.isYoungest ? this.shared : this.shared.slice(0, this.length);
  }

  private isLast(visit: Visit): boolean {
    const last = this.shared[this.length - 1];
    return last === undefined || inOrder(last, visit) <= 0;
  }

  private has(visit: Visit): boolean {
    if (this.known && this.isYoungest) return this.known.has(sameness(visit));
    return this.own().some((other) => other.timestamp === visit.timestamp && other.title === visit.title);
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

const isAfter = (visit: Visit, former: Visit | undefined): boolean => former === undefined || inOrder(former, visit) <= 0;

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** How a session accumulates its page views. */
export const visitsAggregate: Aggregate<PageView, Visits> = {
  create: () => Visits.NONE,
  add: (visits, view) => visits.with(view.visit),
  merge: (a, b) => Visits.of([...a.inOrder(), ...b.inOrder()]),
};
