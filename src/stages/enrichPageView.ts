import type { Either, Millis } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import { eventTime } from '../model/eventTime.js';
import { fieldOf, type BatchOrder, type PageView, type PageViewEvent, type ValidEvent } from '../model/pageView.js';
import { normaliseTitle, segmentOf, standardPage, type ReferenceData } from '../model/referenceData.js';

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
  return (valid: ValidEvent): Either<DeadLetter, PageView> => {
    const { event, message } = valid;
    const timestamp = eventTime(event.ga_event_dtm);
    if (contradicts(event.event_timestamp_ms, timestamp)) onContradiction();
    const known = reference();
    const title = event.page_title;
    const normal = normaliseTitle(title);
    const page = standardPage(known, normal) ?? normal;
    const extra = hasExtra ? Object.fromEntries(outputFields.map((field) => [field, FIELDS[field](valid, known)])) : undefined;
    return { _tag: 'Right', right: { event, message, visit: { timestamp, title, page, order: batchOrder(event), extra } } };
  };
};

/** `ga_event_dtm` may be cut to the second; more apart than this, the two timestamps do not mean one instant. */
const AGREEMENT: Millis = 1_000;

const contradicts = (other: PageViewEvent['event_timestamp_ms'], timestamp: Millis): boolean =>
  other !== undefined && other !== null && Math.abs(Number(other) - timestamp) > AGREEMENT;

const batchOrder = ({ batch_page_id: page, batch_ordering_id: ordering, batch_event_index: index }: PageViewEvent): BatchOrder | undefined =>
  (page ?? ordering ?? index ?? undefined) === undefined ? undefined : [Number(page ?? 0), Number(ordering ?? 0), Number(index ?? 0)];

const FIELDS: Readonly<Record<OutputField, (valid: ValidEvent, known: ReferenceData) => string | null>> = {
  segment: ({ event }, known) => {
    const account = textAt(fieldOf(event, 'account_number'));
    return account === null ? null : (segmentOf(known, account) ?? null);
  },
  device: ({ event }) => textAt(fieldOf(event, 'device.category')) ?? textAt(fieldOf(event, 'device')),
  source: ({ event, message }) => textAt(fieldOf(event, 'traffic_source.source')) ?? message.attributes['source'] ?? null,
};

const textAt = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);
