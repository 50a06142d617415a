import type { Millis } from '../../operators/index.js';
import type { Message } from '../../src/model/message.js';
import { KEY, type Mark } from '../mark.js';

/** Where the times of a score begin: 2025-01-30T15:30:00Z. */
export const T0: Millis = Date.UTC(2025, 0, 30, 15, 30);

/** The key of a mark whose event has no session. */
const NOBODY = 'nobody';

/** How a score names a session's things: `bob.`, or nothing for the default key. */
export const whose = (key: string | undefined): string => (key === undefined || key === KEY ? '' : `${key}.`);

/** Further fields of events, by page. */
export type Fields = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * A GA4 page view as Pub/Sub delivers it. The name of the mark is the page, its key the session and
 * the account: `bob.home@10s`. `home/7` is the page `home` in a message with the id 7; else it has none.
 */
export const pageViewMessage = ({ name, key, at }: Mark, publishTime: Millis, fields: Fields): Message => {
  const [page = name, id] = name.split('/');
  const event = {
    session_id: key === NOBODY ? undefined : key,
    account_number: key,
    page_title: page,
    ga_event_dtm: new Date(T0 + at).toISOString(),
    event_name: 'page_view',
    ...fields[page],
  };
  return { id, publishTime, attributes: { source: 'ga4_streaming' }, body: JSON.stringify(event), deliveryAttempt: undefined, receipt: `${whose(key)}${name}` };
};
