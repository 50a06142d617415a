import { command, errors, printed } from './commandLine.js';

const SIDES = ['--left', 'old.ndjson', '--right', 'pages-viewed'];
const BROKERS = ['--kafka_brokers', 'a:1'];

describe('pages-viewed compare', () => {
  test('takes topics and files, and has a default for the rest', () => {
    expect(command(['compare', ...SIDES, ...BROKERS])).toEqual({
      _tag: 'Compare',
      config: {
        left: { results: { _tag: 'File', path: 'old.ndjson' }, deadLetters: undefined, timestamp: undefined },
        right: { results: { _tag: 'Topic', topic: 'pages-viewed' }, deadLetters: undefined, timestamp: undefined },
        kafka: { brokers: ['a:1'], security: { tls: undefined, sasl: undefined } },
        rules: { tolerances: { instant: 1_000, spent: 1 }, since: -Infinity, until: Infinity },
        accepted: [], examples: 5, format: 'text', report: '-', logLevel: 'info',
      },
    });
  });

  test.each([
    ['-', { _tag: 'File', path: '-' }],
    ['./results', { _tag: 'File', path: './results' }],
    ['a.json', { _tag: 'File', path: 'a.json' }],
    ['a.jsonl', { _tag: 'File', path: 'a.jsonl' }],
    ['pages.viewed', { _tag: 'Topic', topic: 'pages.viewed' }],
  ])('%s is what its name says', (name, results) => {
    expect(command(['compare', '--left', name, '--right', 'x.ndjson', ...BROKERS])).toMatchObject({ config: { left: { results } } });
  });

  test('takes rules, a span of time, and a report', () => {
    const flags = ['--left_timestamp', 'entry', '--time_tolerance', '2', '--spent_tolerance', '0.5', '--accept', 'last_page,rounding', '--since', '2025-02-03T00:00:00Z', '--until', '2025-02-10T00:00:00+01:00'];
    expect(command(['compare', '--left', 'a.ndjson', '--right', 'b.ndjson', '--right_dead_letters', 'c.ndjson', ...flags, '--format', 'html', '--report', 'r.html', '--examples', '0'])).toMatchObject({
      config: {
        left: { timestamp: 'entry' }, right: { deadLetters: { path: 'c.ndjson' } },
        rules: { tolerances: { instant: 2_000, spent: 500 }, since: Date.UTC(2025, 1, 3), until: Date.UTC(2025, 1, 9, 23) },
        accepted: ['last_page', 'rounding'], examples: 0, format: 'html', report: 'r.html',
      },
    });
  });

  test('finds Kafka by the file of a run', () => {
    const files = { 'p.yaml': 'kafka_brokers: [a:1]\nkafka_tls: true\noutput_topic: pages\nwindow_size: 30' };
    expect(command(['compare', ...SIDES, '--config', 'p.yaml'], { files })).toMatchObject({ config: { kafka: { brokers: ['a:1'], security: { tls: {} } } } });
  });

  test('has help that names its exit codes', () => {
    expect(printed(['compare', '--help'])).toMatch(/Exit codes:\n {2}0 .*same.*\n {2}1 .*differ.*\n {2}2 .*\n {2}3 /);
  });
});

describe('what is wrong', () => {
  const files = ['--left', 'a.ndjson', '--right', 'b.ndjson'];

  test.each([
    { argv: ['--left', 'a.ndjson'], key: 'right', rule: /^is required: the name of a topic or the path of a file/ },
    { argv: SIDES, key: 'right', rule: /^needs kafka_brokers: it is a topic; a file has a slash/ },
    { argv: ['--left', '-', '--right', '-'], key: 'right', rule: /^cannot be stdin, too/ },
    { argv: [...files, '--left_dead_letters', 'refused'], key: 'left_dead_letters', rule: /^needs kafka_brokers/ },
    { argv: ['--left', 'a topic', '--right', 'b.ndjson', ...BROKERS], key: 'left', rule: /^expected the name of a topic or the path of a file/ },
    { argv: [...files, '--since', 'monday'], key: 'since', rule: /^expected an ISO 8601 date-time that exists/ },
    { argv: [...files, '--since', '2025-02-30'], key: 'since', rule: /^expected an ISO 8601/ },
    { argv: [...files, '--since', '2025-02-03T00:00:00Z', '--until', '2025-02-03T00:00:00Z'], key: 'since', rule: /^must be before until \(from --until\)/ },
    { argv: [...files, '--accept', 'rounding,late'], key: 'accept[1]', rule: /^expected one of last_page, rounding, / },
    { argv: [...files, '--format', 'pdf'], key: 'format', rule: /^expected one of text, json, html/ },
    { argv: [...files, '--kafka_username', 'me'], key: 'kafka_username', rule: /^needs kafka_password/ },
    { argv: [...files, '--window_size', '60'], key: '--window_size', rule: /^there is no such flag/ },
  ])('$argv', ({ argv, key, rule }) => {
    expect(errors(['compare', ...argv])).toMatchObject([{ key, rule: expect.stringMatching(rule) }]);
  });
});
