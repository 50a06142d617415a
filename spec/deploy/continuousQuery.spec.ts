import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import avsc from 'avsc';
import * as t from 'io-ts';
import { PageViewEvent } from '../../src/model/pageView.js';
import { decodeEvent } from '../../src/stages/decodeEvent.js';
import { deadLetter } from '../support/deadLetters.js';
import { describeWith, python } from '../support/requires.js';
import { jsonLines } from '../e2e/program.js';

const QUERY = 'deploy/bigquery/continuous-query.sql';

interface Exported {
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const Body = t.record(t.string, t.unknown);

/** The rows are written by hand, after the export schema of GA4; BigQuery itself has never seen the query. */
describeWith('sqlglot and duckdb', 'the continuous query, in another database', () => {
  let messages: readonly Exported[];
  let bodies: readonly Readonly<Record<string, unknown>>[];

  beforeAll(() => {
    const output = execFileSync(python(), ['spec/deploy/continuousQuery.py', QUERY, 'spec/deploy/ga4Rows.ndjson'], { encoding: 'utf8' });
    messages = jsonLines(output);
    bodies = messages.map(({ data }) => {
      const body: unknown = JSON.parse(data);
      if (!Body.is(body)) throw new Error(data);
      return body;
    });
  }, 60_000);

  test('exports the page views that have a visitor, a session and a title, and no other row', () => {
    expect(bodies.map(({ page_title }) => page_title)).toEqual(['Home Page', 'Broadband "Deals" – 50 %']);
  });

  test('makes of a row the body that is expected, with the attributes that go with it', () => {
    expect(bodies[0]).toEqual({
      session_id: '1234567890.1700000000.1738250990', page_title: 'Home Page', ga_event_dtm: '2025-01-30T15:30:00.000Z', event_name: 'page_view', event_timestamp_ms: 1738251000000,
      batch_page_id: 1738251000000, batch_ordering_id: 1, batch_event_index: 2, event_date: '2025-01-30', user_pseudo_id: '1234567890.1700000000', user_id: 'USER123',
      subscriber_number: '', subscriber_lifetime_id: '', account_number: 'ACC123456', digital_id: 'DIG789', single_id: '', device: { category: 'mobile' }, traffic_source: { source: 'google' },
    });
    expect(messages[0]?.attributes).toEqual({ timestamp: '2025-01-30T15:30:00.000Z', source: 'ga4_streaming' });
  });

  test('exports what the schema of the topic takes, all of its fields and no other', () => {
    const declared: avsc.Schema = JSON.parse(readFileSync('deploy/terraform/page-view.avsc', 'utf8'));
    const schema = avsc.Type.forSchema(declared);
    const fields = (json: string): string[] => {
      const object: object = JSON.parse(json);
      return Object.keys(object).sort();
    };
    for (const { data } of messages) expect(fields(data)).toEqual(fields(schema.toString(schema.fromString(data))));
  });

  test('exports events that the pipeline reads, their time to the millisecond', () => {
    const events = messages.map(({ data, attributes }) => decodeEvent(PageViewEvent)(deadLetter({ body: data, attributes }).message));
    expect(events.map((it) => (it._tag === 'Right' ? it.right.event.ga_event_dtm : it.left.faults))).toEqual(['2025-01-30T15:30:00.000Z', '2025-01-30T15:30:45.500Z']);
  });
});
