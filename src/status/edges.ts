import type { Reason } from '../model/deadLetter.js';
import type { TaskObservation } from '../runtime/observation.js';
import type { Edge, Place } from './status.js';

export type CountedEdge = Omit<Edge, 'perSecond'>;

/** Which stage refuses for which reasons, in the order of the flow; `messages` knows ids and those that broke the pipeline twice. */
export const STAGES: readonly { readonly place: Place; readonly refuses: readonly Reason[] }[] = [
  { place: 'messages', refuses: ['processing_failed'] },
  { place: 'validate', refuses: ['not_json', 'too_large', 'invalid'] },
  { place: 'filter', refuses: ['excluded'] },
  { place: 'enrich', refuses: ['enrichment_failed'] },
  { place: 'assignWatermarks', refuses: ['future'] },
  { place: 'sessionWindow', refuses: ['late', 'session_full'] },
];

/** What went from where to where: everything follows from the account, so nothing is counted twice. */
export const edgesOf = ({ counts: { received, duplicates, deadLetters }, duplicateIds, committed: { panes, results } }: TaskObservation): readonly CountedEdge[] => {
  const edges: CountedEdge[] = [{ from: 'source', to: 'messages', unit: 'messages', count: received }];
  let left = received;
  STAGES.forEach(({ place, refuses }, index) => {
    const known = place === 'messages' ? duplicateIds : place === 'sessionWindow' ? duplicates - duplicateIds : 0;
    if (known > 0) edges.push({ from: place, to: 'duplicates', unit: 'events', count: known });
    left -= known;
    for (const reason of refuses) {
      const count = deadLetters[reason] ?? 0;
      if (count > 0) edges.push({ from: place, to: 'deadLetters', unit: 'events', reason, count });
      left -= count;
    }
    const next = STAGES[index + 1];
    if (next) edges.push({ from: place, to: next.place, unit: place === 'messages' ? 'messages' : 'events', count: left });
  });
  const drawn = panes.EARLY + panes.ON_TIME + panes.LATE;
  return [
    ...edges,
    { from: 'sessionWindow', to: 'earlyTrigger', unit: 'panes', count: drawn },
    { from: 'earlyTrigger', to: 'timeOnPage', unit: 'panes', count: drawn },
    { from: 'timeOnPage', to: 'dedupeEmitted', unit: 'panes', count: drawn },
    { from: 'dedupeEmitted', to: 'sink', unit: 'results', count: results },
  ];
};
