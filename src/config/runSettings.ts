import * as t from 'io-ts';
import { PRODUCT_NAMES } from '../model/productName.js';
import { filterRules } from './filterRules.js';
import { kafkaSecuritySettings } from './kafkaSecuritySettings.js';
import { choice, integer, list, optional, seconds, text, toggle } from './kind.js';
import { brokerAddress, file, fileOrStdio, jobName, kafkaTopic, logLevel, portOrOff, pubsubEndpoint, subscription } from './names.js';
import { setting } from './setting.js';

const WEEK = 604_800;
const DAY = 86_400;

const only = (reason: string) => `not available: ${reason}`;

/** Every setting of `pages-viewed run`, in the order in which it is shown. */
export const runSettings = {
  product: setting(choice(PRODUCT_NAMES), {
    group: 'Product',
    default: 'pages_viewed',
    description: 'What is told of a session. pages_viewed: the time on each page. products_viewed: which products were looked at (view_item). checkout: the steps of a checkout and how it ended (begin_checkout to purchase).',
  }),

  input_subscription: setting(optional(subscription), {
    group: 'Input',
    description: 'Pub/Sub subscription to read, projects/P/subscriptions/S. PUBSUB_EMULATOR_HOST leads to an emulator.',
    otherwise: 'synthetic traffic through an embedded Pub/Sub',
  }),
  pubsub_endpoint: setting(optional(pubsubEndpoint), {
    group: 'Input',
    description: 'Where the Pub/Sub service is: that of a region (europe-west2-pubsub.googleapis.com), or a private one. Spoken to with TLS and credentials.',
    otherwise: 'pubsub.googleapis.com',
  }),
  input: setting(optional(fileOrStdio), {
    group: 'Input',
    description: 'NDJSON file to read instead, - for stdin: each line an event, or a record of message_id, publish_time, attributes and data. At its end everything closes.',
  }),
  clock: setting(choice(['system', 'recorded']), {
    group: 'Input',
    default: 'system',
    description: "Processing time: the system's clock, or (files only) the greatest publish_time so far, which replays a recording exactly and as fast as the machine can.",
  }),
  max_outstanding_messages: setting(integer({ min: 1, max: 1_000_000 }), {
    group: 'Input',
    default: 30_000,
    description: 'Messages that may be delivered and not yet acknowledged; it bounds the memory they take when the output is slow.',
  }),

  output: setting(optional(fileOrStdio), {
    group: 'Output',
    description: 'NDJSON file for the results, - for stdout.',
    otherwise: 'stdout, unless --kafka_brokers is given',
  }),
  with_headers: setting(toggle, {
    group: 'Output',
    default: false,
    description: 'Adds to each line of --output the headers that a Kafka record would have (pane, revision, processing time).',
  }),
  dead_letter_output: setting(optional(fileOrStdio), {
    group: 'Output',
    description: 'NDJSON file for what was refused, with the reason.',
    otherwise: 'beside a file <output>.dead-letter.ndjson, with Kafka the dead_letter_topic; with results on stdout they are only counted',
  }),
  kafka_brokers: setting(optional(list(brokerAddress)), { group: 'Output', description: 'Kafka brokers to write to; a few are enough to find the others.' }),
  ...kafkaSecuritySettings,
  output_topic: setting(optional(kafkaTopic), { group: 'Output', description: 'Kafka topic for the results, keyed by session. It must not be compacted.' }),
  dead_letter_topic: setting(optional(kafkaTopic), {
    group: 'Output',
    description: 'Kafka topic for what was refused: the original bytes, with the reason in the headers.',
    otherwise: '<output_topic>.dead-letter',
  }),
  output_fields: setting(list(choice(['segment', 'device', 'source'])), {
    group: 'Output',
    default: [],
    description: "Enrichment that is added to a result's seven fields.",
  }),
  timestamp_precision: setting(choice(['milliseconds', 'seconds']), {
    group: 'Output',
    default: 'milliseconds',
    description: 'How times are written; milliseconds are left out where they are zero, seconds cuts them off.',
  }),

  customer_id_filter: setting(optional(text('id')), {
    group: 'Filter and enrichment',
    personal: true,
    description: 'Only the events of this customer: of customer_id where the event has it, else of account_number.',
  }),
  customer_id_field: setting(optional(text('field')), { group: 'Filter and enrichment', description: 'The field that --customer_id_filter looks at instead.' }),
  filter: setting(filterRules, {
    group: 'Filter and enrichment',
    default: [],
    personal: true,
    description: "A rule 'NAME: include|exclude FIELD equals|one_of|matches VALUE'; may be repeated. Rules are tried in order; the first that refuses an event is named in its dead letter.",
  }),
  reference_data: setting(optional(file), {
    group: 'Filter and enrichment',
    description: 'JSON or YAML file with accounts (segment by account number) and pages (standard name by title), both optional; read again when it changes.',
  }),

  window_size: setting(seconds({ min: 0.001, max: DAY }), {
    group: 'Sessions and time',
    default: 60,
    description: 'Gap: a session ends when nothing came for this long. Two events exactly this far apart are two sessions.',
  }),
  max_out_of_orderness: setting(seconds({ min: 0, max: WEEK }), {
    group: 'Sessions and time',
    default: 10,
    description: 'How far the watermark stays behind the newest event, so that what arrives out of order is still on time.',
  }),
  allowed_lateness: setting(seconds({ min: 0, max: WEEK }), {
    group: 'Sessions and time',
    default: 0,
    description: 'How long a session is kept after its end for late events, each of which makes a new result.',
  }),
  early_trigger: setting(seconds({ min: 0, max: WEEK }), {
    group: 'Sessions and time',
    default: 30,
    description: 'Results of sessions that are still open, this long after their first new event; 0 for none.',
  }),
  idle_timeout: setting(seconds({ min: 0.001, max: WEEK }), {
    group: 'Sessions and time',
    default: 60,
    description: 'After this long without input the watermark goes on with the clock, so that the last sessions close too.',
  }),
  max_future_skew: setting(seconds({ min: 0, max: WEEK }), {
    group: 'Sessions and time',
    default: 300,
    description: 'An event further ahead of the clock than this is refused and moves nothing.',
  }),
  historic: setting(choice(['process', 'late']), {
    group: 'Sessions and time',
    default: 'process',
    description: 'Old events of no known session: process makes sessions of them that close by the clock, late refuses them.',
  }),
  historic_timeout: setting(optional(seconds({ min: 0.001, max: WEEK })), {
    group: 'Sessions and time',
    description: 'A session of old events closes this long after the last of them arrived.',
    otherwise: '2 × window_size',
  }),
  closed_session_memory: setting(seconds({ min: 0, max: WEEK }), {
    group: 'Sessions and time',
    default: 600,
    description: 'How long a closed session is remembered, to tell a late event from an old one.',
  }),
  accumulation: setting(
    choice(['accumulating'], {
      discarding: only('time on page needs accumulating, for the time on a page runs from its view to the next, which a pane that forgets the former one does not hold'),
    }),
    { group: 'Sessions and time', default: 'accumulating', description: 'Whether a pane holds all events of its session.' },
  ),
  last_page: setting(choice(['gap', 'omit']), {
    group: 'Sessions and time',
    default: 'gap',
    description: "The last page of a session: its time is the gap (marked as a rule, not a measurement), or it has no result.",
  }),
  early_last_page: setting(toggle, {
    group: 'Sessions and time',
    default: false,
    description: 'Early results tell of the page that is still open, too.',
  }),

  commit_interval: setting(seconds({ min: 0.01, max: 60 }), {
    group: 'Reliability',
    default: 1,
    description: 'Results are written and their input acknowledged this often, and after 10 000 messages (1 000 where results go to a file).',
  }),
  state: setting(optional(choice(['memory', 'kafka'])), {
    group: 'Reliability',
    description:
      'Where open sessions are kept. kafka: in the topic <job>-changelog, committed with the results in one transaction, so that nothing is lost or doubled whatever dies. memory: a stop closes them all (marked so), a crash loses them.',
    otherwise: 'kafka from a subscription to Kafka, else memory',
  }),
  job: setting(optional(jobName), {
    group: 'Reliability',
    description: "Name of this pipeline: of its state and its transactions, and its client id in the brokers' logs. Only one instance of a job may run.",
    otherwise: 'made of subscription and output topic',
  }),
  transaction_timeout: setting(optional(seconds({ min: 1, max: 900 })), {
    group: 'Reliability',
    description: 'With state kafka: the brokers give up a transaction that takes longer. At most their transaction.max.timeout.ms.',
    otherwise: '30',
  }),
  hold_for: setting(optional(seconds({ min: 0, max: DAY })), {
    group: 'Reliability',
    description: 'With state kafka: after a crash nothing closes for so long, so that what the dead instance had been given comes again in time.',
    otherwise: 'lease + longest retry wait of the subscription + 5 s',
  }),
  accept_state_change: setting(toggle, {
    group: 'Reliability',
    default: false,
    description: 'With state kafka: goes on with a state that was computed with other settings (window_size, allowed_lateness, …). Without it such a state is refused.',
  }),
  max_restarts: setting(integer({ min: 0, max: 1_000_000 }), {
    group: 'Reliability',
    default: 30,
    description: 'After a failure the pipeline is built anew from its checkpoint, this often before it gives up.',
  }),
  drain: setting(toggle, {
    group: 'Reliability',
    default: false,
    description: 'A stop closes all open sessions, marked so. With state memory it always does; with state kafka they stay open for the next run.',
  }),

  host: setting(text('address'), {
    group: 'Status and metrics',
    default: '127.0.0.1',
    description: 'Address on which the status page, the metrics and the probes are served. They know no passwords: what is not this machine alone belongs behind something that does.',
  }),
  port: setting(optional(portOrOff), {
    group: 'Status and metrics',
    description: 'Port of the status page, the metrics and the probes; 0 takes a free one, off serves none.',
    otherwise: 'off with --input, else 8080, or a free one where that is taken',
  }),
  show_values: setting(toggle, {
    group: 'Status and metrics',
    default: false,
    description: 'Session ids, page titles and what stood in refused events are shown on the status page. Metrics and log never have them.',
  }),

  log_level: setting(logLevel, { group: 'General', default: 'info', description: 'Least level that is logged: JSON lines on stderr.' }),
  config: setting(optional(file), { group: 'General', notInFile: true, description: 'YAML file with any of these settings, named like the flags.' }),
  print_config: setting(toggle, {
    group: 'General',
    notInFile: true,
    default: false,
    description: 'Prints the effective settings and where each came from, as YAML for --config, and exits. Secrets are left out.',
  }),

  runner: setting(
    optional(choice(['DirectRunner'], { DataflowRunner: only('this pipeline runs in one process of its own; use --runner DirectRunner, or leave the flag out') })),
    { group: 'Kept from the Dataflow pipeline', description: 'DirectRunner: one process, which is what it always is.' },
  ),
  project: setting(optional(text('id')), { group: 'Kept from the Dataflow pipeline', description: 'Unused: --input_subscription names its project.' }),
  region: setting(optional(text('name')), { group: 'Kept from the Dataflow pipeline', description: 'Unused.' }),
  temp_location: setting(optional(text('url')), { group: 'Kept from the Dataflow pipeline', description: 'Unused.' }),
  streaming: setting(toggle, { group: 'Kept from the Dataflow pipeline', default: false, description: 'Unused: it always streams.' }),
};

/** The effective settings: the one codec they all go through. */
export const RunSettings = t.type(runSettings);
export type RunSettings = t.TypeOf<typeof RunSettings>;
