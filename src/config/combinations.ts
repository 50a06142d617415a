import { normalize } from 'node:path';
import { eventTime } from '../model/eventTime.js';
import { PRODUCT_NAMES } from '../model/productName.js';
import { recordsFrom } from './compareConfig.js';
import type { ConfigError } from './configError.js';
import type { Given, Layer } from './given.js';
import type { Environment } from './readEnvironment.js';

/** Judges what the settings say together. It looks at what was given, so it speaks up even where single values are wrong, too. */
type Combination = (given: Layer['given']) => readonly ConfigError[];

/** What somebody asked for: a default or a switch turned off is not asked for. */
const asked = (given: Layer['given'], name: string): Given | undefined => {
  const it = given.get(name);
  return it?.source === undefined || it.raw === false ? undefined : it;
};

const error = (key: string, it: Given | undefined, rule: string): ConfigError => ({ key, source: it?.source, rule });

const from = ({ source }: Given): string => (source === undefined ? '' : ` (from ${source})`);

const apart =
  (one: string, other: string, why: string): Combination =>
  (given) => {
    const [a, b] = [asked(given, one), asked(given, other)];
    return a === undefined || b === undefined ? [] : [error(one, a, `cannot be combined with ${other}${from(b)}: ${why}`)];
  };

const needs =
  (one: string, other: string, why: string): Combination =>
  (given) => {
    const a = asked(given, one);
    return a === undefined || asked(given, other) !== undefined ? [] : [error(one, a, `needs ${other}: ${why}`)];
  };

/** `one` is asked for while `other` has the value that leaves it without effect. */
const idle =
  (one: string, other: string, value: unknown, why: string): Combination =>
  (given) => {
    const [a, b] = [asked(given, one), given.get(other)];
    return a === undefined || b === undefined || b.raw !== value ? [] : [error(one, a, `does nothing with ${other} ${String(value)}${from(b)}: ${why}`)];
  };

const different =
  (one: string, other: string, why: string): Combination =>
  (given) => {
    const [a, b] = [asked(given, one), asked(given, other)];
    if (typeof a?.raw !== 'string' || typeof b?.raw !== 'string' || normalize(a.raw) !== normalize(b.raw)) return [];
    return [error(one, a, `must differ from ${other}${from(b)}: ${why}`)];
  };

/** From stdin to stdout is from one stream to another. */
const keepsInput =
  (output: string): Combination =>
  (given) =>
    given.get('input')?.raw === '-' ? [] : different(output, 'input', 'it would be written over while it is read')(given);

/** Results go to stdout when nothing else is said. */
const deadLettersApart: Combination = (given) => {
  const deadLetters = asked(given, 'dead_letter_output');
  if (deadLetters?.raw !== '-' || asked(given, 'output') !== undefined || asked(given, 'kafka_brokers') !== undefined) return [];
  return [error('dead_letter_output', deadLetters, 'cannot be stdout, where the results go: name a file, or one for output')];
};

const recordedClockNeedsFile: Combination = (given) => {
  const clock = given.get('clock');
  if (clock?.raw !== 'recorded' || asked(given, 'input') !== undefined) return [];
  return [error('clock', clock, 'recorded needs input: only a file says by its publish times when everything arrived')];
};

/** As {@link asked} for, or by default. */
const isStateInKafka = (given: Layer['given']): boolean => {
  const state = asked(given, 'state');
  return state === undefined ? asked(given, 'kafka_brokers') !== undefined && asked(given, 'input_subscription') !== undefined : state.raw === 'kafka';
};

const stateKafkaNeeds =
  (other: string, why: string): Combination =>
  (given) => {
    const state = given.get('state');
    return state?.raw !== 'kafka' || asked(given, other) !== undefined ? [] : [error('state', state, `kafka needs ${other}: ${why}`)];
  };

const onlyWithStateKafka =
  (name: string): Combination =>
  (given) => {
    const it = asked(given, name);
    return it === undefined || isStateInKafka(given) ? [] : [error(name, it, 'does nothing with state memory: it is about the state in Kafka')];
  };

const deadLettersInTransaction: Combination = (given) => {
  const it = asked(given, 'dead_letter_output');
  return it === undefined || !isStateInKafka(given)
    ? []
    : [error('dead_letter_output', it, 'cannot be combined with state kafka: a file is outside the transaction, so a crash would lose or repeat dead letters; use dead_letter_topic, or state memory')];
};

/** Asked for, though the product that is computed makes nothing of it. */
const onlyForPages = (one: string): Combination =>
  (given) => OTHER_PRODUCTS.flatMap((product) => idle(one, 'product', product, 'it is about pages')(given));

const OTHER_PRODUCTS = PRODUCT_NAMES.filter((name) => name !== 'pages_viewed');

const tokensNeedUrl: Combination = (given) => {
  const mechanism = given.get('kafka_sasl_mechanism');
  return mechanism?.raw !== 'oauthbearer' || asked(given, 'kafka_token_url') !== undefined
    ? []
    : [error('kafka_sasl_mechanism', mechanism, 'oauthbearer needs kafka_token_url: it is where client id and secret are changed into a token')];
};

const onlyWithTokens =
  (name: string): Combination =>
  (given) => {
    const it = asked(given, name);
    return it === undefined || given.get('kafka_sasl_mechanism')?.raw === 'oauthbearer' ? [] : [error(name, it, 'needs kafka_sasl_mechanism oauthbearer: nothing else uses tokens')];
  };

/** What holds for all commands that go to Kafka. */
const ABOUT_KAFKA_SECURITY: readonly Combination[] = [
  ...['kafka_tls_ca', 'kafka_tls_certificate', 'kafka_tls_key'].map((it) => needs(it, 'kafka_tls', 'without it nothing is encrypted')),
  needs('kafka_tls_certificate', 'kafka_tls_key', 'a certificate is worth nothing without its key'),
  needs('kafka_tls_key', 'kafka_tls_certificate', 'a key is worth nothing without its certificate'),
  needs('kafka_username', 'kafka_password', 'Kafka asks for both'),
  needs('kafka_password', 'kafka_username', 'Kafka asks for both'),
  tokensNeedUrl,
  ...['kafka_token_url', 'kafka_token_scope'].map(onlyWithTokens),
];

const RUN: readonly Combination[] = [
  apart('input', 'input_subscription', 'events come from one place'),
  apart('output', 'kafka_brokers', 'results go to one place'),
  apart('dead_letter_output', 'dead_letter_topic', 'dead letters go to one place'),
  apart('with_headers', 'kafka_brokers', 'records in Kafka carry their headers anyway'),
  needs('pubsub_endpoint', 'input_subscription', 'nothing else is read from Pub/Sub'),
  needs('kafka_brokers', 'output_topic', 'it is where the results go'),
  needs('output_topic', 'kafka_brokers', 'a topic is found through its brokers'),
  needs('dead_letter_topic', 'kafka_brokers', 'a topic is found through its brokers'),
  needs('kafka_tls', 'kafka_brokers', 'there is nothing else to encrypt'),
  ...ABOUT_KAFKA_SECURITY,
  needs('kafka_username', 'kafka_brokers', 'there is nobody else to say it to'),
  needs('customer_id_field', 'customer_id_filter', 'it says where that id stands'),
  stateKafkaNeeds('kafka_brokers', 'results and state are written in one transaction'),
  stateKafkaNeeds('input_subscription', 'a file is read from its beginning every time, so there is nothing to go on from'),
  ...['transaction_timeout', 'hold_for', 'accept_state_change'].map(onlyWithStateKafka),
  deadLettersInTransaction,
  recordedClockNeedsFile,
  ...['last_page', 'early_last_page', 'output_fields', 'reference_data'].map(onlyForPages),
  idle('early_last_page', 'early_trigger', 0, 'there are no early results'),
  idle('early_last_page', 'last_page', 'omit', 'the last page has no result'),
  idle('host', 'port', 'off', 'nothing is served'),
  idle('show_values', 'port', 'off', 'nothing is served'),
  idle('historic_timeout', 'historic', 'late', 'old events are refused'),
  keepsInput('output'),
  keepsInput('dead_letter_output'),
  deadLettersApart,
  different('dead_letter_output', 'output', 'results and dead letters are different records'),
  different('dead_letter_topic', 'output_topic', 'results and dead letters are different records'),
];

const PUBLISH: readonly Combination[] = [
  ...['product', 'rate', 'duration', 'seed'].map((it) => apart(it, 'input', 'it shapes synthetic traffic, and a file is published as it is')),
  needs('subscription', 'create', 'publishing needs no subscription; it is only ever created'),
];

/** A dry run needs no place to send anything to. */
const destination: Combination = (given) =>
  ['topic', 'output', 'dry_run'].some((it) => asked(given, it) !== undefined)
    ? []
    : [{ key: 'topic', source: undefined, rule: 'is required, or else output: where the messages go. dry_run only counts' }];

const REDRIVE: readonly Combination[] = [
  apart('topic', 'output', 'each message goes to one place'),
  destination,
  different('output', 'from', 'it would grow while it is read'),
  needs('kafka_tls', 'kafka_brokers', 'there is nothing else to encrypt'),
  ...ABOUT_KAFKA_SECURITY,
  needs('kafka_username', 'kafka_brokers', 'there is nobody else to say it to'),
  needs('pubsub_endpoint', 'topic', 'nothing else is sent to Pub/Sub'),
  (given) => {
    const [from, brokers] = [asked(given, 'from'), asked(given, 'kafka_brokers')];
    return from === undefined || brokers === undefined || typeof from.raw !== 'string' || TOPIC_WITH_COMPANION.test(from.raw)
      ? []
      : [{ ...error('from', from, 'with kafka_brokers is a topic: at most 240 letters, digits, dots, dashes and underscores'), value: from.raw }];
  },
];

/** Leaves room for what is put behind it in the name of the topic beside it. */
const TOPIC_WITH_COMPANION = /^(?!\.{1,2}$)[\w.-]{1,240}$/;

export const impossibleInRedrive = ({ given }: Layer, env: Environment): readonly ConfigError[] => [
  ...REDRIVE.flatMap((combination) => combination(given)),
  ...(asked(given, 'topic') === undefined ? [] : impossibleOnTheWay(given, env)),
];

export const impossibleInRun = ({ given }: Layer, env: Environment): readonly ConfigError[] => [
  ...RUN.flatMap((combination) => combination(given)),
  ...(asked(given, 'input_subscription') === undefined ? [] : impossibleOnTheWay(given, env)),
];

export const impossibleInKafkaSecurity = ({ given }: Layer): readonly ConfigError[] => ABOUT_KAFKA_SECURITY.flatMap((combination) => combination(given));

export const impossibleInPublish = ({ given }: Layer, env: Environment): readonly ConfigError[] => [
  ...PUBLISH.flatMap((combination) => combination(given)),
  ...createNeedsEmulator(asked(given, 'create'), env),
  ...impossibleOnTheWay(given, env),
];

/** What the environment says about the way to Pub/Sub. */
const impossibleOnTheWay = (given: Layer['given'], env: Environment): readonly ConfigError[] => {
  const endpoint = asked(given, 'pubsub_endpoint');
  if (env['PUBSUB_EMULATOR_HOST'] !== undefined) {
    return endpoint === undefined ? [] : [error('pubsub_endpoint', endpoint, 'cannot be combined with PUBSUB_EMULATOR_HOST: Pub/Sub is in one place')];
  }
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].flatMap((name) => {
    const value = env[name] ?? '';
    return value === '' || /^http:\/\/[^\s/]+\/?$/.test(value) ? [] : [{ key: name, source: name, rule: 'a proxy is http://host:port, with user:password@ where it asks for one; gRPC knows no other' }];
  });
};

/** Topics of the real service belong to those who pay for them. */
const createNeedsEmulator = (create: Given | undefined, env: Environment): readonly ConfigError[] =>
  create === undefined || env['PUBSUB_EMULATOR_HOST'] !== undefined ? [] : [error('create', create, 'needs PUBSUB_EMULATOR_HOST: topics and subscriptions are created on an emulator only')];

/** Records are read from Kafka, or two of them from the one stdin. */
const compareReads: Combination = (given) => {
  const names = ['left', 'right', 'left_dead_letters', 'right_dead_letters'];
  const read = names.flatMap((name) => {
    const it = asked(given, name);
    return it === undefined || typeof it.raw !== 'string' ? [] : [{ name, it, from: recordsFrom(it.raw) }];
  });
  const [topic] = read.filter(({ from }) => from._tag === 'Topic');
  const [, again] = read.filter(({ from }) => from._tag === 'File' && from.path === '-');
  return [
    ...(topic === undefined || asked(given, 'kafka_brokers') !== undefined ? [] : [error(topic.name, topic.it, 'needs kafka_brokers: it is a topic; a file has a slash in its name or ends with .ndjson, .jsonl or .json')]),
    ...(again === undefined ? [] : [error(again.name, again.it, 'cannot be stdin, too: it can be read once')]),
  ];
};

const sinceBeforeUntil: Combination = (given) => {
  const [since, until] = [asked(given, 'since'), asked(given, 'until')];
  if (typeof since?.raw !== 'string' || typeof until?.raw !== 'string' || !(eventTime(since.raw) >= eventTime(until.raw))) return [];
  return [error('since', since, `must be before until${from(until)}: nothing lies between`)];
};

const COMPARE: readonly Combination[] = [
  compareReads,
  sinceBeforeUntil,
  ...ABOUT_KAFKA_SECURITY,
];

export const impossibleInCompare = ({ given }: Layer): readonly ConfigError[] => COMPARE.flatMap((combination) => combination(given));
