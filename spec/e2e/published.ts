import { normaliseTitle } from '../../src/model/referenceData.js';
import type { Publication } from '../../src/traffic/publication.js';
import { traffic } from '../../src/traffic/traffic.js';
import { sortAndCut } from '../../src/simulate/sortAndCut.js';
import type { KafkaRecord } from '../support/kafkaRecords.js';
import type { ResultLine } from './program.js';

const GAP = 60_000;
/** Events a second of event time; how fast they are published is another matter. */
const RATE = 50;

/**
 * Page views of the last minutes, and with them what is refused for its own sake. None is late and
 * none comes twice, so that what becomes of it does not depend on the order of delivery.
 */
export function publications(count: number): Publication[] {
  const shares = { invalid: 0.02, future: 0.002, late: 0, offline: 0, historic: 0, redelivered: 0, republished: 0 };
  const start = Date.now() - (count / RATE) * 1_000;
  const made: Publication[] = [];
  for (const publication of traffic({ seed: 7, start, rate: RATE, shares })) {
    if (made.push(publication) === count) break;
  }
  return made;
}

export const isView = ({ kind }: Publication): boolean => kind === 'view';

interface PageView {
  readonly key: string;
  readonly at: number;
  readonly page: string;
  readonly order: number;
}

const pageView = ({ data }: Publication): PageView => {
  const { session_id, page_title, ga_event_dtm, batch_ordering_id = 0 }: Readonly<Record<'session_id' | 'page_title' | 'ga_event_dtm', string>> & { batch_ordering_id?: string | number } = JSON.parse(data);
  return { key: session_id, at: Date.parse(ga_event_dtm), page: normaliseTitle(page_title), order: Number(batch_ordering_id) };
};

/** Seconds by session, time of entry and page, computed from what was published, without a stream. */
export function expectedTimes(published: readonly Publication[]): Map<string, number> {
  const times = new Map<string, number>();
  const views = published.filter(isView).map(pageView);
  const distinct = [...new Map(views.map((view) => [`${view.key} ${view.at} ${view.page}`, view])).values()];
  // Views of one instant: those without batch fields go last, and then the title decides.
  distinct.sort((a, b) => (a.order === 0 ? 1 : 0) - (b.order === 0 ? 1 : 0) || a.order - b.order || (a.page < b.page ? -1 : 1));
  for (const { key, end, values } of sortAndCut(distinct, GAP)) {
    values.forEach(({ at, page }, place) => times.set(identity(key, at, page), ((values[place + 1]?.at ?? end) - at) / 1_000));
  }
  return times;
}

/** What stands in a topic, likewise: the highest revision of every result. */
export function standingTimes(records: readonly KafkaRecord[]): Map<string, number> {
  const standing = new Map<string, { readonly revision: number; readonly seconds: number }>();
  for (const { value, headers } of records) {
    const { session_id, page, time_spent_seconds: seconds }: ResultLine = JSON.parse(value);
    const { revision, entry }: PaneHeader = JSON.parse(headers['pane'] ?? '');
    const id = identity(session_id, entry, page);
    if (revision >= (standing.get(id)?.revision ?? 0)) standing.set(id, { revision, seconds });
  }
  return new Map([...standing].map(([id, { seconds }]) => [id, seconds]));
}

export interface PaneHeader {
  readonly timing: string;
  readonly index: number;
  readonly final: boolean;
  readonly revision: number;
  readonly entry: number;
  readonly rule: string;
}

const identity = (session: string, entry: number, page: string): string => `${session} ${entry} ${page}`;

/** Sorted, so that maps can be compared and differ legibly. */
export const listed = (times: ReadonlyMap<string, number>): string[] => [...times].map(([id, seconds]) => `${id}: ${seconds}`).sort();
