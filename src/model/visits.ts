import type { Aggregate, Millis } from '../../operators/index.js';
import type { PageView, Visit } from './pageView.js';

const BEFORE_ALL: Visit = { timestamp: -Infinity, title: '', page: '', hasBatch: false, batchPage: 0, batchOrdering: 0, batchIndex: 0, extra: undefined };

/** The visits of a session, immutable. */
export interface Visits {
  readonly length: number;
  /** With one more; undefined when the same page was seen at the same time. */
  with(visit: Visit): Visits | undefined;
  /** By time; GA4's batch order among equal times, never the order of arrival. */
  inOrder(): readonly Visit[];
}

/**
 * An immutable list, by time, and in GA4's batch order among equal times;
 * never in the order of arrival.
 *
 * Each is the last visit of its list and knows the list before it. So a list grows by one object, and
 * lists that grew from each other share their beginnings. A visit that comes out of order costs a
 * copy of those that it comes before.
 */
class VisitList implements Visits, Visit {
  readonly timestamp: Millis;
  readonly title: string;
  readonly page: string;
  readonly hasBatch: boolean;
  readonly batchPage: number;
  readonly batchOrdering: number;
  readonly batchIndex: number;
  readonly extra: Visit['extra'];
  readonly #before: VisitList | undefined;
  readonly #length: number;

  private constructor(before: VisitList | undefined, { timestamp, title, page, hasBatch, batchPage, batchOrdering, batchIndex, extra }: Visit) {
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

  static readonly NONE = new VisitList(undefined, BEFORE_ALL);

  static of(visits: readonly Visit[]): VisitList {
    const ordered = visits.every((visit, place) => inOrder(visits[place - 1] ?? BEFORE_ALL, visit) <= 0) ? visits : [...visits].sort(inOrder);
    return ordered.reduce<VisitList>((list, visit) => new VisitList(list, visit), VisitList.NONE);
  }

  get length(): number {
    return this.#length;
  }

  with(visit: Visit): VisitList | undefined {
    // Almost every one is newer than all.
    return visit.timestamp > this.timestamp ? new VisitList(this, visit) : VisitList.#inserted(visit, this);
  }

  inOrder(): readonly Visit[] {
    return VisitList.#listed(this);
  }

  static #inserted(visit: Visit, list: VisitList): VisitList | undefined {
    const later: Visit[] = [];
    let before: VisitList | undefined = list;
    for (let one: VisitList | undefined = list; one && one.timestamp >= visit.timestamp; one = one.#before) {
      if (one.timestamp === visit.timestamp && one.title === visit.title) return undefined;
      if (inOrder(one, visit) > 0) {
        later.push(one);
        before = one.#before;
      }
    }
    return later.reduceRight<VisitList>((visits, one) => new VisitList(visits, one), new VisitList(before, visit));
  }

  static #listed(list: VisitList): readonly Visit[] {
    const visits: Visit[] = [];
    for (let one = list; one.#before; one = one.#before) visits.push(one);
    return visits.reverse();
  }
}

/** Whether it is what a session of page views accumulates. */
export const isVisits = (accumulated: unknown): accumulated is Visits => typeof accumulated === 'object' && accumulated !== null && 'inOrder' in accumulated;

/** How they are made. */
export const Visits = { NONE: VisitList.NONE, of: (visits: readonly Visit[]): Visits => VisitList.of(visits) } as const;

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
  add: (visits, view) => visits.with(view.kept),
  merge: (a, b) => Visits.of([...a.inOrder(), ...b.inOrder()]),
};
