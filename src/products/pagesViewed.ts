import { PageViewEvent, type Visit } from '../model/pageView.js';
import { visitsAggregate, type Visits } from '../model/visits.js';
import { enrichPageView, type EnrichmentRules } from '../stages/enrichPageView.js';
import { timeOnPage, type TimeOnPageRules } from '../stages/timeOnPage.js';
import { pagesViewedCodec } from './pagesViewedCodec.js';
import type { Product } from './product.js';

export interface PagesViewedRules {
  readonly enrichment: EnrichmentRules;
  readonly results: TimeOnPageRules;
}

/** Page views in, the time on each page out: what this application was made for. */
export const pagesViewed = ({ enrichment, results }: PagesViewedRules): Product<PageViewEvent, Visit, Visits> => ({
  event: PageViewEvent,
  eventNames: ['page_view'],
  enrichment: (onContradiction) => enrichPageView(enrichment, onContradiction),
  aggregate: visitsAggregate,
  results: timeOnPage(results),
  codec: pagesViewedCodec,
});
