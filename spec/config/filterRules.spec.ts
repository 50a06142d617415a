import { errors, runConfig } from './commandLine.js';

const rules = (argv: string[], around?: Parameters<typeof runConfig>[1]) => runConfig(argv, around).filter.rules;

describe('filter rules', () => {
  const expected = [
    { name: 'staff', action: 'exclude', field: 'account_number', oneOf: ['A1', 'A2'] },
    { name: 'shop only', action: 'include', field: 'page_title', matches: /^Shop: \d+, (a|b)$/u },
    { name: 'live', action: 'include', field: 'source', equals: 'ga4 streaming' },
  ];

  test('as flags: one rule each, in words, in the order given', () => {
    expect(
      rules([
        ...['--filter', 'staff: exclude account_number one_of A1, A2'],
        ...['--filter', 'shop only: include page_title matches ^Shop: \\d+, (a|b)$'],
        ...['--filter=live: include source equals ga4 streaming'],
      ]),
    ).toEqual(expected);
  });

  test('in the environment: one rule a line', () => {
    const PAGES_VIEWED_FILTER = `
      staff: exclude account_number one_of A1,A2
      shop only: include page_title matches ^Shop: \\d+, (a|b)$
      live: include source equals ga4 streaming
    `;
    expect(rules([], { env: { PAGES_VIEWED_FILTER } })).toEqual(expected);
  });

  test('in the file: records', () => {
    const yaml = `
filter:
  - { name: staff, action: exclude, field: account_number, one_of: [A1, A2] }
  - name: shop only
    action: include
    field: page_title
    matches: '^Shop: \\d+, (a|b)$'
  - { name: live, action: include, field: source, equals: ga4 streaming }
`;
    expect(rules(['--config', 'p.yaml'], { files: { 'p.yaml': yaml } })).toEqual(expected);
  });

  test('as flags replace those of the file', () => {
    const files = { 'p.yaml': 'filter: [{ name: a, action: include, field: x, equals: y }]' };
    expect(rules(['--config', 'p.yaml', '--filter', 'b: exclude x equals z'], { files })).toEqual([{ name: 'b', action: 'exclude', field: 'x', equals: 'z' }]);
  });

  test.each([
    { yaml: 'staff', key: 'filter[0]', rule: 'expected' },
    { yaml: '{ action: include, field: x, equals: y }', key: 'filter[0].name', rule: 'expected a name' },
    { yaml: '{ name: a, action: drop, field: x, equals: y }', key: 'filter[0].action', rule: 'include or exclude' },
    { yaml: '{ name: a, action: include, field: " ", equals: y }', key: 'filter[0].field', rule: 'the name of a field' },
    { yaml: '{ name: a, action: include, field: x }', key: 'filter[0]', rule: 'exactly one of' },
    { yaml: '{ name: a, action: include, field: x, equals: y, matches: z }', key: 'filter[0]', rule: 'exactly one of' },
    { yaml: '{ name: a, action: include, field: x, equals: 12 }', key: 'filter[0].equals', rule: 'put numbers in quotes' },
    { yaml: '{ name: a, action: include, field: x, one_of: [y, 12] }', key: 'filter[0].one_of', rule: 'a list of texts' },
    { yaml: '{ name: a, action: include, field: x, one_of: [] }', key: 'filter[0].one_of', rule: 'a list of texts' },
    { yaml: '{ name: a, action: include, field: x, matches: "(" }', key: 'filter[0].matches', rule: 'Invalid regular expression' },
    { yaml: '{ name: a, action: include, field: x, matches: "" }', key: 'filter[0].matches', rule: 'a regular expression' },
    { yaml: '{ name: a, action: include, field: x, equals: y, oneof: [z] }', key: 'filter[0].oneof', rule: 'did you mean one_of?' },
  ])('$yaml is refused at $key', ({ yaml, key, rule }) => {
    expect(errors(['--config', 'p.yaml'], { files: { 'p.yaml': `filter: [${yaml}]` } })).toMatchObject([{ key, source: 'p.yaml:1', rule: expect.stringContaining(rule) }]);
  });

  test('that are several and wrong are all told, and a name is used once', () => {
    const found = errors(['--filter', 'no rule at all', '--filter', 'a: exclude x equals y', '--filter', 'a: include x matches )', '--filter', 'a: include x equals z']);
    expect(found.map(({ key }) => key)).toEqual(['filter[0]', 'filter[2].matches', 'filter[3].name']);
  });
});
