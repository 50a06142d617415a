import type { PipelineRules } from '../pipeline.js';
import type { Fields } from './story.js';

/** What a mark says anyway. */
const SAID = ['session_id', 'page_title', 'ga_event_dtm'];

const PAGE_VIEW = 'page_view';

/** GA4's own order of events that share a timestamp. */
const ORDER = ['batch_page_id', 'batch_ordering_id', 'batch_event_index'];

/** What of an event, beside its session, page and time, decides whether it is let in: what the filters look at. */
export const decisiveFields = ({ customer, rules }: PipelineRules['filter']): ((event: Fields) => Fields) => {
  const customers = customer === undefined ? [] : customer.field === undefined ? ['customer_id', 'account_number'] : [customer.field];
  // Of a field within a field the outer one.
  const names = [...customers, ...rules.map(({ field }) => field)].map((path) => path.split('.')[0] ?? path).filter((name) => !SAID.includes(name));
  return (event) => ({
    ...(event['event_name'] !== undefined && event['event_name'] !== PAGE_VIEW && { event_name: event['event_name'] }),
    // Where it is not there, null says so: else there would be what a diagram puts there.
    ...Object.fromEntries(names.map((name) => [name, event[name] ?? null])),
  });
};

/** What decides its place among events of the same time. */
export const orderFields = (event: Fields): Fields => Object.fromEntries(ORDER.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]])));
