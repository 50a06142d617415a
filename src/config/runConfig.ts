import type { Millis } from '../../operators/index.js';
import type { TimestampPrecision } from '../model/isoTime.js';
import type { ProductName } from '../model/productName.js';
import type { PipelineRules } from '../pipeline.js';
import type { PagesViewedRules } from '../products/pagesViewed.js';
import { derivedJob } from './derivedJob.js';
import { kafkaSecurity, type KafkaSecurity } from './kafkaSecurity.js';
import type { LogLevel } from './names.js';
import type { RunSettings } from './runSettings.js';

/** `-` in a path is stdin or stdout. */
export type Input =
  /** The embedded Pub/Sub with synthetic traffic. */
  | { readonly _tag: 'Embedded' }
  | {
      readonly _tag: 'PubSub';
      readonly subscription: string;
      /** `host` or `host:port`; undefined: the service's own, or an emulator. */
      readonly endpoint: string | undefined;
    }
  | { readonly _tag: 'File'; readonly path: string };

export type Output =
  | {
      readonly _tag: 'Kafka';
      readonly brokers: readonly string[];
      readonly security: KafkaSecurity;
      readonly topic: string;
      readonly deadLetters: { readonly _tag: 'Topic'; readonly topic: string } | { readonly _tag: 'File'; readonly path: string };
    }
  | {
      readonly _tag: 'File';
      readonly path: string;
      /** Undefined: dead letters are counted, and a warning at the start says so. */
      readonly deadLetterPath: string | undefined;
      readonly withHeaders: boolean;
    };

/** Where the state is kept. */
export type StateConfig =
  | { readonly _tag: 'Memory' }
  | {
      readonly _tag: 'Kafka';
      readonly transactionTimeout: Millis;
      /** Undefined: as long as the source says. */
      readonly holdFor: Millis | undefined;
      readonly acceptStateChange: boolean;
    };

/** Where status page, metrics and probes are served. */
export interface Serving {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Where the port is taken another one will do. */
  readonly isAnyPort: boolean;
  /** Session ids, page titles and what stood in events may be shown. */
  readonly showValues: boolean;
}

/** What `pages-viewed run` is to do; nothing in it is left to be decided. */
export interface RunConfig {
  readonly product: ProductName;
  readonly input: Input;
  readonly output: Output;
  readonly clock: 'system' | 'recorded';
  readonly windows: PipelineRules['windows'];
  readonly results: PagesViewedRules['results'] & {
    readonly outputFields: PagesViewedRules['enrichment']['outputFields'];
    readonly timestampPrecision: TimestampPrecision;
  };
  readonly filter: PipelineRules['filter'];
  /** Path of the reference data. */
  readonly referenceData: string | undefined;
  readonly state: StateConfig;
  readonly job: string;
  readonly commitInterval: Millis;
  readonly maxOutstandingMessages: number;
  readonly maxRestarts: number;
  /** A stop closes all sessions; with the state in memory it does so anyway. */
  readonly drain: boolean;
  /** Undefined: nowhere. */
  readonly serving: Serving | undefined;
  readonly logLevel: LogLevel;
  /** Settings that were given and do nothing here: logged once, at the start. */
  readonly unused: readonly string[];
}

const ONLY_DATAFLOW_NEEDS = ['project', 'region', 'temp_location', 'streaming'] as const;

/** Resolves settings whose combination is possible; whatever was left open gets its value here. */
export const toRunConfig = (settings: RunSettings): RunConfig => {
  const output = outputOf(settings);
  const rules = rulesOf(settings);
  return {
    product: settings.product,
    input: inputOf(settings),
    output,
    clock: settings.clock,
    ...rules,
    results: { ...rules.results, outputFields: settings.output_fields, timestampPrecision: settings.timestamp_precision },
    referenceData: settings.reference_data,
    state: stateOf(settings),
    job: settings.job ?? derivedJob(settings.input_subscription, output._tag === 'Kafka' ? output.topic : undefined),
    commitInterval: settings.commit_interval,
    maxOutstandingMessages: settings.max_outstanding_messages,
    maxRestarts: settings.max_restarts,
    drain: settings.drain,
    serving: servingOf(settings),
    logLevel: settings.log_level,
    unused: ONLY_DATAFLOW_NEEDS.filter((name) => settings[name] !== undefined && settings[name] !== false),
  };
};

/** The settings that say what becomes of the events. */
type RuleSettings = Pick<
  RunSettings,
  | 'window_size' | 'max_out_of_orderness' | 'allowed_lateness' | 'early_trigger' | 'idle_timeout' | 'max_future_skew' | 'historic' | 'historic_timeout'
  | 'closed_session_memory' | 'last_page' | 'early_last_page' | 'customer_id_filter' | 'customer_id_field' | 'filter'
>;

/** What becomes of the events, and what is told of them. */
export type Rules = PipelineRules & Pick<PagesViewedRules, 'results'>;

export const rulesOf = (settings: RuleSettings): Rules => ({
  windows: {
    gap: settings.window_size,
    maxOutOfOrderness: settings.max_out_of_orderness,
    allowedLateness: settings.allowed_lateness,
    earlyTrigger: settings.early_trigger === 0 ? undefined : settings.early_trigger,
    idleTimeout: settings.idle_timeout,
    maxFutureSkew: settings.max_future_skew,
    historic: settings.historic,
    historicTimeout: settings.historic_timeout ?? 2 * settings.window_size,
    closedSessionMemory: settings.closed_session_memory,
  },
  results: { lastPage: settings.last_page, earlyLastPage: settings.early_last_page },
  filter: {
    customer: settings.customer_id_filter === undefined ? undefined : { id: settings.customer_id_filter, field: settings.customer_id_field },
    rules: settings.filter,
  },
});

/** A program that reads a file is over soon, and there may be many side by side. */
const servingOf = ({ host, port, input, show_values: showValues }: RunSettings): Serving | undefined => {
  const served = port ?? (input === undefined ? DEFAULT_PORT : 'off');
  return served === 'off' ? undefined : { host, port: served, isAnyPort: port === undefined, showValues };
};

const DEFAULT_PORT = 8080;

const stateOf = (settings: RunSettings): StateConfig => {
  const { state, input_subscription: subscription, kafka_brokers: brokers, transaction_timeout: transactionTimeout = 30_000, hold_for: holdFor } = settings;
  const isInKafka = state === undefined ? subscription !== undefined && brokers !== undefined : state === 'kafka';
  return isInKafka ? { _tag: 'Kafka', transactionTimeout, holdFor, acceptStateChange: settings.accept_state_change } : { _tag: 'Memory' };
};

const inputOf = ({ input, input_subscription: subscription, pubsub_endpoint: endpoint }: RunSettings): Input => {
  if (input !== undefined) return { _tag: 'File', path: input };
  return subscription === undefined ? { _tag: 'Embedded' } : { _tag: 'PubSub', subscription, endpoint };
};

const outputOf = (settings: RunSettings): Output => {
  const { kafka_brokers: brokers, output_topic: topic, output: path = '-', dead_letter_output: deadLetterOutput } = settings;
  if (brokers !== undefined && topic !== undefined) {
    return {
      _tag: 'Kafka',
      brokers,
      security: kafkaSecurity(settings),
      topic,
      deadLetters:
        deadLetterOutput === undefined ? { _tag: 'Topic', topic: settings.dead_letter_topic ?? `${topic}.dead-letter` } : { _tag: 'File', path: deadLetterOutput },
    };
  }
  const deadLetterPath = deadLetterOutput ?? (path === '-' ? undefined : `${path}.dead-letter.ndjson`);
  return { _tag: 'File', path, deadLetterPath, withHeaders: settings.with_headers };
};
