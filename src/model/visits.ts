import type { Aggregate } from '../../operators/index.js';
import type { PageView, Visit } from './pageView.js';

/** From this many visits on, duplicates are looked up instead of looked for. */
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
    return new Visits([...visits].sort(inOrder), visits.length, true, visits.length < SCANNED ? undefined : new Set(visits.map(sameness)));
  }

  /** With one more; undefined when the same page was seen at the same time. */
  with(visit: Visit): Visits | undefined {
    if (this.length === 0) return new Visits([visit], 1, true, undefined);
    if (this.has(visit)) return undefined;
    const isNewest = this.shared.length === this.length;
    const shared = isNewest ? this.shared : this.shared.slice(0, this.length);
    const last = shared[this.length - 1];
    shared.push(visit);
    const known = this.knownWith(visit, shared, isNewest);
    return new Visits(shared, this.length + 1, this.sorted && last !== undefined && inOrder(last, visit) <= 0, known);
  }

  /** By time; GA4's batch order among equal times, never the order of arrival. */
  inOrder(): readonly Visit[] {
    const visits = this.shared.slice(0, this.length);
    return this.sorted ? visits : visits.sort(inOrder);
  }

  private has(visit: Visit): boolean {
    if (this.known && this.shared.length === this.length) return this.known.has(sameness(visit));
    for (let at = this.length - 1; at >= 0; at -= 1) {
      const other = this.shared[at];
      if (other && other.timestamp === visit.timestamp && other.title === visit.title) return true;
    }
    return false;
  }

  private knownWith(visit: Visit, shared: readonly Visit[], isNewest: boolean): Set<string> | undefined {
    if (shared.length < SCANNED) return undefined;
    return isNewest && this.known ? this.known.add(sameness(visit)) : new Set(shared.map(sameness));
  }
}

const sameness = (visit: Visit): string => `${visit.timestamp} ${visit.title}`;

const inOrder = (a: Visit, b: Visit): number =>
  a.timestamp - b.timestamp || byBatch(a.order, b.order) || byText(a.page, b.page) || byText(a.title, b.title);

const byBatch = (a: Visit['order'], b: Visit['order']): number => {
  if (!a || !b) return Number(!a) - Number(!b);
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
};

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** How a session accumulates its page views. */
export const visitsAggregate: Aggregate<PageView, Visits> = {
  create: () => Visits.NONE,
  add: (visits, view) => visits.with(view.visit),
  merge: (a, b) => Visits.of([...a.inOrder(), ...b.inOrder()]),
};
