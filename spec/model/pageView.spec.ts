import * as fc from 'fast-check';
import { PageViewEvent } from '../../src/model/pageView.js';
import { SessionIdOnly, fieldOf } from '../../src/model/sessionEvent.js';

const REQUIRED = { session_id: 's', page_title: 'A', ga_event_dtm: '2025-01-30T15:30:00Z' };

const event = (fields: Readonly<Record<string, unknown>>): PageViewEvent => {
  const read: unknown = JSON.parse(JSON.stringify({ ...REQUIRED, ...fields }));
  if (!PageViewEvent.is(read)) throw new Error('not an event');
  return read;
};

describe('the codec of page views', () => {
  test('law: checks exactly what it explains', () => {
    const any = fc.oneof(fc.constantFrom<unknown>('s', '', ' ', '17', '-1', 17, NaN, Infinity, null, undefined, '2025-01-30T15:30:00Z', '2025-02-30T15:30:00Z'), fc.jsonValue());
    const fields = ['session_id', 'page_title', 'ga_event_dtm', 'event_name', 'event_timestamp_ms', 'batch_page_id', 'batch_ordering_id', 'batch_event_index', 'other'];
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...fields), any).map((changed) => ({ ...REQUIRED, ...changed }))), (input) => {
        expect(PageViewEvent.decode(input)._tag).toBe(PageViewEvent.is(input) ? 'Right' : 'Left');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a session that an inherited field names is none', () => {
    const read: unknown = JSON.parse('{"__proto__":{"session_id":"s"}}');
    expect(SessionIdOnly.is(read)).toBe(false);
  });
});

describe('a field by its path', () => {
  const found = event({ account_number: 17, device: { category: 'mobile', os: { name: null } }, event_params: [{ key: 'k' }], 'a.b': 'flat', '': 'unnamed' });
  test.each<[path: string, value: unknown]>([
    ['session_id', 's'], ['account_number', 17], ['device', { category: 'mobile', os: { name: null } }], ['device.category', 'mobile'], ['device.os.name', null],
    ['', 'unnamed'], ['device.', undefined], ['device.model', undefined], ['device.category.length', undefined], ['device.os.name.x', undefined], ['session_id.0', undefined],
    ['event_params.0.key', undefined], ['event_params.length', undefined], ['a.b', undefined], ['missing', undefined], ['missing.deep', undefined],
    ['toString', undefined], ['constructor.name', undefined], ['__proto__', undefined], ['__proto__.toString', undefined], ['device.__proto__', undefined],
  ])('%j is %j', (path, value) => expect(fieldOf(found, path)).toEqual(value));
});
