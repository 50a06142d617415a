import type { Either, Millis } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import { eventTime } from '../model/eventTime.js';
import { fieldOf, type PageView, type PageViewEvent, type ValidEvent, type Visit } from '../model/pageView.js';
import { PageNames } from '../model/pageNames.js';
import { segmentOf, type ReferenceData } from '../model/referenceData.js';

/** Fields that can go out beside the seven of a result. */
export type OutputField = 'segment' | 'device' | 'source';

export interface EnrichmentRules {
  /** What is known now; asked for every event, and answered without waiting. */
  readonly reference: () => ReferenceData;
  readonly outputFields: readonly OutputField[];
}

/**
 * Names the page (the standard name where the reference data knows the title, else the normalised
 * title) and adds the fields that were chosen for the output. A page or account that the reference
 * data does not know is no failure. Nor is an `event_timestamp_ms` that names another instant than
 * `ga_event_dtm`, which is the event time: it is told to `onContradiction`.
 */
export const enrichPageView = ({ reference, outputFields }: EnrichmentRules, onContradiction: () => void) => {
  const hasExtra = outputFields.length > 0;
  const pages = new PageNames(reference);
  return (valid: ValidEvent): Either<DeadLetter, PageView> => {
    const { event, message } = valid;
    const timestamp = eventTime(event.ga_event_dtm);
    if (contradicts(event.event_timestamp_ms, timestamp)) onContradiction();
    const { title, page } = pages.of(event.page_title);
    const { batch_page_id: batchPage, batch_ordering_id: batchOrdering, batch_event_index: batchIndex } = event;
    const visit: Visit = {
      timestamp,
      title,
      page,
      hasBatch: (batchPage ?? batchOrdering ?? batchIndex ?? undefined) !== undefined,
      batchPage: Number(batchPage ?? 0),
      batchOrdering: Number(batchOrdering ?? 0),
      batchIndex: Number(batchIndex ?? 0),
      extra: hasExtra ? Object.fromEntries(outputFields.map((field) => [field, FIELDS[field](valid, reference())])) : undefined,
    };
    return { _tag: 'Right', right: { event, message, visit } };
  };
};

/** `ga_event_dtm` may be cut to the second; more apart than this, the two timestamps do not mean one instant. */
const AGREEMENT: Millis = 1_000;

const contradicts = (other: PageViewEvent['event_timestamp_ms'], timestamp: Millis): boolean =>
  other !== undefined && other !== null && Math.abs(Number(other) - timestamp) > AGREEMENT;

const FIELDS: Readonly<Record<OutputField, (valid: ValidEvent, known: ReferenceData) => string | null>> = {
  segment: ({ event }, known) => {
    const account = textAt(fieldOf(event, 'account_number'));
    return account === null ? null : (segmentOf(known, account) ?? null);
  },
  device: ({ event }) => textAt(fieldOf(event, 'device.category')) ?? textAt(fieldOf(event, 'device')),
  source: ({ event, message }) => textAt(fieldOf(event, 'traffic_source.source')) ?? message.attributes['source'] ?? null,
};

const textAt = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);
