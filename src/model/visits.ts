import type { Aggregate, Millis } from '../../operators/index.js';
import type { PageView, Visit } from './pageView.js';

const BEFORE_ALL: Visit = { timestamp: -Infinity, title: '', page: '', hasBatch: false, batchPage: 0, batchOrdering: 0, batchIndex: 0, extra: undefined };

/**
 * The visits of a session: an immutable list, by time, and in GA4's batch order among equal times;
 * never in the order of arrival.
 *
 * Each is the last visit of its list and knows the list before it. So a list grows by one object, and
 * lists that grew from each other share their beginnings. A visit that comes out of order costs a
 * copy of those that it comes before.
 */
export class Visits implements Visit {
  readonly timestamp: Millis;
  readonly title: string;
  readonly page: string;
  readonly hasBatch: boolean;
  readonly batchPage: number;
  readonly batchOrdering: number;
  readonly batchIndex: number;
  readonly extra: Visit['extra'];
  readonly #before: Visits | undefined;
  readonly #length: number;

  private constructor(before: Visits | undefined, { timestamp, title, page, hasBatch, batchPage, batchOrdering, batchIndex, extra }: Visit) {
    this.timestamp = timestamp;
    this.title = title;
    this.page = page;
    this.hasBatch = hasBatch;
    this.batchPage = batchPage;
    this.batchOrdering = batchOrdering;
    this.batchIndex = batchIndex;
    this.extra = extra;
    this.#before = before;
    this.#length = before ? before.#length + 1 : 0;
  }

  static readonly NONE = new Visits(undefined, BEFORE_ALL);

  static of(visits: readonly Visit[]): Visits {
    const ordered = visits.every((visit, place) => inOrder(visits[place - 1] ?? BEFORE_ALL, visit) <= 0) ? visits : [...visits].sort(inOrder);
    return ordered.reduce<Visits>((list, visit) => new Visits(list, visit), Visits.NONE);
  }

  get length(): number {
    return this.#length;
  }

  /** With one more; undefined when the same page was seen at the same time. */
  with(visit: Visit): Visits | undefined {
    // Almost every one is newer than all.
    return visit.timestamp > this.timestamp ? new Visits(this, visit) : Visits.#inserted(visit, this);
  }

  inOrder(): readonly Visit[] {
    return Visits.#listed(this);
  }

  static #inserted(visit: Visit, list: Visits): Visits | undefined {
    const later: Visit[] = [];
    let before: Visits | undefined = list;
    for (let one: Visits | undefined = list; one && one.timestamp >= visit.timestamp; one = one.#before) {
      if (one.timestamp === visit.timestamp && one.title === visit.title) return undefined;
      if (inOrder(one, visit) > 0) {
        later.push(one);
        before = one.#before;
      }
    }
    return later.reduceRight<Visits>((visits, one) => new Visits(visits, one), new Visits(before, visit));
  }

  static #listed(list: Visits): readonly Visit[] {
    const visits: Visit[] = [];
    for (let one = list; one.#before; one = one.#before) visits.push(one);
    return visits.reverse();
  }
}

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
