import type { Either } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { PageView, PageViewEvent, Visit } from '../model/pageView.js';
import { PageNames } from '../model/pageNames.js';
import { segmentOf, type ReferenceData } from '../model/referenceData.js';
import { fieldOf, timestampOf, type ValidEvent } from '../model/sessionEvent.js';

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
 * data does not know is no failure. Nor are two timestamps that disagree: that is told to `onContradiction`.
 */
export const enrichPageView = ({ reference, outputFields }: EnrichmentRules, onContradiction: () => void) => {
  const hasExtra = outputFields.length > 0;
  const pages = new PageNames(reference);
  return (valid: ValidEvent<PageViewEvent>): Either<DeadLetter, PageView> => {
    const { event, message } = valid;
    const timestamp = timestampOf(event, onContradiction);
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
    return { _tag: 'Right', right: { event, message, kept: visit } };
  };
};

const FIELDS: Readonly<Record<OutputField, (valid: ValidEvent, known: ReferenceData) => string | null>> = {
  segment: ({ event }, known) => {
    const account = textAt(fieldOf(event, 'account_number'));
    return account === null ? null : (segmentOf(known, account) ?? null);
  },
  device: ({ event }) => textAt(fieldOf(event, 'device.category')) ?? textAt(fieldOf(event, 'device')),
  source: ({ event, message }) => textAt(fieldOf(event, 'traffic_source.source')) ?? message.attributes['source'] ?? null,
};

const textAt = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);
