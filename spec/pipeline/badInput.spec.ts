import { deadLetterRecord } from '../../src/model/deadLetterRecord.js';
import { SECOND, T0, bodies, eventOf, message, messageOf, play, playMessages, spent } from './play.js';

const MISSING = Symbol('missing');

/** The body of an event in which one field is another. */
const bodyWith = (field: string, value: unknown): string => JSON.stringify(eventOf({ at: 0, fields: { [field]: value === MISSING ? undefined : value } }));

/** The same, for what cannot be written with `JSON.stringify`: the field's value as JSON text. */
const bodyWithText = (field: string, text: string): string => JSON.stringify(eventOf({ at: 0, fields: { [field]: '@' } })).replace('"@"', text);

const playBodies = (...all: readonly (string | Buffer)[]) => playMessages(all.map((body) => message(body, { at: 0 })));

const valid = JSON.stringify(eventOf({ page: 'A', at: 0 }));

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + (open.endsWith(':') ? '0' : '') + close.repeat(depth);

describe('a body that is no JSON object is a dead letter that says what it is', () => {
  test.each<[name: string, body: string | Buffer, reason: string, expected: string, got: string]>([
    ['nothing at all', '', 'not_json', 'JSON', '""'],
    ['no bytes', Buffer.alloc(0), 'not_json', 'JSON', '""'],
    ['white space', ' \n\t', 'not_json', 'JSON', '" \\n\\t"'],
    ['words', 'page view', 'not_json', 'JSON', '"page view"'],
    ['HTML', '<html>502</html>', 'not_json', 'JSON', '"<html>502</html>"'],
    ['half an object', '{"session_id":"s"', 'not_json', 'JSON', '"{\\"session_id\\":\\"s\\""'],
    ['two objects', '{}{}', 'not_json', 'JSON', '"{}{}"'],
    ['a trailing comma', '{"a":1,}', 'not_json', 'JSON', '"{\\"a\\":1,}"'],
    ['single quotes', "{'a':1}", 'not_json', 'JSON', '"{\'a\':1}"'],
    ['NaN', '{"a":NaN}', 'not_json', 'JSON', '"{\\"a\\":NaN}"'],
    ['only a BOM', '\uFEFF', 'not_json', 'JSON', '"\uFEFF"'],
    ['two BOMs', `\uFEFF\uFEFF{}`, 'not_json', 'JSON', '"\uFEFF\uFEFF{}"'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not_json', 'UTF-8 text', '"{ÿ}"'],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'not_json', 'UTF-8 text', '"\\"À\u0080\\""'],
    ['half a surrogate pair as bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not_json', 'UTF-8 text', '"\\"í\u00A0\u0080\\""'],
    ['a character cut in two', Buffer.from('"é"').subarray(0, 2), 'not_json', 'UTF-8 text', '"\\"Ã"'],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), 'not_json', 'UTF-8 text', '"ÿþ{\\u0000}\\u0000"'],
    ['null', 'null', 'invalid', 'a page view event', 'null'],
    ['a number', '17', 'invalid', 'a page view event', '17'],
    ['a number beyond all', '1e400', 'invalid', 'a page view event', 'Infinity'],
    ['a boolean', 'true', 'invalid', 'a page view event', 'true'],
    ['a string', '"{}"', 'invalid', 'a page view event', '"{}"'],
    ['an array', `[${valid}]`, 'invalid', 'a page view event', 'an array of 1'],
    ['an array in arrays', nested('[', ']', 100_000), 'invalid', 'a page view event', 'an array of 1'],
  ])('%s', (_, body, reason, expected, got) => {
    const { deadLetters, results } = playBodies(body);
    expect(deadLetters).toMatchObject([{ reason, stage: 'validate', sessionId: undefined }]);
    expect(deadLetters[0]?.faults).toEqual([{ path: '$', expected, got }]);
    expect(results).toEqual([]);
  });

  test('also a million levels deep, and the event after it is processed', () => {
    const played = playBodies(nested('[', ']', 1_000_000), nested('{"a":', '}', 1_000_000), nested('[', '', 1_000_000), valid);
    expect(played.deadLetters.map(({ reason }) => reason)).toEqual(['invalid', 'invalid', 'not_json']);
    expect(spent(played)).toEqual([['s', 'A', 60]]);
  });

  test('also when it has 10 MB, and what is shown of it stays short', () => {
    const played = playBodies('x'.repeat(10_000_000), Buffer.alloc(10_000_000, 0xff), bodyWith('session_id', ' '.repeat(10_000_000)));
    expect(played.deadLetters.map(({ reason }) => reason)).toEqual(['not_json', 'not_json', 'invalid']);
    for (const { faults } of played.deadLetters) expect(JSON.stringify(faults).length).toBeLessThan(300);
  });

  test('also when the source has parsed it already', () => {
    const parsed = [null, 17, [1], {}].map((json) => ({ ...message('the line it stood in', { at: 0 }), json }));
    expect(playMessages(parsed).deadLetters.map(({ reason, faults }) => [reason, faults[0]?.got])).toEqual([['invalid', 'null'], ['invalid', '17'], ['invalid', 'an array of 1'], ['invalid', 'nothing']]);
  });

  test('an input line that was too long to be held is too large, whatever its beginning', () => {
    const { deadLetters } = playMessages([{ ...message(valid, { at: 0 }), oversize: 20_000_000 }]);
    expect(deadLetters).toMatchObject([{ reason: 'too_large', faults: [{ path: '$', expected: 'a message of readable size', got: '20000000 bytes' }] }]);
  });
});

describe('a field that is not what it must be is a dead letter that names it', () => {
  const NOT_TEXT: readonly [name: string, value: unknown, got: string][] = [
    ['missing', MISSING, 'nothing'], ['null', null, 'null'], ['empty', '', '""'], ['blank', '  ', '"  "'], ['a tab and a line end', '\t\n', '"\\t\\n"'],
    ['a no-break space', '\u00A0', '"\u00A0"'], ['a wide space', '\u3000', '"\u3000"'], ['a BOM', '\uFEFF', '"\uFEFF"'],
    ['a number', 1738286883, '1738286883'], ['zero', 0, '0'], ['false', false, 'false'], ['a list', ['s'], 'an array of 1'], ['an object', { id: 's' }, 'an object'],
  ];
  const NO_COUNT: readonly [name: string, value: unknown, got: string][] = [
    ['words', 'many', '"many"'], ['empty', '', '""'], ['blank', ' ', '" "'], ['hexadecimal', '0x10', '"0x10"'], ['an exponent', '1e3', '"1e3"'], ['NaN in words', 'NaN', '"NaN"'],
    ['too many digits', '9'.repeat(21), `"${'9'.repeat(21)}"`], ['true', true, 'true'], ['a list', [1], 'an array of 1'], ['an object', {}, 'an object'],
  ];
  const IMPOSSIBLE = [
    '2025-02-30T12:00:00Z', '2025-02-29T12:00:00Z', '1900-02-29T12:00:00Z', '2025-04-31T12:00:00Z', '2025-13-01T12:00:00Z', '2025-00-01T12:00:00Z', '2025-01-00T12:00:00Z', '2025-01-32T12:00:00Z',
    '2025-01-30T24:00:00Z', '2025-01-30T25:00:00Z', '2025-01-30T12:60:00Z', '2025-01-30T12:00:60Z', '2025-01-30T12:00:00.Z', '2025-01-30T12:00:00+25:00', '2025-01-30T12:00:00+24:00', '2025-01-30T12:00:00+02:60',
    '2025-01-30T12:00:00 +02:00', '2025-01-30', '12:00:00', '20250130T120000Z', '2025-1-30T12:00:00Z', '+002025-01-30T12:00:00Z', '0000-01-01T00:00:00Z', '1738251000', 'yesterday', 'Invalid Date',
    ' 2025-01-30T12:00:00Z', '2025-01-30T12:00:00Z\n', '2025-01-30t12:00:00Z', '２０２５-01-30T12:00:00Z', '',
  ];
  const rows = [
    ...['session_id', 'page_title'].flatMap((field) => NOT_TEXT.map(([name, value, got]) => ({ field, name, value, expected: 'a non-blank string of at most 100000 characters', got }))),
    ...NOT_TEXT.map(([name, value, got]) => ({ field: 'ga_event_dtm', name, value, expected: 'an ISO 8601 date-time that exists', got })),
    ...IMPOSSIBLE.map((value) => ({ field: 'ga_event_dtm', name: JSON.stringify(value), value, expected: 'an ISO 8601 date-time that exists', got: JSON.stringify(value) })),
    ...['event_timestamp_ms', 'batch_page_id', 'batch_ordering_id', 'batch_event_index'].flatMap((field) =>
      NO_COUNT.map(([name, value, got]) => ({ field, name, value, expected: 'a number, or its digits as a string', got }))),
    ...[{ name: 'a number', value: 3, got: '3' }, { name: 'a list', value: ['page_view'], got: 'an array of 1' }, { name: 'false', value: false, got: 'false' }]
      .map((row) => ({ ...row, field: 'event_name', expected: 'a string' })),
  ];

  test.each(rows)('$field: $name', ({ field, value, expected, got }) => {
    const { deadLetters, results } = playBodies(bodyWith(field, value));
    expect(deadLetters).toMatchObject([{ reason: 'invalid', stage: 'validate', sessionId: field === 'session_id' ? undefined : 's' }]);
    expect(deadLetters[0]?.faults).toEqual([{ path: `$.${field}`, expected, got }]);
    expect(results).toEqual([]);
  });

  test.each(['event_timestamp_ms', 'batch_page_id', 'batch_ordering_id', 'batch_event_index'])('%s: a number beyond all', (field) => {
    const { deadLetters } = playBodies(bodyWithText(field, '1e400'), bodyWithText(field, '-1e400'));
    expect(deadLetters.map(({ faults }) => faults)).toEqual([
      [{ path: `$.${field}`, expected: 'a number, or its digits as a string', got: 'Infinity' }],
      [{ path: `$.${field}`, expected: 'a number, or its digits as a string', got: '-Infinity' }],
    ]);
  });

  test('all that is wrong is told at once', () => {
    const { deadLetters } = playBodies(JSON.stringify({ page_title: 7, ga_event_dtm: 'now', batch_page_id: {} }));
    expect(deadLetters[0]?.faults.map(({ path }) => path).sort()).toEqual(['$.batch_page_id', '$.ga_event_dtm', '$.page_title', '$.session_id']);
  });

  test('its record is the original bytes under the session that is known', () => {
    const body = Buffer.from(bodyWith('page_title', MISSING).replace('{', '{  '));
    const [refused] = playBodies(body).deadLetters;
    const record = refused && deadLetterRecord(refused);
    expect(record).toMatchObject({ key: 's', headers: { reason: 'invalid', stage: 'validate', errors: '[{"path":"$.page_title","expected":"a non-blank string of at most 100000 characters","got":"nothing"}]' } });
    expect(record?.value).toBe(body);
  });
});

describe('odd input that can be read is a result', () => {
  /** Session, page and the second after T0 at which the one view in the body was entered. */
  const readAs = (body: string | Buffer): readonly unknown[] => {
    const played = playBodies(body);
    expect(played.deadLetters).toEqual([]);
    return played.results.map(({ emitted: { key, value } }) => [key, value.page, (value.entry - T0) / SECOND]);
  };

  test.each<[name: string, body: string | Buffer]>([
    ['as text', valid],
    ['as bytes', Buffer.from(valid)],
    ['after a BOM', `\uFEFF${valid}`],
    ['after a BOM as bytes', Buffer.from(`\uFEFF${valid}`)],
    ['between white space', `\r\n\t ${valid} \n`],
    ['with fields nobody knows', JSON.stringify({ ...eventOf({ page: 'A', at: 0 }), x: [1, { y: null }], '': 0, 'a.b': 1 })],
    ['with __proto__ and constructor', valid.replace('{', '{"__proto__":{"session_id":"x","polluted":1},"constructor":{"prototype":{"polluted":1}},')],
    ['with a field nested 100 000 levels deep', valid.replace('{', `{"deep":${nested('{"a":', '}', 100_000)},`)],
    ['with 10 MB nobody needs', valid.replace('{', `{"ballast":"${'x'.repeat(10_000_000)}",`)],
    ['with a key twice: the last stands', valid.replace('{', '{"session_id":"first","page_title":null,')],
    ['with numbers', JSON.stringify(eventOf({ page: 'A', at: 0, fields: { event_timestamp_ms: T0, batch_page_id: 1, batch_ordering_id: -2, batch_event_index: 0.5 } }))],
    ['with numbers as strings', JSON.stringify(eventOf({ page: 'A', at: 0, fields: { event_timestamp_ms: `${T0}`, batch_page_id: '1', batch_ordering_id: '-2', batch_event_index: '99999999999999999999' } }))],
    ['with null for what is not there', JSON.stringify(eventOf({ page: 'A', at: 0, fields: { event_name: null, event_timestamp_ms: null, batch_page_id: null, batch_ordering_id: null, batch_event_index: null, user_id: null } }))],
    ['without event_name', bodyWith('event_name', MISSING).replace('Home Page', 'A')],
    ['with escapes', valid.replace('"A"', '"\\u0041"')],
  ])('%s', (_, body) => expect(readAs(body)).toEqual([['s', 'A', 0]]));

  test.each<[time: string, seconds: number]>([
    ['2025-01-30T15:30:07Z', 7], ['2025-01-30T15:30:07', 7], ['2025-01-30 15:30:07', 7], ['2025-01-30 15:30:07+00', 7], ['2025-01-30T15:30:07z', 7],
    ['2025-01-30T17:30:07+02:00', 7], ['2025-01-30T17:30:07+0200', 7], ['2025-01-30T17:30:07+02', 7], ['2025-01-30T10:00:07-05:30', 7], ['2025-01-31T15:29:07+23:59', 7],
    ['2025-01-30T15:30:07.5Z', 7.5], ['2025-01-30T15:30:07,25Z', 7.25], ['2025-01-30T15:30:07.123Z', 7.123], ['2025-01-30T15:30:07.123999Z', 7.123], ['2025-01-30T15:30:07.999999999Z', 7.999],
  ])('ga_event_dtm %s is %d s after half past three', (time, seconds) => expect(readAs(bodyWith('ga_event_dtm', time))).toEqual([['s', 'Home Page', seconds]]));

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', 'null', '\u{1F680}', '\ud800', 'a\u0000b', 'x'.repeat(100_000)])('a session and a page called %j are like any other', (name) => {
    const played = play([{ session: name, page: name, at: 0 }, { session: name, page: 'B', at: 20 }, { session: 'other', page: name, at: 21 }]);
    expect(spent(played).toSorted()).toEqual([[name, name, 20], [name, 'B', 60], ['other', name, 60]].toSorted());
    for (const body of bodies(played)) expect(JSON.parse(body)).toHaveProperty('session_id');
  });
});

test('no body changes what all objects have', () => {
  const before = Reflect.ownKeys(Object.prototype);
  const attack = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a.__proto__.polluted":1';
  const changes = {
    filter: { customer: { id: '1', field: '__proto__.polluted' }, rules: [{ name: 'r', action: 'exclude' as const, field: 'constructor.prototype.polluted', equals: '2' }] },
    outputFields: ['segment', 'device', 'source'] as const,
  };
  const played = playMessages([`{${attack}}`, `[{${attack}}]`, valid.replace('{', `{${attack},`), valid.replace('"s"', '{"__proto__":{"polluted":1}}')].map((body) => message(body, { at: 0 })), changes);
  expect(played.counts.received).toBe(4);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('events without a usable key never share a session: each is a dead letter without one', () => {
  const keys = [undefined, null, '', ' ', '\t', '\u00A0', 0, false, [], {}, [''], ['s'], 1738286883];
  const played = playMessages([...keys, ...keys].map((key, place) => messageOf({ page: `P${place}`, at: place, fields: { session_id: key } })));
  expect(played.results).toEqual([]);
  expect(played.deadLetters).toHaveLength(2 * keys.length);
  for (const { reason, sessionId, faults } of played.deadLetters) {
    expect({ reason, sessionId, paths: faults.map(({ path }) => path) }).toEqual({ reason: 'invalid', sessionId: undefined, paths: ['$.session_id'] });
  }
});
