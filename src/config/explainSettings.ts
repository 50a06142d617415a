import * as t from 'io-ts';
import { choice, list, optional, text, toggle } from './kind.js';
import { brokerAddress, fileOrStdio } from './names.js';
import { ofRun } from './ofRun.js';
import { runSettings } from './runSettings.js';
import { setting } from './setting.js';
import { stateCommandSettings } from './stateCommandSettings.js';
import { wayToKafka } from './wayToKafka.js';

const { job, input_subscription, output_topic, log_level, config } = stateCommandSettings.inspect;

/** Those of `run` that decide what becomes of an event: a recording is explained by the rules that its run had. */
const rules = {
  customer_id_filter: runSettings.customer_id_filter,
  customer_id_field: runSettings.customer_id_field,
  filter: runSettings.filter,
  reference_data: runSettings.reference_data,
  window_size: runSettings.window_size,
  max_out_of_orderness: runSettings.max_out_of_orderness,
  allowed_lateness: runSettings.allowed_lateness,
  early_trigger: runSettings.early_trigger,
  idle_timeout: runSettings.idle_timeout,
  max_future_skew: runSettings.max_future_skew,
  historic: runSettings.historic,
  historic_timeout: runSettings.historic_timeout,
  closed_session_memory: runSettings.closed_session_memory,
  last_page: runSettings.last_page,
  early_last_page: runSettings.early_last_page,
};

export const RULE_NAMES: readonly string[] = Object.keys(rules);

/** Every setting of `pages-viewed explain`. */
export const explainSettings = {
  session: setting(text('id'), { group: 'Session', notInFile: true, description: 'The session to explain, by its session_id.' }),
  input: setting(optional(fileOrStdio), {
    group: 'A recording',
    notInFile: true,
    description: 'NDJSON file in which every message has its publish_time, - for stdin. It is run again, on the recorded clock, with the settings below.',
  }),
  clock: setting(choice(['recorded'], { system: 'not available: only the recorded clock says when everything came' }), {
    group: 'A recording',
    notInFile: true,
    default: 'recorded',
    description: 'Processing time is the greatest publish_time so far.',
  }),
  product: ofRun(runSettings.product, 'A recording'),
  as_diagram: setting(toggle, {
    group: 'A recording',
    notInFile: true,
    default: false,
    description: 'Writes a regression test instead: a file of marbles/ with the session as a diagram.',
  }),
  job: ofRun(job, 'A job', 'Name of a job that keeps its state in Kafka: what that holds of the session. If its run was given none, the next two make it.'),
  input_subscription: ofRun(input_subscription, 'A job'),
  output_topic: ofRun(output_topic, 'A job'),
  kafka_brokers: setting(optional(list(brokerAddress)), { group: 'Kafka', description: 'Kafka brokers that keep the state; a few are enough to find the others.' }),
  ...wayToKafka,
  ...rules,
  log_level,
  config,
};

export const ExplainSettings = t.type(explainSettings);
export type ExplainSettings = t.TypeOf<typeof ExplainSettings>;
