import { describeDifference, settingDifferences, stateSettings } from '../../src/changelog/stateSettings.js';
import { kafkaSecuritySettings } from '../../src/config/kafkaSecuritySettings.js';
import { runSettings } from '../../src/config/runSettings.js';
import { runConfig } from '../config/commandLine.js';

const KAFKA = ['--input_subscription=projects/p/subscriptions/s', '--kafka_brokers=k:9092', '--output_topic=times'];

const differences = (flags: readonly string[], base: readonly string[] = KAFKA): readonly string[] =>
  settingDifferences(stateSettings(runConfig(base)), stateSettings(runConfig([...base, ...flags]))).map(describeDifference);

/** Each with a value that is not its default, and what it says. */
const MEANT: Readonly<Record<string, readonly [flag: string, difference: string]>> = {
  product: ['--product=checkout', 'product was time_on_page and is checkout'],
  window_size: ['--window_size=30', 'window_size was 60 and is 30'],
  allowed_lateness: ['--allowed_lateness=5', 'allowed_lateness was 0 and is 5'],
  historic: ['--historic=late', 'historic was process and is late'],
  last_page: ['--last_page=omit', 'last_page was gap and is omit'],
  early_last_page: ['--early_last_page', 'early_last_page was false and is true'],
  output_fields: ['--output_fields=device,segment', 'output_fields was none and is device,segment'],
  input_subscription: ['--input_subscription=projects/p/subscriptions/other', 'input was projects/p/subscriptions/s and is projects/p/subscriptions/other'],
  output_topic: ['--output_topic=other', 'output was times and is other'],
};

const NOT_MEANT: Readonly<Record<string, string>> = {
  max_outstanding_messages: '--max_outstanding_messages=5', dead_letter_topic: '--dead_letter_topic=refused', kafka_brokers: '--kafka_brokers=l:9092', kafka_tls: '--kafka_tls',
  timestamp_precision: '--timestamp_precision=seconds', customer_id_filter: '--customer_id_filter=7', filter: '--filter=mine: include page_title equals A',
  max_out_of_orderness: '--max_out_of_orderness=1', early_trigger: '--early_trigger=0', idle_timeout: '--idle_timeout=5', max_future_skew: '--max_future_skew=1',
  historic_timeout: '--historic_timeout=9', closed_session_memory: '--closed_session_memory=1', commit_interval: '--commit_interval=2', max_restarts: '--max_restarts=1', drain: '--drain',
  log_level: '--log_level=debug', reference_data: '--reference_data=names.json', job: '--job=mine',
  transaction_timeout: '--transaction_timeout=20', hold_for: '--hold_for=5', accept_state_change: '--accept_state_change',
};

/** They are decided where they have a meaning: files, their clock, secrets, what does nothing. */
const ELSEWHERE = [
  'input', 'clock', 'output', 'with_headers', 'dead_letter_output', ...Object.keys(kafkaSecuritySettings), 'pubsub_endpoint', 'host', 'port', 'show_values', 'customer_id_field', 'accumulation', 'state',
  'config', 'print_config', 'runner', 'project', 'region', 'temp_location', 'streaming',
];

describe('settings that say what a state means', () => {
  test.each(Object.entries(MEANT))('%s is one of them', (_, [flag, difference]) => {
    expect(differences([flag])).toEqual([difference]);
  });

  test.each(Object.entries(NOT_MEANT))('%s is none', (_, flag) => {
    expect(differences([flag])).toEqual([]);
  });

  test('so are the file that is read and the clock it is read by', () => {
    const file = ['--input=a.ndjson', '--output=b.ndjson'];
    expect(differences(['--input=c.ndjson', '--clock=recorded'], file)).toEqual(['clock was system and is recorded', 'input was a.ndjson and is c.ndjson']);
  });

  test('every setting that there is has been decided', () => {
    expect([...Object.keys(MEANT), ...Object.keys(NOT_MEANT), ...ELSEWHERE]).toEqual(expect.arrayContaining(Object.keys(runSettings)));
  });

  test('a setting that one side does not know is a difference', () => {
    expect(settingDifferences({ a: 1 }, { b: false }).map(describeDifference)).toEqual(['a was 1 and is not known', 'b was not known and is false']);
  });

  test('the order in which fields are listed makes no difference', () => {
    const [one, other] = ['segment,device', 'device,segment'].map((fields) => stateSettings(runConfig([...KAFKA, `--output_fields=${fields}`])));
    expect(settingDifferences(one!, other!)).toEqual([]);
  });
});
