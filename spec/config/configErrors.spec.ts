import { errors, type Around } from './commandLine.js';

const KAFKA = ['--kafka_brokers', 'localhost:9092', '--output_topic', 'pages'];
const PUBLISH = ['publish', '--topic', 'projects/p/topics/t'];
const EMULATOR = { env: { PUBSUB_EMULATOR_HOST: 'localhost:8085' } };

const yaml = (...lines: string[]): { argv: string[]; around: Around } => ({ argv: ['--config', 'p.yaml'], around: { files: { 'p.yaml': lines.join('\n') } } });

describe('a single value', () => {
  test.each([
    { flag: 'window_size', value: '0', rule: 'seconds from 0.001 to 86400' },
    { flag: 'window_size', value: '86400.001', rule: 'seconds from 0.001 to 86400' },
    { flag: 'window_size', value: '1e1', rule: 'seconds' },
    { flag: 'window_size', value: '60s', rule: 'seconds' },
    { flag: 'window_size', value: 'NaN', rule: 'seconds' },
    { flag: 'window_size', value: '0.0004', rule: 'no finer than 0.001' },
    { flag: 'allowed_lateness', value: '-1', rule: 'seconds from 0 to 604800' },
    { flag: 'max_restarts', value: '1.5', rule: 'a whole number' },
    { flag: 'max_outstanding_messages', value: '0', rule: 'a whole number from 1' },
    { flag: 'product', value: 'basket', rule: 'one of pages_viewed, products_viewed, checkout' },
    { flag: 'clock', value: 'wall', rule: 'one of system, recorded' },
    { flag: 'drain', value: 'yes', rule: 'true or false' },
    { flag: 'input_subscription', value: 'my-subscription', rule: 'projects/PROJECT/subscriptions/NAME' },
    { flag: 'output_topic', value: 'a b', rule: 'a topic name' },
    { flag: 'job', value: '../x', rule: 'a name' },
    { flag: 'pubsub_endpoint', value: 'https://pubsub.googleapis.com', rule: 'host or host:port, without https://' },
    { flag: 'kafka_token_url', value: 'login.example.com', rule: 'a URL that begins with' },
    { flag: 'reference_data', value: '-', rule: 'the path of a file' },
    { flag: 'customer_id_filter', value: ' ', rule: 'text that is not blank' },
    { flag: 'port', value: '65536', rule: '0 to 65535, or off' },
    { flag: 'port', value: 'none', rule: '0 to 65535, or off' },
    { flag: 'log_level', value: 'loud', rule: 'one of debug, info, warn, error' },
  ])('--$flag $value breaks the rule: $rule', ({ flag, value, rule }) => {
    const found = errors([`--${flag}=${value}`]).find(({ key }) => key === flag);
    expect(found).toMatchObject({ source: `--${flag}`, rule: expect.stringContaining(rule) });
  });

  test('keeps the text that was given, or the number that was read', () => {
    expect(errors(['--window_size', '60s'])[0]?.value).toBe('60s');
    expect(errors(['--window_size', '-60'])[0]?.value).toBe(-60);
  });

  test('of a list is named by its place', () => {
    expect(errors(['--output_fields', 'segment,colour'])).toEqual([
      { key: 'output_fields[1]', source: '--output_fields', rule: 'expected one of segment, device, source', value: 'colour' },
    ]);
  });

  test('that is missing is nothing', () => {
    expect(errors(['--window_size', '--drain'])).toMatchObject([{ key: 'window_size', value: null }]);
  });

  test('that is required says so', () => {
    expect(errors(['publish'])).toEqual([{ key: 'topic', source: undefined, rule: 'is required: projects/PROJECT/topics/NAME' }]);
  });

  test('that is secret is not shown', () => {
    const found = errors([...KAFKA, '--kafka_username', 'me'], { env: { PAGES_VIEWED_KAFKA_PASSWORD: '   ' } });
    expect(found).toMatchObject([{ key: 'kafka_password', value: '***' }]);
  });
});

describe('a value that is understood and cannot be had', () => {
  test.each([
    { argv: ['--accumulation', 'discarding'], why: 'time on page needs accumulating' },
    { argv: ['--runner', 'DataflowRunner'], why: 'use --runner DirectRunner' },
  ])('$argv says why', ({ argv, why }) => {
    expect(errors(argv)).toMatchObject([{ source: argv[0], rule: expect.stringContaining(why), value: argv[1] }]);
  });
});

describe('an impossible combination', () => {
  test.each<{ argv: string[]; key: string; rule: RegExp; around?: Around }>([
    { argv: ['--input', 'a', '--input_subscription', 'projects/p/subscriptions/s'], key: 'input', rule: /^cannot be combined with input_subscription \(from --input_subscription\): / },
    { argv: [...KAFKA, '--output', 'a'], key: 'output', rule: /^cannot be combined with kafka_brokers/ },
    { argv: [...KAFKA, '--dead_letter_output', 'a', '--dead_letter_topic', 'b'], key: 'dead_letter_output', rule: /^cannot be combined with dead_letter_topic/ },
    { argv: ['--state', 'kafka', '--input', 'a', ...KAFKA], key: 'state', rule: /^kafka needs input_subscription: a file is read from its beginning/ },
    { argv: ['--state', 'kafka', '--input_subscription', 'projects/p/subscriptions/s'], key: 'state', rule: /^kafka needs kafka_brokers: / },
    { argv: ['--input_subscription', 'projects/p/subscriptions/s', ...KAFKA, '--dead_letter_output', 'a'], key: 'dead_letter_output', rule: /^cannot be combined with state kafka: a file is outside the transaction/ },
    { argv: ['--hold_for', '3'], key: 'hold_for', rule: /^does nothing with state memory/ },
    { argv: ['--input_subscription', 'projects/p/subscriptions/s', ...KAFKA, '--state', 'memory', '--transaction_timeout', '3'], key: 'transaction_timeout', rule: /^does nothing with state memory/ },
    { argv: ['--accept_state_change'], key: 'accept_state_change', rule: /^does nothing with state memory/ },
    { argv: [...KAFKA, '--with_headers'], key: 'with_headers', rule: /^cannot be combined with kafka_brokers/ },
    { argv: ['--kafka_brokers', 'a:1'], key: 'kafka_brokers', rule: /^needs output_topic/ },
    { argv: ['--output_topic', 'a'], key: 'output_topic', rule: /^needs kafka_brokers/ },
    { argv: ['--dead_letter_topic', 'a'], key: 'dead_letter_topic', rule: /^needs kafka_brokers/ },
    { argv: ['--kafka_tls'], key: 'kafka_tls', rule: /^needs kafka_brokers/ },
    { argv: [...KAFKA, '--kafka_username', 'me'], key: 'kafka_username', rule: /^needs kafka_password/ },
    { argv: [...KAFKA, '--kafka_password', 'x'], key: 'kafka_password', rule: /^needs kafka_username/ },
    { argv: [...KAFKA, '--kafka_tls_ca', 'a'], key: 'kafka_tls_ca', rule: /^needs kafka_tls: without it nothing is encrypted/ },
    { argv: [...KAFKA, '--kafka_tls', '--kafka_tls_certificate', 'a'], key: 'kafka_tls_certificate', rule: /^needs kafka_tls_key/ },
    { argv: [...KAFKA, '--kafka_tls', '--kafka_tls_key', 'a'], key: 'kafka_tls_key', rule: /^needs kafka_tls_certificate/ },
    { argv: [...KAFKA, '--kafka_sasl_mechanism', 'oauthbearer'], key: 'kafka_sasl_mechanism', rule: /^oauthbearer needs kafka_token_url/ },
    { argv: [...KAFKA, '--kafka_token_url', 'https://a/b'], key: 'kafka_token_url', rule: /^needs kafka_sasl_mechanism oauthbearer/ },
    { argv: [...KAFKA, '--kafka_token_scope', 'a'], key: 'kafka_token_scope', rule: /^needs kafka_sasl_mechanism oauthbearer/ },
    { argv: ['state', '--job', 'j', '--kafka_brokers', 'a:1', '--kafka_tls_ca', 'a'], key: 'kafka_tls_ca', rule: /^needs kafka_tls/ },
    { argv: ['--pubsub_endpoint', 'a'], key: 'pubsub_endpoint', rule: /^needs input_subscription/ },
    { argv: [...PUBLISH, '--pubsub_endpoint', 'a'], around: EMULATOR, key: 'pubsub_endpoint', rule: /^cannot be combined with PUBSUB_EMULATOR_HOST/ },
    { argv: ['--customer_id_field', 'a'], key: 'customer_id_field', rule: /^needs customer_id_filter/ },
    { argv: ['--clock', 'recorded'], key: 'clock', rule: /^recorded needs input/ },
    { argv: ['--product', 'checkout', '--last_page', 'omit'], key: 'last_page', rule: /^does nothing with product checkout \(from --product\): it is about pages$/ },
    { argv: ['--product', 'checkout', '--early_last_page'], key: 'early_last_page', rule: /^does nothing with product checkout/ },
    { argv: ['--product', 'products_viewed', '--output_fields', 'device'], key: 'output_fields', rule: /^does nothing with product products_viewed/ },
    { argv: ['--product', 'products_viewed', '--reference_data', 'a.yaml'], key: 'reference_data', rule: /^does nothing with product products_viewed/ },
    { argv: ['--early_last_page', '--early_trigger', '0'], key: 'early_last_page', rule: /^does nothing with early_trigger 0 \(from --early_trigger\)/ },
    { argv: ['--early_last_page', '--last_page', 'omit'], key: 'early_last_page', rule: /^does nothing with last_page omit/ },
    { argv: ['--historic', 'late', '--historic_timeout', '9'], key: 'historic_timeout', rule: /^does nothing with historic late/ },
    { argv: ['--input', 'a/b', '--output', './a//b'], key: 'output', rule: /^must differ from input/ },
    { argv: ['--input', 'a', '--dead_letter_output', 'a'], key: 'dead_letter_output', rule: /^must differ from input/ },
    { argv: ['--output', '-', '--dead_letter_output', '-'], key: 'dead_letter_output', rule: /^must differ from output/ },
    { argv: ['--dead_letter_output', '-'], key: 'dead_letter_output', rule: /^cannot be stdout/ },
    { argv: [...KAFKA, '--dead_letter_topic', 'pages'], key: 'dead_letter_topic', rule: /^must differ from output_topic/ },
    { argv: [...PUBLISH, '--input', 'a', '--product', 'checkout'], key: 'product', rule: /^cannot be combined with input/ },
    { argv: [...PUBLISH, '--input', 'a', '--rate', '1'], key: 'rate', rule: /^cannot be combined with input/ },
    { argv: [...PUBLISH, '--input', 'a', '--duration', '1'], key: 'duration', rule: /^cannot be combined with input/ },
    { argv: [...PUBLISH, '--input', 'a', '--seed', '1'], key: 'seed', rule: /^cannot be combined with input/ },
    { argv: [...PUBLISH, '--subscription', 'projects/p/subscriptions/s'], key: 'subscription', rule: /^needs create/ },
    { argv: [...PUBLISH, '--create'], key: 'create', rule: /^needs PUBSUB_EMULATOR_HOST/ },
  ])('$argv: $rule', ({ argv, key, rule, around }) => {
    expect(errors(argv, around)).toEqual([{ key, source: `--${key}`, rule: expect.stringMatching(rule) }]);
  });

  test('a proxy that gRPC does not know is told by its variable, and its password is not shown', () => {
    const argv = ['--input_subscription', 'projects/p/subscriptions/s'];
    expect(errors(argv, { env: { HTTPS_PROXY: 'https://me:secret@proxy:3128' } })).toEqual([{ key: 'HTTPS_PROXY', source: 'HTTPS_PROXY', rule: expect.stringContaining('http://host:port') }]);
    expect(() => errors(argv, { env: { HTTPS_PROXY: 'http://me:secret@proxy:3128/', http_proxy: '' } })).toThrow('it was accepted');
    expect(() => errors([], { env: { HTTPS_PROXY: 'socks5://proxy' } })).toThrow('it was accepted');
  });

  test('across sources names both', () => {
    const { around } = yaml('input_subscription: projects/p/subscriptions/s');
    expect(errors(['--config', 'p.yaml', '--input', 'a'], around)).toMatchObject([{ source: '--input', rule: expect.stringContaining('(from p.yaml:1)') }]);
  });

  test('is none where one of the two is switched off, or stdin goes to stdout', () => {
    expect(() => errors([...KAFKA, '--with_headers=false'])).toThrow('it was accepted');
    expect(() => errors(['--input', '-', '--output', '-'])).toThrow('it was accepted');
  });
});

describe('a name that does not exist', () => {
  test('as a flag', () => {
    expect(errors(['--window-size', '60', '--windowsize=60', '--zzz'])).toMatchObject([
      { key: '--window-size', rule: expect.stringContaining('did you mean --window_size?') },
      { key: '--windowsize', rule: expect.stringContaining('did you mean --window_size?') },
      { key: '--zzz', rule: 'there is no such flag' },
    ]);
  });

  test('as an argument', () => {
    expect(errors(['--drain=true', 'events.ndjson', '--', 'x'])).toMatchObject([{ key: 'events.ndjson' }, { key: 'x' }]);
  });

  test('as a variable', () => {
    const env = { PAGES_VIEWED_WINDOWSIZE: '60', PAGES_VIEWED_window_size: '60', PAGES_VIEWED_SERVICE_PORT_HTTP: '80', OTHER: 'x' };
    expect(errors([], { env })).toMatchObject([
      { key: 'PAGES_VIEWED_WINDOWSIZE', rule: expect.stringContaining('did you mean PAGES_VIEWED_WINDOW_SIZE?') },
      { key: 'PAGES_VIEWED_window_size' },
      { key: 'PAGES_VIEWED_SERVICE_PORT_HTTP', rule: expect.stringContaining('enableServiceLinks: false') },
    ]);
  });

  test('in the file, with its line', () => {
    const { argv, around } = yaml('# mine', 'windw_size: 60', '__proto__: 1', 'print_config: true');
    expect(errors(argv, around)).toMatchObject([
      { key: 'windw_size', source: 'p.yaml:2', rule: expect.stringContaining('did you mean window_size?') },
      { key: '__proto__', source: 'p.yaml:3' },
      { key: 'print_config', source: 'p.yaml:4' },
    ]);
  });
});

describe('a file', () => {
  test('that is not there is an error that names it', () => {
    expect(errors(['--config', 'p.yaml'])).toEqual([{ key: 'config', source: 'p.yaml', rule: "cannot be read: ENOENT: no such file or directory, open 'p.yaml'" }]);
  });

  test.each([
    { name: 'a broken line', lines: ['job: a', 'state: memory: x'], source: 'p.yaml:2' },
    { name: 'a name given twice', lines: ['job: a', '', 'job: b'], source: 'p.yaml:3' },
    { name: 'a list', lines: ['- job'], source: 'p.yaml' },
    { name: 'a bomb of aliases', lines: ['job: &a [x,x,x,x,x,x,x,x,x]', 'state: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]', 'input: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]', 'output: [*c,*c,*c,*c,*c,*c,*c,*c]'], source: 'p.yaml' },
  ])('with $name is refused as a whole', ({ lines, source }) => {
    const { argv, around } = yaml(...lines);
    expect(errors(argv, around)).toMatchObject([{ key: 'config', source }]);
  });

  test('has types: text is no number, a number no text, nothing no value', () => {
    const { argv, around } = yaml('window_size: "60"', 'job: 7', 'drain: "true"', 'clock:', 'output_fields: segment', 'kafka_brokers: {a: 1}');
    expect(errors(argv, around).map(({ key, source, value }) => ({ key, source, value }))).toEqual(
      expect.arrayContaining([
        { key: 'window_size', source: 'p.yaml:1', value: '60' },
        { key: 'job', source: 'p.yaml:2', value: 7 },
        { key: 'drain', source: 'p.yaml:3', value: 'true' },
        { key: 'clock', source: 'p.yaml:4', value: null },
        { key: 'output_fields', source: 'p.yaml:5', value: 'segment' },
        { key: 'kafka_brokers', source: 'p.yaml:6', value: { a: 1 } },
      ]),
    );
  });
});

test('all that is wrong is reported at once, whatever its kind and its source', () => {
  const { around } = yaml('idle_timeout: never', 'nonsense: 1');
  const found = errors(['--config', 'p.yaml', '--window_size', 'x', '--drian', '--clock', 'recorded', '--accumulation', 'discarding'], {
    ...around,
    env: { PAGES_VIEWED_LOG_LEVEL: 'loud', PAGES_VIEWED_X: '1', ...EMULATOR.env },
  });
  expect(found.map(({ key }) => key).sort()).toEqual(['--drian', 'PAGES_VIEWED_X', 'accumulation', 'clock', 'idle_timeout', 'log_level', 'nonsense', 'window_size']);
});
