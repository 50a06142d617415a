import { readFileSync } from 'node:fs';
import { deadLetterHeaders } from '../../src/model/deadLetterRecord.js';
import { late } from '../../src/model/refusals.js';
import { PageViewEvent } from '../../src/model/pageView.js';
import { resultBody, resultHeaders } from '../../src/model/resultRecord.js';
import { decodeEvent } from '../../src/stages/decodeEvent.js';
import { deadLetter } from '../support/deadLetters.js';
import { sampleResult } from '../support/results.js';
import { marked } from './pages.js';

/** The sample on one line, its members in the order in which they are shown. */
const shown = (mark: string): string => JSON.stringify(JSON.parse(marked('README.md', mark).code));

const decodePageView = decodeEvent(PageViewEvent);

const AT = Date.parse('2025-01-30T15:30:00Z');

test('the code of a product is that of the product', () => {
  expect(readFileSync('src/products/checkout.ts', 'utf8')).toContain(marked('README.md', 'from src/products/checkout.ts').code);
});

test('the event is one', () => {
  const { message } = deadLetter({ body: shown('an event') });
  expect(decodePageView(message)).toMatchObject({ _tag: 'Right' });
});

test.each(['session_id', 'page_title', 'ga_event_dtm'])('%s is required', (field) => {
  const event: Record<string, unknown> = JSON.parse(shown('an event'));
  const { message } = deadLetter({ body: JSON.stringify({ ...event, [field]: undefined }) });
  expect(decodePageView(message)).toMatchObject({ left: { reason: 'invalid', faults: [{ path: `$.${field}` }] } });
});

test('the body of the result is what is written, byte for byte', () => {
  expect(shown('the body of a result')).toBe(resultBody(sampleResult()));
});

test('the headers of the result are what is written', () => {
  expect(shown('the headers of a result')).toBe(JSON.stringify(resultHeaders(sampleResult())));
});

test('the headers of the dead letter are what is written', () => {
  const { message } = deadLetter({ id: '1000000000001', publishTime: AT + 180_000, attributes: { source: 'ga4_streaming' }, body: shown('an event') });
  const valid = decodePageView(message);
  if (valid._tag === 'Left') throw new Error('the event is none');
  const refused = late({ _tag: 'Late', key: 's', value: valid.right, timestamp: AT, watermark: AT + 170_000 });
  expect(shown('the headers of a dead letter')).toBe(JSON.stringify(deadLetterHeaders(refused)));
});
