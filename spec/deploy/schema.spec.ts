import { readFileSync, writeFileSync } from 'node:fs';
import avsc from 'avsc';
import * as fc from 'fast-check';
import { PageViewEvent } from '../../src/model/pageView.js';
import { decodeEvent } from '../../src/stages/decodeEvent.js';
import { deadLetter } from '../support/deadLetters.js';
import { pageViewSchema } from './avroSchema.js';

const FILE = 'deploy/terraform/page-view.avsc';

const declared: avsc.Schema = JSON.parse(JSON.stringify(pageViewSchema()));
const schema = avsc.Type.forSchema(declared);

const decoded = (body: unknown): string => decodeEvent(PageViewEvent)(deadLetter({ body: JSON.stringify(body) }).message)._tag;

test(`${FILE} is made of the codec; WRITE_DOCS=1 (npm run docs) writes it`, () => {
  const text = `${JSON.stringify(pageViewSchema(), undefined, 2)}\n`;
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});

/** Anything of the schema's types, but for what no schema can say: that a text is an instant, or not blank. */
const text = fc.string();
const notBlank = text.filter((it) => it.trim() !== '');
const long = fc.integer();
const ofSchema = fc.record({
  session_id: notBlank,
  ga_event_dtm: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((it) => it.toISOString()),
  page_title: notBlank,
  event_name: text, event_timestamp_ms: long, batch_page_id: long, batch_ordering_id: long, batch_event_index: long,
  event_date: text, user_pseudo_id: text, user_id: text, subscriber_number: text, subscriber_lifetime_id: text, account_number: text, digital_id: text, single_id: text,
  device: fc.record({ category: text }), traffic_source: fc.record({ source: text }),
});

test('law: whatever the topic takes by its schema is an event of the pipeline', () => {
  fc.assert(
    fc.property(ofSchema, (event) => {
      expect(schema.isValid(event)).toBe(true);
      // As Pub/Sub reads a body: Avro's own JSON.
      expect(schema.toString(schema.fromString(JSON.stringify(event)))).toBe(schema.toString(event));
      expect(decoded(event)).toBe('Right');
    }),
  );
});

const EVENT = fc.sample(ofSchema, { numRuns: 1, seed: 1 })[0];

test.each(['session_id', 'ga_event_dtm', 'page_title'])('what lacks %s, or has it null or as a number, is neither taken by the topic nor by the pipeline', (field) => {
  for (const value of [undefined, null, 7]) {
    const event = { ...EVENT, [field]: value };
    expect(() => void schema.fromString(JSON.stringify(event))).toThrow();
    expect(decoded(event)).toBe('Left');
  }
});
