import * as fc from 'fast-check';
import { describeErrors } from '../../src/config/configError.js';
import { command, errors, printed, runConfig } from './commandLine.js';

const KAFKA = ['--kafka_brokers', 'localhost:9092', '--output_topic', 'pages'];

describe('commands', () => {
  test('run is the default command', () => {
    expect(command([])).toEqual(command(['run']));
    expect(command(['--window_size', '30'])).toEqual(command(['run', '--window_size', '30']));
  });

  test('publish has defaults for synthetic traffic', () => {
    expect(command(['publish', '--topic', 'projects/p/topics/t'])).toEqual({
      _tag: 'Publish',
      config: { topic: 'projects/p/topics/t', events: { _tag: 'Synthetic', product: 'pages_viewed', rate: 1000, duration: 60_000, seed: 1 }, create: false, subscription: undefined, logLevel: 'info' },
    });
  });

  test('publish takes a file instead', () => {
    expect(command(['publish', '--topic', 'projects/p/topics/t', '--input', '-'])).toMatchObject({ config: { events: { _tag: 'File', path: '-' } } });
  });

  test('publish creates what is missing on an emulator', () => {
    const argv = ['publish', '--topic', 'projects/p/topics/t', '--create', '--subscription', 'projects/p/subscriptions/s'];
    expect(command(argv, { env: { PUBSUB_EMULATOR_HOST: 'localhost:8085' } })).toMatchObject({ config: { create: true, subscription: 'projects/p/subscriptions/s' } });
  });

  test('emulator listens on this machine only, unless told otherwise', () => {
    expect(command(['emulator'])).toEqual({ _tag: 'Emulator', config: { host: '127.0.0.1', port: 8085, logLevel: 'info' } });
    expect(command(['emulator', '--port=0', '--host', '0.0.0.0'])).toMatchObject({ config: { host: '0.0.0.0', port: 0 } });
  });

  test('a command that does not exist is an error that names the nearest', () => {
    expect(errors(['publsh'])).toEqual([{ key: 'publsh', source: undefined, rule: 'there is no such command (did you mean publish?)' }]);
  });
});

describe('the resolved configuration of run', () => {
  test('without flags: synthetic traffic, results on stdout, the seed\'s defaults', () => {
    expect(runConfig([])).toEqual({
      product: 'pages_viewed',
      input: { _tag: 'Embedded' },
      output: { _tag: 'File', path: '-', deadLetterPath: undefined, withHeaders: false },
      clock: 'system',
      windows: {
        gap: 60_000,
        maxOutOfOrderness: 10_000,
        allowedLateness: 0,
        earlyTrigger: 30_000,
        idleTimeout: 60_000,
        maxFutureSkew: 300_000,
        historic: 'process',
        historicTimeout: 120_000,
        closedSessionMemory: 600_000,
      },
      results: { lastPage: 'gap', earlyLastPage: false, outputFields: [], timestampPrecision: 'milliseconds' },
      filter: { customer: undefined, rules: [] },
      referenceData: undefined,
      state: { _tag: 'Memory' },
      job: 'pages-viewed',
      commitInterval: 1_000,
      maxOutstandingMessages: 30_000,
      maxRestarts: 30,
      drain: false,
      serving: { host: '127.0.0.1', port: 8080, isAnyPort: true, showValues: false },
      logLevel: 'info',
      unused: [],
    });
  });

  test.each([
    { argv: ['--input', 'events.ndjson'], serving: undefined, why: 'a run from a file serves nothing' },
    { argv: ['--input', 'events.ndjson', '--port', '0'], serving: { port: 0, isAnyPort: false }, why: 'unless it is told to' },
    { argv: ['--port', 'off'], serving: undefined, why: 'nor does one that is told not to' },
    { argv: ['--port', '9090', '--host', '0.0.0.0', '--show_values'], serving: { host: '0.0.0.0', port: 9090, isAnyPort: false, showValues: true }, why: 'a port that is given is that port' },
  ])('$argv: $why', ({ argv, serving }) => {
    const config = runConfig(argv);
    if (serving) expect(config.serving).toMatchObject(serving);
    else expect(config.serving).toBeUndefined();
  });

  test("the seed's production command line is understood, and says which flags do nothing here", () => {
    const config = runConfig([
      '--input_subscription=projects/aaronginder/subscriptions/pages_view_events_dp',
      '--runner=DirectRunner',
      '--project=your-project-id',
      '--region=europe-west2',
      '--temp_location=gs://your-bucket/temp',
      '--streaming',
    ]);
    expect(config.input).toEqual({ _tag: 'PubSub', subscription: 'projects/aaronginder/subscriptions/pages_view_events_dp' });
    expect(config.unused).toEqual(['project', 'region', 'temp_location', 'streaming']);
  });

  test('a value may follow its flag after a space or an equals sign', () => {
    expect(runConfig(['--window_size', '30', '--historic=late'])).toEqual(runConfig(['--window_size=30', '--historic', 'late']));
  });

  test('a switch needs no value, and takes one', () => {
    expect(runConfig(['--drain']).drain).toBe(true);
    expect(runConfig(['--drain=false'], { env: { PAGES_VIEWED_DRAIN: 'true' } }).drain).toBe(false);
    expect(runConfig(['--drain', '--early_last_page', 'true']).results.earlyLastPage).toBe(true);
  });

  test('of a flag given twice the last one counts, and lists add up', () => {
    const config = runConfig(['--window_size=1', '--window_size=2', '--output_fields=segment', '--output_fields', 'device, source']);
    expect(config.windows.gap).toBe(2_000);
    expect(config.results.outputFields).toEqual(['segment', 'device', 'source']);
  });

  test('law: seconds outside are milliseconds inside, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400_000 }), (millis) => {
        expect(runConfig(['--window_size', String(millis / 1000)]).windows.gap).toBe(millis);
      }),
    );
  });

  test('the state is in Kafka from a subscription to Kafka, unless told otherwise, and nowhere else by itself', () => {
    const kafka = ['--kafka_brokers', 'a:1', '--output_topic', 'out'];
    const subscription = ['--input_subscription', 'projects/p/subscriptions/s'];
    const inKafka = { _tag: 'Kafka', transactionTimeout: 30_000, holdFor: undefined, acceptStateChange: false };
    expect(runConfig([...subscription, ...kafka]).state).toEqual(inKafka);
    expect(runConfig([...subscription, ...kafka, '--state', 'memory']).state).toEqual({ _tag: 'Memory' });
    expect([runConfig(kafka), runConfig(subscription), runConfig(['--input', 'a', ...kafka])].map(({ state }) => state._tag)).toEqual(['Memory', 'Memory', 'Memory']);
    expect(runConfig([...subscription, ...kafka, '--hold_for', '2', '--transaction_timeout', '10', '--accept_state_change']).state).toEqual({
      ...inKafka, transactionTimeout: 10_000, holdFor: 2_000, acceptStateChange: true,
    });
  });

  test('a historic session waits twice the gap, unless told otherwise', () => {
    expect(runConfig(['--window_size', '45']).windows.historicTimeout).toBe(90_000);
    expect(runConfig(['--window_size', '45', '--historic_timeout', '10']).windows.historicTimeout).toBe(10_000);
  });

  test('an early trigger of 0 is none', () => {
    expect(runConfig(['--early_trigger', '0']).windows.earlyTrigger).toBeUndefined();
  });

  test('with Kafka dead letters have a topic beside the results, or a file', () => {
    const output = { _tag: 'Kafka', brokers: ['localhost:9092'], security: { tls: undefined, sasl: undefined }, topic: 'pages' };
    expect(runConfig(KAFKA).output).toEqual({ ...output, deadLetters: { _tag: 'Topic', topic: 'pages.dead-letter' } });
    expect(runConfig([...KAFKA, '--dead_letter_topic', 'refused']).output).toEqual({ ...output, deadLetters: { _tag: 'Topic', topic: 'refused' } });
    expect(runConfig([...KAFKA, '--dead_letter_output', 'refused.ndjson']).output).toEqual({ ...output, deadLetters: { _tag: 'File', path: 'refused.ndjson' } });
  });

  test('Kafka is told who we are and how to prove it', () => {
    const argv = [...KAFKA, '--kafka_tls', '--kafka_username', 'me', '--kafka_sasl_mechanism', 'scram-sha-512'];
    expect(runConfig(argv, { env: { PAGES_VIEWED_KAFKA_PASSWORD: 'x' } }).output).toMatchObject({
      security: { tls: { ca: undefined }, sasl: { mechanism: 'scram-sha-512', username: 'me', password: 'x' } },
    });
  });

  test('Kafka is told where tokens are given, and shown certificates', () => {
    const tls = ['--kafka_tls', '--kafka_tls_ca', 'ca.pem', '--kafka_tls_certificate', 'us.pem', '--kafka_tls_key', 'us.key.pem'];
    const bearer = ['--kafka_sasl_mechanism', 'oauthbearer', '--kafka_username', 'id', '--kafka_password', 'x', '--kafka_token_url', 'https://login.example.com/token', '--kafka_token_scope', 'kafka'];
    expect(runConfig([...KAFKA, ...tls, ...bearer]).output).toMatchObject({
      security: {
        tls: { ca: 'ca.pem', certificate: 'us.pem', key: 'us.key.pem' },
        sasl: { mechanism: 'oauthbearer', tokenUrl: 'https://login.example.com/token', clientId: 'id', clientSecret: 'x', scope: 'kafka' },
      },
    });
  });

  test('Pub/Sub may be elsewhere', () => {
    const endpoint = ['--pubsub_endpoint', 'europe-west2-pubsub.googleapis.com'];
    expect(runConfig(['--input_subscription', 'projects/p/subscriptions/s', ...endpoint]).input).toMatchObject({ endpoint: 'europe-west2-pubsub.googleapis.com' });
  });

  test('with a file dead letters have a file beside the results, with stdout none', () => {
    expect(runConfig(['--output', 'out.ndjson']).output).toMatchObject({ deadLetterPath: 'out.ndjson.dead-letter.ndjson' });
    expect(runConfig(['--output', '-']).output).toMatchObject({ deadLetterPath: undefined });
    expect(runConfig(['--dead_letter_output', 'refused.ndjson']).output).toMatchObject({ path: '-', deadLetterPath: 'refused.ndjson' });
  });

  test('the job is named after subscription and output topic', () => {
    const subscription = ['--input_subscription', 'projects/p/subscriptions/s+1'];
    expect(runConfig([...subscription, ...KAFKA]).job).toBe('pages-viewed-p-s-1-pages');
    expect(runConfig([...subscription, ...KAFKA, '--job', 'mine']).job).toBe('mine');
  });

  test('the customer filter may name its field', () => {
    expect(runConfig(['--customer_id_filter', 'ACC1']).filter.customer).toEqual({ id: 'ACC1', field: undefined });
    expect(runConfig(['--customer_id_filter', 'ACC1', '--customer_id_field', 'digital_id']).filter.customer).toEqual({ id: 'ACC1', field: 'digital_id' });
  });
});

describe('sources', () => {
  const files = { 'p.yaml': 'window_size: 10\nallowed_lateness: 10\nidle_timeout: 10\n' };

  test('a flag beats the environment, which beats the file, which beats the default', () => {
    const env = { PAGES_VIEWED_WINDOW_SIZE: '20', PAGES_VIEWED_ALLOWED_LATENESS: '20' };
    const { windows } = runConfig(['--config', 'p.yaml', '--window_size', '30'], { env, files });
    expect([windows.gap, windows.allowedLateness, windows.idleTimeout, windows.maxFutureSkew]).toEqual([30_000, 20_000, 10_000, 300_000]);
  });

  test('the environment may name the file', () => {
    expect(runConfig([], { env: { PAGES_VIEWED_CONFIG: 'p.yaml' }, files }).windows.gap).toBe(10_000);
  });

  test('an empty variable is as good as none', () => {
    expect(runConfig([], { env: { PAGES_VIEWED_WINDOW_SIZE: '' } })).toEqual(runConfig([]));
  });

  test("another command's variables are let be", () => {
    expect(runConfig([], { env: { PAGES_VIEWED_RATE: '8085' } })).toEqual(runConfig([]));
  });

  test('a file may be empty', () => {
    expect(runConfig(['--config', 'empty.yaml'], { files: { 'empty.yaml': '# nothing yet\n' } })).toEqual(runConfig([]));
  });

  test('a file has values of every type', () => {
    const yaml = ['window_size: 1.5', 'drain: true', 'kafka_brokers: [a:1, b:2]', 'output_topic: pages', 'output_fields:', '  - segment', 'job: "7"'].join('\n');
    const config = runConfig(['--config', 'p.yaml'], { files: { 'p.yaml': yaml } });
    expect(config).toMatchObject({ drain: true, job: '7', windows: { gap: 1_500 }, output: { brokers: ['a:1', 'b:2'] }, results: { outputFields: ['segment'] } });
  });
});

describe('help and version', () => {
  test('win over whatever else is wrong', () => {
    expect(printed(['--window_size', 'x', '--help'])).toContain('Usage: pages-viewed [run] [flags]');
    expect(printed(['publish', '-h'])).toContain('Usage: pages-viewed publish [flags]');
    expect(printed(['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('errors are described', () => {
  test('one by one, each with key, rule, value and source', () => {
    expect(describeErrors(errors(['--window_size', 'soon', '--idle_timeout', '--drian']))).toBe(
      [
        '3 things in the configuration are wrong:',
        '  window_size: expected seconds from 0.001 to 86400, no finer than 0.001; got "soon" (from --window_size)',
        '  idle_timeout: expected seconds from 0.001 to 604800, no finer than 0.001; got nothing (from --idle_timeout)',
        '  --drian: there is no such flag (did you mean --drain?)',
      ].join('\n'),
    );
  });

  test('with long values cut', () => {
    const [line = ''] = describeErrors(errors(['--runner', 'x'.repeat(10_000)])).split('\n').slice(1);
    expect(line).toMatch(/x…/);
    expect(line.length).toBeLessThan(250);
  });
});
