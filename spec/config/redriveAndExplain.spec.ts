import { command, errors } from './commandLine.js';

const TOPIC = ['--topic', 'projects/p/topics/t'];
const KAFKA = ['--kafka_brokers', 'a:1'];

describe('pages-viewed redrive', () => {
  test('reads a topic where there are brokers, else a file', () => {
    expect(command(['redrive', '--from', 'dead', ...KAFKA, ...TOPIC])).toEqual({
      _tag: 'Redrive',
      config: {
        from: { _tag: 'Topic', topic: 'dead', brokers: ['a:1'], security: { tls: undefined, sasl: undefined } },
        to: { _tag: 'PubSub', topic: 'projects/p/topics/t', endpoint: undefined },
        selection: { reasons: undefined, since: undefined, maxRedrives: 3 },
        rate: undefined,
        logLevel: 'info',
      },
    });
    const flags = ['--reason', 'late,future', '--since', '2025-01-30T15:30:00+01:00', '--max_redrives', '1', '--rate', '50', '--output', '-'];
    expect(command(['redrive', '--from', 'dead.ndjson', ...flags])).toMatchObject({
      config: { from: { _tag: 'File', path: 'dead.ndjson' }, to: { _tag: 'File', path: '-' }, selection: { reasons: ['late', 'future'], since: Date.UTC(2025, 0, 30, 14, 30), maxRedrives: 1 }, rate: 50 },
    });
  });

  test('takes the way to Kafka from the file of a run, and nothing else', () => {
    const files = { 'p.yaml': 'kafka_brokers: [a:1]\noutput_topic: pages\ninput_subscription: projects/p/subscriptions/s\nlog_level: warn\n' };
    expect(command(['redrive', '--from', 'dead', '--config', 'p.yaml', '--dry_run', ...TOPIC], { files })).toMatchObject({
      config: { from: { _tag: 'Topic', brokers: ['a:1'] }, to: { _tag: 'Nowhere' }, logLevel: 'warn' },
    });
  });

  test.each([
    { argv: TOPIC, key: 'from', rule: /^is required/ },
    { argv: ['--from', 'dead'], key: 'topic', rule: /^is required, or else output/ },
    { argv: ['--from', 'dead', ...TOPIC, '--output', 'x'], key: 'topic', rule: /^cannot be combined with output/ },
    { argv: ['--from', 'dead', ...TOPIC, '--reason', 'late,later'], key: 'reason[1]', rule: /^expected one of not_json, invalid, excluded/ },
    { argv: ['--from', 'dead', ...TOPIC, '--since', 'yesterday'], key: 'since', rule: /^expected an ISO 8601 date-time that exists/ },
    { argv: ['--from', 'dead', ...TOPIC, '--since', '2025-02-30T00:00:00Z'], key: 'since', rule: /^expected an ISO 8601/ },
    { argv: ['--from', 'dead', '--topic', 't'], key: 'topic', rule: /^expected projects\/PROJECT\/topics\/NAME/ },
    { argv: ['--from', 'dead', ...TOPIC, '--rate', '0'], key: 'rate', rule: /^expected a number from 1/ },
    { argv: ['--from', 'dead', ...TOPIC, '--max_redrives', '0'], key: 'max_redrives', rule: /^expected a whole number from 1/ },
    { argv: ['--from', 'dead/letters', ...KAFKA, ...TOPIC], key: 'from', rule: /^with kafka_brokers is a topic/ },
    { argv: ['--from', 'a.ndjson', '--output', './a.ndjson'], key: 'output', rule: /^must differ from from/ },
    { argv: ['--from', 'dead', ...TOPIC, '--kafka_tls'], key: 'kafka_tls', rule: /^needs kafka_brokers/ },
    { argv: ['--from', 'dead', '--output', 'x', '--pubsub_endpoint', 'a:1'], key: 'pubsub_endpoint', rule: /^needs topic/ },
    { argv: ['--from', 'dead', ...TOPIC, '--window_size', '60'], key: '--window_size', rule: /^there is no such flag/ },
  ])('redrive $argv', ({ argv, key, rule }) => {
    expect(errors(['redrive', ...argv])).toMatchObject([{ key, rule: expect.stringMatching(rule) }]);
  });
});

describe('pages-viewed explain', () => {
  const SESSION = ['--session', 's'];

  test('takes the settings of the run, and keeps those that were given', () => {
    const files = { 'p.yaml': 'window_size: 30\ncommit_interval: 5\nfilter:\n  - { name: a, action: exclude, field: b, equals: c }\n' };
    expect(command(['explain', ...SESSION, '--input', 'r.ndjson', '--clock', 'recorded', '--config', 'p.yaml', '--early_trigger', '0'], { files })).toMatchObject({
      config: {
        session: 's',
        source: {
          _tag: 'Recording', path: 'r.ndjson', asDiagram: false,
          rules: { windows: { gap: 30_000, earlyTrigger: undefined, historicTimeout: 60_000 }, results: { lastPage: 'gap', earlyLastPage: false } },
          settings: { window_size: 30, early_trigger: 0, filter: [{ name: 'a', action: 'exclude', field: 'b', equals: 'c' }] },
        },
      },
    });
  });

  test('or looks at a job', () => {
    expect(command(['explain', ...SESSION, '--job', 'mine', ...KAFKA])).toEqual({
      _tag: 'Explain', config: { session: 's', source: { _tag: 'Job', job: 'mine', brokers: ['a:1'], security: { tls: undefined, sasl: undefined } }, logLevel: 'info' },
    });
  });

  test.each([
    { argv: ['--input', 'r'], key: 'session', rule: /^is required/ },
    { argv: SESSION, key: 'input', rule: /^is required, or else job and kafka_brokers/ },
    { argv: [...SESSION, ...KAFKA], key: 'job', rule: /^is required, or else both/ },
    { argv: [...SESSION, ...KAFKA, '--job', 'j', '--as_diagram'], key: 'as_diagram', rule: /^needs input/ },
    { argv: [...SESSION, '--input', 'r', '--product', 'checkout', '--as_diagram'], key: 'as_diagram', rule: /^needs product pages_viewed/ },
    { argv: [...SESSION, '--input', 'r', ...KAFKA, '--job', 'j'], key: 'input', rule: /^cannot be combined with job/ },
    { argv: [...SESSION, '--input', 'r', '--clock', 'system'], key: 'clock', rule: /^not available: only the recorded clock/ },
    { argv: [...SESSION, '--input', 'r', '--historic', 'late', '--historic_timeout', '5'], key: 'historic_timeout', rule: /^does nothing with historic late/ },
    { argv: [...SESSION, '--input', 'r', '--output', 'x'], key: '--output', rule: /^there is no such flag/ },
  ])('explain $argv', ({ argv, key, rule }) => {
    expect(errors(['explain', ...argv])).toMatchObject([{ key, rule: expect.stringMatching(rule) }]);
  });
});
