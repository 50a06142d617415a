import type { FilterRule } from '../../src/model/filterRule.js';
import { exclusionOf, type Exclusions } from '../../src/stages/exclude.js';
import { play, spent } from '../pipeline/play.js';
import { validEvent } from './validEvent.js';

const verdict = (fields: Readonly<Record<string, unknown>>, exclusions: Partial<Exclusions> = {}) =>
  exclusionOf(['page_view'], { customer: undefined, rules: [], ...exclusions })(validEvent(fields));

describe('events that are no page views', () => {
  test.each([undefined, null, 'page_view'])('are not those whose event_name is %j', (name) => expect(verdict({ event_name: name })).toBeUndefined());

  test.each(['scroll', 'Page_View', 'page_view ', '', 'null'])('are those whose event_name is %j', (name) =>
    expect(verdict({ event_name: name })).toEqual({ path: '$.event_name', expected: 'page_view', got: JSON.stringify(name) }));
});

describe('the customer filter', () => {
  const ids = (field?: string) => ({ customer: { id: '17', field } });
  const passed: readonly [fields: Record<string, unknown>, field: string | undefined][] = [
    [{ customer_id: '17' }, undefined], [{ customer_id: 17 }, undefined], [{ customer_id: '17', account_number: 'other' }, undefined], [{ account_number: '17' }, undefined], [{ account_number: 17 }, undefined],
    // BigQuery writes null for what is not there.
    [{ customer_id: null, account_number: '17' }, undefined], [{ user_id: '17', customer_id: 'other' }, 'user_id'], [{ user: { id: 17 } }, 'user.id'],
  ];
  test.each(passed)('passes %j (field %j)', (fields, field) => expect(verdict(fields, ids(field))).toBeUndefined());

  const refused: readonly [fields: Record<string, unknown>, field: string | undefined, path: string, got: string][] = [
    [{}, undefined, '$.account_number', 'nothing'],
    [{ account_number: '18' }, undefined, '$.account_number', '"18"'],
    [{ account_number: '017' }, undefined, '$.account_number', '"017"'],
    [{ account_number: null }, undefined, '$.account_number', 'null'],
    [{ customer_id: '18', account_number: '17' }, undefined, '$.customer_id', '"18"'],
    [{ customer_id: ['17'], account_number: '17' }, undefined, '$.customer_id', 'an array of 1'],
    [{ customer_id: '', account_number: '17' }, undefined, '$.customer_id', '""'],
    [{ customer_id: '17', account_number: '17' }, 'user_id', '$.user_id', 'nothing'],
    [{ user: '17' }, 'user.id', '$.user.id', 'nothing'],
  ];
  test.each(refused)('refuses %j (field %j)', (fields, field, path, got) => expect(verdict(fields, ids(field))).toEqual({ path, expected: 'customer_id_filter: "17"', got }));
});

describe('a rule of the configuration', () => {
  type Condition = Pick<FilterRule, 'equals' | 'oneOf' | 'matches'>;
  const rule = (action: FilterRule['action'], condition: Condition, field = 'f'): FilterRule => ({ name: 'r', action, field, ...condition });

  const rows: readonly [condition: Condition, value: unknown, hit: boolean][] = [
    [{ equals: 'a' }, 'a', true], [{ equals: 'a' }, 'A', false], [{ equals: 'a' }, 'ab', false], [{ equals: '' }, '', true], [{ equals: '' }, undefined, false], [{ equals: '' }, null, false],
    [{ equals: '17' }, 17, true], [{ equals: '17' }, '17', true], [{ equals: '17.0' }, 17, false], [{ equals: 'true' }, true, true], [{ equals: 'null' }, null, false], [{ equals: 'undefined' }, undefined, false],
    [{ equals: '[object Object]' }, {}, false], [{ equals: 'a' }, ['a'], false],
    [{ oneOf: ['a', 'b'] }, 'b', true], [{ oneOf: ['a', '2'] }, 2, true], [{ oneOf: ['a', 'b'] }, 'a,b', false], [{ oneOf: [] }, 'a', false], [{ oneOf: ['a'] }, undefined, false],
    [{ matches: /b/ }, 'abc', true], [{ matches: /^b/ }, 'abc', false], [{ matches: /^1/ }, 17, true], [{ matches: /.*/ }, undefined, false], [{ matches: /.*/ }, null, false], [{ matches: /^$/ }, '', true],
  ];
  test.each(rows)('%j and the value %j: a hit is %j, which exclude refuses and include asks for', (condition, value, hit) => {
    expect(verdict({ f: value }, { rules: [rule('exclude', condition)] }) !== undefined).toBe(hit);
    expect(verdict({ f: value }, { rules: [rule('include', condition)] }) === undefined).toBe(hit);
  });

  test('looks into records by dots, and never into what all objects have', () => {
    const mobile = { rules: [rule('exclude', { equals: 'mobile' }, 'device.category')] };
    expect(verdict({ device: { category: 'mobile' } }, mobile)).toEqual({ path: '$.device.category', expected: 'r: exclude equals "mobile"', got: '"mobile"' });
    expect(verdict({ device: 'mobile' }, mobile)).toBeUndefined();
    expect(verdict({}, { rules: [rule('exclude', { matches: /./ }, 'constructor.name')] })).toBeUndefined();
  });

  test('gives the same answer to the same event every time', () => {
    const check = exclusionOf(['page_view'], { customer: undefined, rules: [rule('exclude', { matches: /a/ })] });
    const event = validEvent({ f: 'aaa' });
    expect([1, 2, 3].map(() => check(event) !== undefined)).toEqual([true, true, true]);
  });

  const staff: FilterRule = { name: 'staff', action: 'exclude', field: 'account_number', oneOf: ['S1', 'S2'] };
  const shop: FilterRule = { name: 'shop only', action: 'include', field: 'page_title', matches: /^Shop/ };

  test.each<[fields: Record<string, unknown>, rules: readonly FilterRule[], path: string, expected: string, got: string]>([
    [{ account_number: 'S1', page_title: 'Blog' }, [staff, shop], '$.account_number', 'staff: exclude one of ["S1","S2"]', '"S1"'],
    [{ account_number: 'S1', page_title: 'Blog' }, [shop, staff], '$.page_title', 'shop only: include matches /^Shop/', '"Blog"'],
    [{ account_number: 'S1', page_title: 'Shop' }, [shop, staff], '$.account_number', 'staff: exclude one of ["S1","S2"]', '"S1"'],
  ])('of several that refuse %j the first is named', (fields, rules, path, expected, got) => expect(verdict(fields, { rules })).toEqual({ path, expected, got }));

  test('comes after the kind of the event and the customer', () => {
    const exclusions = { customer: { id: '17', field: undefined }, rules: [staff, shop] };
    expect(verdict({ event_name: 'scroll', account_number: 'S1' }, exclusions)?.path).toBe('$.event_name');
    expect(verdict({ account_number: 'S1' }, exclusions)?.expected).toBe('customer_id_filter: "17"');
    expect(verdict({ account_number: '17', page_title: 'Shop' }, exclusions)).toBeUndefined();
  });

  test('makes a dead letter of what it refuses, and the session is one without it', () => {
    const played = play(
      [{ page: 'Shop', at: 0 }, { page: 'Blog', at: 10 }, { page: 'Shop now', at: 30 }, { page: 'Shop', at: 40, fields: { event_name: 'scroll' } }, { page: 'Shop', at: 50, fields: { account_number: 'S2' } }],
      { filter: { rules: [staff, shop] } },
    );
    expect(spent(played)).toEqual([['s', 'Shop', 30], ['s', 'Shop now', 60]]);
    expect(played.deadLetters.map(({ reason, stage, sessionId, faults }) => [reason, stage, sessionId, faults])).toEqual([
      ['excluded', 'filter', 's', [{ path: '$.page_title', expected: 'shop only: include matches /^Shop/', got: '"Blog"' }]],
      ['excluded', 'filter', 's', [{ path: '$.event_name', expected: 'page_view', got: '"scroll"' }]],
      ['excluded', 'filter', 's', [{ path: '$.account_number', expected: 'staff: exclude one of ["S1","S2"]', got: '"S2"' }]],
    ]);
  });
});
