import type { Millis } from '../../operators/index.js';
import type { Random } from './random.js';
import type { Visitor } from './visitor.js';

/** The body of one event, as GA4's export and a continuous query make it. */
export type EventBody = Readonly<Record<string, unknown>>;

/** `view`: which view of the session it is, from 1. */
export interface Occurrence {
  readonly visitor: Visitor;
  readonly at: Millis;
  readonly title: string;
  readonly view: number;
  readonly name: string;
  /** What an event of this name has beside. */
  readonly more?: EventBody;
}

export const pageViewEvent = ({ visitor, at, title, view, name, more }: Occurrence): EventBody => {
  const { account } = visitor;
  const integer = (n: number): number | string => (visitor.numbersAsText ? String(n) : n);
  return {
    session_id: visitor.sessionId,
    page_title: title,
    ...(account && {
      subscriber_number: account.subscriberNumber,
      account_number: account.accountNumber,
      digital_id: account.digitalId,
      user_id: account.userId,
    }),
    user_pseudo_id: visitor.pseudoId,
    event_date: new Date(at).toISOString().slice(0, 10),
    event_timestamp_ms: integer(at),
    ga_event_dtm: dateTime(visitor, at),
    event_name: name,
    ...more,
    ...(visitor.batched && { batch_page_id: integer(at - (at % 1000)), batch_ordering_id: integer(view), batch_event_index: integer(name === 'page_view' ? 1 : 2) }),
    device: { category: visitor.device },
    traffic_source: { source: visitor.source },
    event_params: [{ key: 'page_title', value: { string_value: title } }],
  };
};

export const dateTime = ({ millis }: Visitor, at: Millis): string => {
  const text = new Date(at).toISOString();
  return millis ? text : text.replace(/\.\d+/, '');
};

/** Ways to be broken that were seen in the wild, each a body that is no page view. */
const BREAKS: readonly [Break, ...Break[]] = [
  (event) => JSON.stringify({ ...event, session_id: undefined }),
  (event) => JSON.stringify({ ...event, session_id: null }),
  (event) => JSON.stringify({ ...event, session_id: 1234567890.5 }),
  (event) => JSON.stringify({ ...event, page_title: '  ' }),
  (event) => JSON.stringify({ ...event, page_title: ['Home Page'] }),
  (event) => JSON.stringify({ ...event, ga_event_dtm: undefined }),
  (event) => JSON.stringify({ ...event, ga_event_dtm: '2025-02-30T12:00:00Z' }),
  (event) => JSON.stringify({ ...event, ga_event_dtm: 'yesterday' }),
  (event) => JSON.stringify([event]),
  (event) => JSON.stringify({ message: JSON.stringify(event) }),
  (event) => JSON.stringify(event).slice(0, -40),
  () => '',
  () => '<html>502 Bad Gateway</html>',
];

type Break = (event: EventBody) => string;

export const broken = (random: Random, event: EventBody): string => random.pick(BREAKS)(event);
