import { command, errors, printed, runConfig } from './commandLine.js';

const JOB = ['--job', 'mine', '--kafka_brokers', 'a:1,b:2'];

describe('pages-viewed state', () => {
  test('inspects, unless something else is said', () => {
    const config = { job: 'mine', brokers: ['a:1', 'b:2'], security: { tls: undefined, sasl: undefined }, task: { _tag: 'Inspect', json: false }, logLevel: 'info' };
    expect(command(['state', 'inspect', ...JOB])).toEqual({ _tag: 'State', config });
    expect(command(['state', ...JOB])).toEqual({ _tag: 'State', config });
    expect(command(['state', ...JOB, '--json'])).toMatchObject({ config: { task: { json: true } } });
  });

  test('exports to stdout, or to a file', () => {
    expect(command(['state', 'export', ...JOB])).toMatchObject({ config: { task: { _tag: 'Export', path: '-' } } });
    expect(command(['state', 'export', ...JOB, '--output', 'a.ndjson'])).toMatchObject({ config: { task: { path: 'a.ndjson' } } });
  });

  test('resets only what was confirmed', () => {
    expect(command(['state', 'reset', ...JOB])).toMatchObject({ config: { task: { _tag: 'Reset', confirmed: false } } });
    expect(command(['state', 'reset', ...JOB, '--yes'])).toMatchObject({ config: { task: { confirmed: true } } });
  });

  test('reaches Kafka as a run does', () => {
    const flags = ['--kafka_tls', '--kafka_username', 'me', '--kafka_sasl_mechanism', 'scram-sha-512'];
    const env = { PAGES_VIEWED_KAFKA_PASSWORD: 'x' };
    const { output } = runConfig(['--kafka_brokers', 'a:1', '--output_topic', 't', ...flags], { env });
    if (output._tag !== 'Kafka') throw new Error('it writes to Kafka');
    expect(command(['state', ...JOB, ...flags], { env })).toMatchObject({ config: { security: output.security } });
    expect(output.security.sasl).toBeDefined();
  });

  test('has help for each of its commands', () => {
    expect(printed(['state', '--help'])).toContain('Usage: pages-viewed state [inspect] [flags]');
    expect(printed(['state', 'export', '-h'])).toContain('Usage: pages-viewed state export [flags]');
    expect(printed(['state', 'reset', '--help'])).toMatch(/ {2}2 .*--yes is missing/);
  });
});

describe('the file of a run', () => {
  const yaml = ['kafka_brokers: [a:1, b:2]', 'input_subscription: projects/p/subscriptions/s', 'output_topic: pages', 'window_size: 30', 'log_level: warn'];
  const around = (...more: string[]) => ({ files: { 'p.yaml': [...yaml, ...more].join('\n') } });

  test('is what it takes: the job is the one that the run has, named or not', () => {
    for (const more of [[], ['job: mine']]) {
      const { job } = runConfig(['--config', 'p.yaml'], around(...more));
      expect(command(['state', '--config', 'p.yaml'], around(...more))).toMatchObject({ config: { job, brokers: ['a:1', 'b:2'], logLevel: 'warn' } });
    }
  });

  test('names no file that an export would write over', () => {
    const { files } = around('output: results.ndjson');
    expect(command(['state', 'export', '--config', 'p.yaml'], { files })).toMatchObject({ config: { task: { path: '-' } } });
  });

  test('may not say what no run knows, nor confirm anything', () => {
    expect(errors(['state', 'reset', '--config', 'p.yaml'], around('windw_size: 60', 'yes: true'))).toMatchObject([
      { key: 'windw_size', source: 'p.yaml:6', rule: expect.stringContaining('did you mean window_size?') },
      { key: 'yes', source: 'p.yaml:7' },
    ]);
  });

  test('is beaten by flags and the environment', () => {
    const env = { PAGES_VIEWED_JOB: 'theirs' };
    expect(command(['state', '--config', 'p.yaml', '--kafka_brokers', 'c:3'], { env, ...around('job: mine') })).toMatchObject({ config: { job: 'theirs', brokers: ['c:3'] } });
  });

  test("the run's own variables are let be", () => {
    const env = { PAGES_VIEWED_WINDOW_SIZE: '30', PAGES_VIEWED_COMMIT_INTERVAL: '1' };
    expect(command(['state', ...JOB], { env })).toEqual(command(['state', ...JOB]));
  });
});

describe('what is wrong', () => {
  test.each([
    { argv: ['state', '--kafka_brokers', 'a:1'], key: 'job', rule: /^is required, or else both input_subscription and output_topic/ },
    { argv: ['state', '--kafka_brokers', 'a:1', '--output_topic', 't'], key: 'job', rule: /^is required/ },
    { argv: ['state', '--job', 'mine'], key: 'kafka_brokers', rule: /^is required: a list, each item host:port/ },
    { argv: ['state', ...JOB, '--kafka_username', 'me'], key: 'kafka_username', rule: /^needs kafka_password/ },
    { argv: ['state', ...JOB, '--window_size', '60'], key: '--window_size', rule: /^there is no such flag/ },
    { argv: ['state', ...JOB, '--yes'], key: '--yes', rule: /^there is no such flag/ },
    { argv: ['state', 'reset', ...JOB, '--json'], key: '--json', rule: /^there is no such flag/ },
    { argv: ['state', 'inspekt', ...JOB], key: 'state inspekt', rule: /did you mean state inspect\?/ },
    { argv: ['state', 'mine'], key: 'state mine', rule: /^there is no such command/ },
    { argv: ['sate', 'reset'], key: 'sate', rule: /^there is no such command/ },
  ])('$argv', ({ argv, key, rule }) => {
    expect(errors(argv)).toMatchObject([{ key, rule: expect.stringMatching(rule) }]);
  });
});
