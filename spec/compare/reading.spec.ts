import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { asideLine, readAsideLine, type Aside } from '../../src/compare/asideLine.js';
import { readRefused } from '../../src/compare/readRefused.js';
import { readTold } from '../../src/compare/readTold.js';
import { SideFacts } from '../../src/compare/sideFacts.js';
import { SortedAside } from '../../src/io/sortedAside.js';
import { deadLetterLine } from '../../src/model/envelope.js';
import { resultBody, resultHeaders } from '../../src/model/resultRecord.js';
import { deadLetter } from '../support/deadLetters.js';
import { sampleResult } from '../support/results.js';

const BODY = { session_id: 's', page: 'Home', time_spent_seconds: 45.5, timestamp: '2025-01-30T15:30:45.500Z', window_start: '2025-01-30T15:30:00Z', window_end: '2025-01-30T15:31:45Z', element_timestamp: '2025-01-30T15:30:45Z' };

describe('a result is read', () => {
  test('as it is written', () => {
    const result = sampleResult({ pane: { historic: true }, revision: 3 });
    const told = {
      session: '1234567890.1738286883', page: 'Home Page', spent: 45_500, place: 7,
      timestamp: Date.parse('2025-01-30T15:30:45.500Z'), windowStart: Date.parse('2025-01-30T15:30:00Z'), windowEnd: Date.parse('2025-01-30T15:31:45.500Z'),
      pane: { entry: Date.parse('2025-01-30T15:30:00Z'), revision: 3, rule: 'next_view', historic: true },
    };
    expect(readTold(resultBody(result), 7, resultHeaders(result)['pane'])).toEqual({ _tag: 'Right', right: told });
    const line = JSON.stringify({ ...JSON.parse(resultBody(result)), headers: resultHeaders(result) });
    expect(readTold(line, 7)).toEqual({ _tag: 'Right', right: told });
  });

  test.each([
    ['no headers, no windows, other fields', { ...BODY, window_start: undefined, window_end: null, more: { x: 1 } }, { windowStart: undefined, windowEnd: undefined, pane: undefined, spent: 45_500 }],
    ['microseconds, and an offset', { ...BODY, time_spent_seconds: 45.500123, timestamp: '2025-01-30T16:30:45.500123+01:00' }, { spent: 45_500.123, timestamp: Date.parse(BODY.timestamp) }],
    ['a pane that is none', { ...BODY, headers: { pane: '{"entry":"x"}' } }, { pane: undefined }],
    ['headers of others', { ...BODY, headers: { processing_time: 'x' } }, { pane: undefined }],
  ])('with %s', (_, body, expected) => {
    expect(readTold(JSON.stringify(body), 1)).toMatchObject({ right: expected });
  });

  test.each([
    ['{', '$', 'JSON'],
    ['[1]', '$', 'a result'],
    [JSON.stringify({ ...BODY, session_id: 7 }), '$.session_id', 'string'],
    [JSON.stringify({ ...BODY, time_spent_seconds: -1 }), '$.time_spent_seconds', 'not negative'],
    [JSON.stringify({ ...BODY, timestamp: '2025-02-30T00:00:00Z' }), '$.timestamp', 'exists'],
    [JSON.stringify({ ...BODY, window_end: 5 }), '$.window_end', 'or nothing'],
  ])('or it is said what is wrong: %s', (text, path, expected) => {
    const told = readTold(text, 1);
    expect(told._tag === 'Left' && told.left).toContainEqual(expect.objectContaining({ path, expected: expect.stringContaining(expected) }));
  });
});

describe('a dead letter is read', () => {
  const event = { session_id: 's', page_title: 'Home', ga_event_dtm: '2025-01-30T15:30:00Z' };
  const refused = { session: 's', entry: Date.parse(event.ga_event_dtm), reason: 'late' };

  test('from a topic, and from a file', () => {
    expect(readRefused(JSON.stringify(event), 'late')).toEqual(refused);
    expect(readRefused(deadLetterLine({ ...deadLetter({ id: '1', body: JSON.stringify(event) }), reason: 'late' }))).toEqual(refused);
  });

  test.each(['not JSON', '{}', '{"reason":"late"}', JSON.stringify({ ...event, ga_event_dtm: 'soon' })])('or left, where it names no view: %s', (text) => {
    expect(readRefused(text, 'late')).toBeUndefined();
    expect(readRefused(text)).toBeUndefined();
  });
});

describe('what timestamp means', () => {
  const meaning = (...bodies: readonly object[]) => {
    const facts = new SideFacts();
    for (const body of bodies) {
      const told = readTold(JSON.stringify({ ...BODY, ...body }), 1);
      if (told._tag === 'Right') facts.read(told.right);
    }
    return facts.meaning;
  };

  test.each([
    ['the first page of a window was entered when it starts', [{ timestamp: BODY.window_start }], 'entry'],
    ['the last page of a window is left when it ends', [{ timestamp: BODY.window_end, time_spent_seconds: 60 }], 'exit'],
    ['a page in between says nothing', [{}], 'exit'],
    ['a page that was left at once says nothing', [{ timestamp: BODY.window_start, time_spent_seconds: 0 }], 'exit'],
    ['most of them are believed', [{ timestamp: BODY.window_start }, { timestamp: BODY.window_start }, { timestamp: BODY.window_end }], 'entry'],
    ['nothing tells: as this pipeline writes it', [{ window_start: undefined, window_end: undefined }], 'exit'],
  ])('%s', (_, bodies, expected) => {
    expect(meaning(...bodies)).toBe(expected);
  });
});

test('law: what is laid aside comes back as it was', () => {
  const maybe = fc.option(fc.integer(), { nil: undefined });
  const told = fc.record({
    _tag: fc.constant('Told' as const), side: fc.constantFrom('left' as const, 'right' as const), session: fc.string({ unit: 'binary' }),
    told: fc.record({
      page: fc.string({ unit: 'binary' }), timestamp: fc.integer(), spent: fc.nat(), place: fc.nat(), windowStart: maybe, windowEnd: maybe,
      pane: fc.option(fc.record({ entry: fc.integer(), revision: fc.nat(), rule: fc.constantFrom('next_view' as const, 'session_gap' as const), historic: fc.boolean() }), { nil: undefined }),
    }),
  });
  const refused = fc.record({
    _tag: fc.constant('Refused' as const), side: fc.constantFrom('left' as const, 'right' as const), session: fc.string(), refused: fc.record({ entry: fc.integer(), reason: fc.string() }),
  });
  const aside: fc.Arbitrary<Aside> = fc.oneof(refused, told.map((it): Aside => ({ ...it, told: { ...it.told, session: it.session } })));
  fc.assert(fc.property(aside, (it) => expect(readAsideLine(asideLine(it))).toEqual(it)));
});

describe('lines that are laid aside', () => {
  const temporary = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('pages-viewed-aside-'));

  test('come back by share, in their order, with what has the same key together; and leave nothing behind', () => {
    const before = temporary();
    const aside = new SortedAside(16);
    const lines = Array.from({ length: 30_000 }, (_, n) => ({ key: `session ${n % 300}`, line: `${n % 300} ${n} ${'x'.repeat(100)}` }));
    for (const { key, line } of lines) aside.add(key, line);
    expect(temporary()).toHaveLength(before.length + 1);
    const shares = [...aside.all()];
    expect(shares.length).toBeGreaterThan(8);
    expect(shares.flat()).toHaveLength(lines.length);
    const sharesOfKey = new Map<string, Set<number>>();
    for (const [share, all] of shares.entries()) {
      const numbers = all.map((line) => Number(line.split(' ')[1]));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      for (const line of all) sharesOfKey.set(line.split(' ')[0]!, (sharesOfKey.get(line.split(' ')[0]!) ?? new Set()).add(share));
    }
    expect([...sharesOfKey.values()].filter(({ size }) => size !== 1)).toEqual([]);
    aside.remove();
    expect(temporary()).toEqual(before);
  });

  test('where there is no room for them it is said', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gone-'));
    rmSync(folder, { recursive: true });
    expect(() => new SortedAside(4, folder)).toThrow(`cannot keep records in ${folder}: there is no such file or directory (ENOENT)`);
  });
});
