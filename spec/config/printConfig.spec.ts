import * as fc from 'fast-check';
import { errors, printed, runConfig } from './commandLine.js';

const line = (text: string, name: string) => text.split('\n').find((it) => new RegExp(`^(# )?${name}: `).test(it));

describe('--print_config', () => {
  test('shows each setting with its value, unit and source', () => {
    const text = printed(['--config', 'p.yaml', '--print_config', '--window_size', '1.5'], {
      env: { PAGES_VIEWED_JOB: 'mine' },
      files: { 'p.yaml': '\nidle_timeout: 9' },
    });
    expect(line(text, 'window_size')).toBe('window_size: 1.5  # seconds; --window_size');
    expect(line(text, 'idle_timeout')).toBe('idle_timeout: 9  # seconds; p.yaml:2');
    expect(line(text, 'job')).toBe('job: "mine"  # PAGES_VIEWED_JOB');
    expect(line(text, 'clock')).toBe('clock: "system"  # default');
    expect(line(text, 'input')).toBe('# input: not set');
  });

  test('shows as a comment what follows from other settings, so that it still does when read back', () => {
    const text = printed(['--print_config', '--window_size', '45', '--output', 'o']);
    expect(line(text, 'historic_timeout')).toBe('# historic_timeout: 90  # seconds; 2 × window_size');
    expect(line(text, 'dead_letter_output')).toMatch(/^# dead_letter_output: "o\.dead-letter\.ndjson" /);
    expect(line(text, 'job')).toMatch(/^# job: "pages-viewed" /);
  });

  test('leaves secrets out and says where they came from', () => {
    const argv = ['--kafka_brokers', 'a:1', '--output_topic', 't', '--kafka_username', 'me'];
    const text = printed([...argv, '--print_config'], { env: { PAGES_VIEWED_KAFKA_PASSWORD: 'hunter2' } });
    expect(text).not.toContain('hunter2');
    expect(line(text, 'kafka_password')).toBe('# kafka_password: ***  # left out here; PAGES_VIEWED_KAFKA_PASSWORD');
    expect(runConfig(['--config', 'p.yaml'], { env: { PAGES_VIEWED_KAFKA_PASSWORD: 'hunter2' }, files: { 'p.yaml': text } })).toEqual(
      runConfig(argv, { env: { PAGES_VIEWED_KAFKA_PASSWORD: 'hunter2' } }),
    );
  });

  test('prints nothing when something is wrong', () => {
    expect(errors(['--print_config', '--window_size', 'x'])).toHaveLength(1);
  });

  const seconds = fc.integer({ min: 1, max: 86_400_000 }).map((millis) => String(millis / 1000));
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((it) => it.trim() !== '' && !it.startsWith('-'));
  const flags = fc.record(
    {
      window_size: seconds,
      max_out_of_orderness: seconds,
      early_trigger: fc.oneof(seconds, fc.constant('0')),
      closed_session_memory: seconds,
      last_page: fc.constantFrom('gap', 'omit'),
      log_level: fc.constantFrom('debug', 'error'),
      max_restarts: fc.nat(1000).map(String),
      drain: fc.boolean().map(String),
      output_fields: fc.subarray(['segment', 'device', 'source'], { minLength: 1 }).map(String),
      customer_id_filter: text,
      reference_data: text,
      region: text,
      filter: fc.tuple(fc.constantFrom('include', 'exclude'), fc.constantFrom('equals', 'one_of'), text).map(([action, test, operand]) => `rule: ${action} page_title ${test} ${operand}`),
    },
    { requiredKeys: [] },
  );
  const output = fc.constantFrom([], ['--output=o.ndjson', '--with_headers'], ['--kafka_brokers=a:1,[::1]:2', '--output_topic=t'], ['--input=i.ndjson', '--clock=recorded']);

  test('law: what it prints is a file that makes the same configuration', () => {
    fc.assert(
      fc.property(flags, output, (given, others) => {
        const argv = [...others, ...Object.entries(given).map(([flag, value]) => `--${flag}=${value}`)];
        fc.pre(!argv.some((it) => it.includes('\n')));
        const yaml = printed([...argv, '--print_config']);
        expect(runConfig(['--config', 'p.yaml'], { files: { 'p.yaml': yaml } })).toEqual(runConfig(argv));
      }),
    );
  });
});
