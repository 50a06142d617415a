import type * as t from 'io-ts';
import { impossibleInKafkaSecurity } from './combinations.js';
import type { ConfigError } from './configError.js';
import { derivedJob } from './derivedJob.js';
import type { Layer } from './given.js';
import { kafkaSecurity, type KafkaSecurity } from './kafkaSecurity.js';
import type { LogLevel } from './names.js';
import type { ExportSettings, InspectSettings, ResetSettings } from './stateCommandSettings.js';

/** A job that keeps its state in Kafka, and the way to it. */
export interface StatefulJob {
  readonly job: string;
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
}

export type StateTask =
  | { readonly _tag: 'Inspect'; readonly json: boolean }
  /** `-` is stdout. */
  | { readonly _tag: 'Export'; readonly path: string }
  /** Unless it is confirmed, it is only told what it would do. */
  | { readonly _tag: 'Reset'; readonly confirmed: boolean };

/** What `pages-viewed state …` is to do. */
export interface StateCommandConfig extends StatefulJob {
  readonly task: StateTask;
  readonly logLevel: LogLevel;
}

type Settings = Omit<t.TypeOf<typeof InspectSettings>, 'json'>;

const configOf = (settings: Settings, task: StateTask): StateCommandConfig => ({
  job: settings.job ?? derivedJob(settings.input_subscription, settings.output_topic),
  brokers: settings.kafka_brokers,
  security: kafkaSecurity(settings),
  task,
  logLevel: settings.log_level,
});

export const toInspectConfig = (settings: t.TypeOf<typeof InspectSettings>): StateCommandConfig => configOf(settings, { _tag: 'Inspect', json: settings.json });

export const toExportConfig = (settings: t.TypeOf<typeof ExportSettings>): StateCommandConfig => configOf(settings, { _tag: 'Export', path: settings.output });

export const toResetConfig = (settings: t.TypeOf<typeof ResetSettings>): StateCommandConfig => configOf(settings, { _tag: 'Reset', confirmed: settings.yes });

export const impossibleInStateCommand = (layer: Layer): readonly ConfigError[] => [
  ...impossibleInKafkaSecurity(layer),
  ...(isNamed(layer) ? [] : [{ key: 'job', source: undefined, rule: 'is required, or else both input_subscription and output_topic, of which a run makes the name of its job' }]),
];

export const isNamed = ({ given }: Layer): boolean => given.has('job') || (given.has('input_subscription') && given.has('output_topic'));
