import { NO_REFERENCE_DATA, decodeReferenceData, type ReferenceData } from '../../src/model/referenceData.js';
import { enrichPageView, type OutputField } from '../../src/stages/enrichPageView.js';
import { Live } from '../pipeline/live.js';
import { bodies, play, spent, T0, type View } from '../pipeline/play.js';
import { validEvent } from './validEvent.js';

const referenceOf = (file: unknown): ReferenceData => {
  const decoded = decodeReferenceData(file);
  if (decoded._tag === 'Left') throw new Error(JSON.stringify(decoded.left));
  return decoded.right;
};

const known = referenceOf({ accounts: { ACC1: 'gold', '17': 'silver' }, pages: { 'home page': 'Home', startseite: 'Home' } });

/** The visit made of an event, and how many contradictions were told. */
const enriched = (fields: Readonly<Record<string, unknown>>, { outputFields = [], attributes }: { readonly outputFields?: readonly OutputField[]; readonly attributes?: Record<string, string> } = {}) => {
  let contradictions = 0;
  const done = enrichPageView({ reference: () => known, outputFields }, () => (contradictions += 1))(validEvent(fields, attributes));
  if (done._tag === 'Left') throw new Error(done.left.reason);
  return { ...done.right.kept, contradictions };
};

describe('the page', () => {
  test.each([
    ['Home Page', 'Home'], ['  HOME   page ', 'Home'], ['Startseite', 'Home'], ['Basket', 'Basket'], [' My\u00A0 Basket ', 'My Basket'], ['Cafe\u0301', 'Café'], ['home', 'home'],
  ])('titled %j is %j, and its title stays as received', (title, page) => expect(enriched({ page_title: title })).toMatchObject({ title, page }));
});

describe('the batch fields', () => {
  test.each<[fields: Record<string, unknown>, expected: readonly unknown[]]>([
    [{}, [false, 0, 0, 0]],
    [{ batch_page_id: null, batch_ordering_id: null, batch_event_index: null }, [false, 0, 0, 0]],
    [{ batch_page_id: 0 }, [true, 0, 0, 0]],
    [{ batch_event_index: '0' }, [true, 0, 0, 0]],
    [{ batch_page_id: '10', batch_ordering_id: 9, batch_event_index: '-1' }, [true, 10, 9, -1]],
    [{ batch_page_id: null, batch_ordering_id: '2' }, [true, 0, 2, 0]],
  ])('%j are there, and numbers: %j', (fields, expected) => {
    const { hasBatch, batchPage, batchOrdering, batchIndex } = enriched(fields);
    expect([hasBatch, batchPage, batchOrdering, batchIndex]).toEqual(expected);
  });
});

describe('the two timestamps of an event', () => {
  test.each<[other: unknown, contradictions: number]>([
    [undefined, 0], [null, 0], [T0, 0], [String(T0), 0], [T0 + 1_000, 0], [T0 - 1_000, 0], [T0 + 1_001, 1], [T0 - 1_001, 1], [String(T0 + 36_000_000), 1], [0, 1], [T0 * 1_000, 1],
  ])('with event_timestamp_ms %j contradict each other %j times, and ga_event_dtm is the event time', (other, contradictions) =>
    expect(enriched({ event_timestamp_ms: other })).toMatchObject({ timestamp: T0, contradictions }));
});

describe('the output fields', () => {
  const all = { outputFields: ['segment', 'device', 'source'] } as const;

  test('are not there unless they were chosen', () => expect(enriched({ account_number: 'ACC1', device: 'mobile' }).extra).toBeUndefined());

  test.each<[fields: Record<string, unknown>, extra: readonly [segment: unknown, device: unknown, source: unknown]]>([
    [{}, [null, null, null]],
    [{ account_number: 'ACC1', device: { category: 'mobile' }, traffic_source: { source: 'google' } }, ['gold', 'mobile', 'google']],
    [{ account_number: 17, device: 'tablet' }, ['silver', 'tablet', null]],
    [{ account_number: 'unknown', device: {}, traffic_source: 'google' }, [null, null, null]],
    [{ account_number: '__proto__', device: { category: null }, traffic_source: { source: null } }, [null, null, null]],
    [{ account_number: null, device: { category: { name: 'x' } }, traffic_source: [] }, [null, null, null]],
  ])('of %j are %j', (fields, [segment, device, source]) => expect(enriched(fields, all).extra).toEqual({ segment, device, source }));

  test('source is the attribute where the event names none', () => {
    const attributes = { source: 'ga4_streaming' };
    expect(enriched({}, { ...all, attributes }).extra?.['source']).toBe('ga4_streaming');
    expect(enriched({ traffic_source: { source: 'google' } }, { ...all, attributes }).extra?.['source']).toBe('google');
  });

  test('follow the seven fields in the body, in the order they were chosen', () => {
    const [body] = bodies(play([{ at: 0, fields: { account_number: 'ACC1', device: { category: 'a "b"' } } }], { outputFields: ['device', 'segment'], reference: known }));
    expect(body?.match(/(?<=[{,]")\w+(?=":)/g)).toEqual(
      ['session_id', 'page', 'time_spent_seconds', 'timestamp', 'window_start', 'window_end', 'element_timestamp', 'device', 'segment']);
    expect(body).toMatch(/,"device":"a \\"b\\"","segment":"gold"\}$/);
  });
});

describe('on the whole pipeline', () => {
  test('pages and accounts that nobody knows are results', () => {
    const played = play([{ page: 'Nowhere', at: 0, fields: { account_number: 'nobody' } }], { reference: known, outputFields: ['segment'] });
    expect(played.deadLetters).toEqual([]);
    expect(spent(played)).toEqual([['s', 'Nowhere', 60]]);
  });

  test('two titles of one page at one instant are one result; the same title again is a duplicate', () => {
    const played = play([{ page: 'Home Page', at: 0 }, { page: 'Startseite', at: 0 }, { page: 'Home Page', at: 0 }, { page: 'Basket', at: 20 }], { reference: known });
    expect(spent(played)).toEqual([['s', 'Home', 20], ['s', 'Basket', 60]]);
    expect(played.counts.duplicates).toBe(1);
  });

  test('titles that only look the same are two views, but one result', () => {
    const played = play([{ page: 'Caf\u00e9', at: 0 }, { page: 'Cafe\u0301', at: 0 }, { page: ' Café ', at: 10 }]);
    expect(spent(played)).toEqual([['s', 'Café', 10], ['s', 'Café', 60]]);
    expect(played.counts.duplicates).toBe(0);
  });

  test('a view keeps the name and the segment of its arrival when the reference data becomes another', () => {
    const before = referenceOf({ accounts: { ACC1: 'gold' }, pages: { 'home page': 'Home' } });
    const after = referenceOf({ accounts: { ACC1: 'lead' }, pages: { 'home page': 'Start' } });
    let current = before;
    const live = new Live({ reference: () => current, outputFields: ['segment'] });
    const look = (at: number): View => ({ page: 'Home Page', at, fields: { account_number: 'ACC1' } });
    live.send(look(0));
    current = after;
    live.send(look(0), look(10));
    current = NO_REFERENCE_DATA;
    const { results, counts } = live.send(look(40)).end().taken();
    expect(results.map(({ emitted: { value } }) => [value.page, value.timeSpent, value.extra?.['segment']])).toEqual([['Home', 10_000, 'gold'], ['Start', 30_000, 'lead'], ['Home Page', 60_000, null]]);
    expect(counts.duplicates).toBe(1);
  });
});
