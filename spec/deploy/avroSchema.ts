import { PAGE_VIEW_REQUIRED } from '../../src/model/pageView.js';
import { OPTIONAL } from '../../src/model/sessionEvent.js';

/** An Avro type, as far as it is needed here. No unions: in Avro's JSON a text that may be null is `{"string": "…"}`, which is not what events look like. */
export type AvroType = 'string' | 'long' | AvroRecord;

export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly { readonly name: string; readonly type: AvroType; readonly doc?: string }[];
}

/** What the codec asks of a field, in its own words, and how a field is declared that always meets it. */
const BY_RULE: Readonly<Record<string, AvroType>> = {
  'a non-blank string of at most 100000 characters': 'string',
  'an ISO 8601 date-time that exists': 'string',
  'a string': 'string',
  'a number, or its digits as a string': 'long',
};

const inner = (name: string, field: string): AvroRecord => ({ type: 'record', name, fields: [{ name: field, type: 'string' }] });

/** What the codec lets pass and others want: filters, enrichment, whoever reads dead letters. */
const PASSED_ON: AvroRecord['fields'] = [
  ...['event_date', 'user_pseudo_id', 'user_id', 'subscriber_number', 'subscriber_lifetime_id', 'account_number', 'digital_id', 'single_id'].map((name) => ({ name, type: 'string' }) as const),
  { name: 'device', type: inner('Device', 'category') },
  { name: 'traffic_source', type: inner('TrafficSource', 'source') },
];

/** The schema of the topic, from the codec that reads its messages. */
export const pageViewSchema = (): AvroRecord => ({
  type: 'record',
  name: 'PageView',
  doc: 'A GA4 page view. Generated from the codec of the pipeline: npm run docs.',
  fields: [
    ...Object.entries({ ...PAGE_VIEW_REQUIRED, ...OPTIONAL }).map(([name, { name: rule }]) => {
      const type = BY_RULE[rule];
      if (type === undefined) throw new Error(`how is a field declared in Avro that is to be ${rule}?`);
      return { name, type, doc: rule };
    }),
    ...PASSED_ON,
  ],
});
