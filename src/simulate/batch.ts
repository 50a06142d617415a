import { sortAndCut } from './sortAndCut.js';

/** A message, as far as this has to know it. */
interface Sent {
  readonly body: string | Buffer;
}

const MINUTE = 60_000;

/** What the pipeline has to know of a page view, read from a message without any of its code. */
export interface Looked {
  readonly key: string;
  readonly at: number;
  readonly title: string;
  readonly page: string;
  /** `batch_page_id`, `batch_ordering_id`, `batch_event_index`, where the event has them. */
  readonly batch: readonly number[] | undefined;
}

/** Identity (session, entry, page) to what is to be told of it. */
export type Told = Readonly<Record<string, readonly [seconds: number, rule: string]>>;

const member = (body: object, name: string): unknown => Object.entries(body).find(([key]) => key === name)?.[1];

export const looked = ({ body }: Sent): Looked => {
  const event: unknown = JSON.parse(body.toString());
  if (typeof event !== 'object' || event === null) throw new Error('no event');
  const title = String(member(event, 'page_title'));
  const batch = ['batch_page_id', 'batch_ordering_id', 'batch_event_index'].map((name) => member(event, name));
  return {
    key: String(member(event, 'session_id')),
    at: Date.parse(String(member(event, 'ga_event_dtm'))),
    title,
    page: title.normalize('NFC').trim().replace(/\s+/g, ' '),
    batch: batch.includes(undefined) ? undefined : batch.map(Number),
  };
};

/** What a nightly job would say of these messages: all of them at once, sorted, cut at the gaps, each page until the next. */
export const inBatch = (messages: readonly Sent[], { gap = MINUTE, lastPage = 'gap' }: { readonly gap?: number; readonly lastPage?: 'gap' | 'omit' } = {}): Told => {
  const distinct = new Map(messages.map(looked).map((one) => [JSON.stringify([one.key, one.at, one.title]), one]));
  const told: Record<string, readonly [number, string]> = {};
  for (const { key, end, values } of sortAndCut([...distinct.values()], gap)) {
    const views = [...values]
      .sort((a, b) => a.at - b.at || byBatch(a, b) || compare(a.page, b.page) || compare(a.title, b.title))
      // One page under two titles at one instant, with no other page between them, is one view.
      .filter(({ at, page }, place, all) => all[place + 1]?.at !== at || all[place + 1]?.page !== page);
    views.forEach(({ at, page }, place) => {
      const next = views[place + 1];
      const identity = identityOf(key, at, page);
      // Of a page that is there twice at one instant the last that has a time counts.
      if (next) told[identity] = [(next.at - at) / 1_000, 'next_view'];
      else if (lastPage === 'gap') told[identity] = [(end - at) / 1_000, 'session_gap'];
    });
  }
  return told;
};

const byBatch = (a: Looked, b: Looked): number => {
  if (!a.batch || !b.batch) return Number(!a.batch) - Number(!b.batch);
  const other = b.batch;
  return a.batch.map((value, nth) => value - (other[nth] ?? 0)).find((difference) => difference !== 0) ?? 0;
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const identityOf = (session: string, entry: number, page: string): string => JSON.stringify([session, entry, page]);
