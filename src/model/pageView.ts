import * as t from 'io-ts';
import type { Millis } from '../../operators/index.js';
import { checkedBy } from './checkedBy.js';
import { NonBlank, OPTIONAL, REQUIRED, SessionEvent, type Taken } from './sessionEvent.js';

/** What every page view must have. */
export const PAGE_VIEW_REQUIRED = { ...REQUIRED, page_title: NonBlank };

const Fields = t.intersection([t.type(PAGE_VIEW_REQUIRED, 'a page view event'), t.partial(OPTIONAL)], 'a page view event');
export type PageViewEvent = t.TypeOf<typeof Fields>;

/** A GA4 page view as it comes from BigQuery. */
export const PageViewEvent = checkedBy(
  Fields,
  (value): value is PageViewEvent => SessionEvent.is(value) && 'page_title' in value && NonBlank.is(value.page_title),
);

/** One look at one page: what a session keeps of an event. */
export interface Visit {
  readonly timestamp: Millis;
  /** As received: what duplicates are judged by. */
  readonly title: string;
  /** The standard name, else the normalised title; fixed at arrival. */
  readonly page: string;
  /** GA4's own order of events that share a timestamp, where the event has it; 0 for what is missing. */
  readonly hasBatch: boolean;
  readonly batchPage: number;
  readonly batchOrdering: number;
  readonly batchIndex: number;
  /** Enrichment that goes out beside the result. */
  readonly extra: Readonly<Record<string, string | null>> | undefined;
}

export type PageView = Taken<Visit>;
