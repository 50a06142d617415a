import type { ProductName } from '../model/productName.js';
import { impossibleInKafkaSecurity, impossibleInRun } from './combinations.js';
import type { ConfigError } from './configError.js';
import { derivedJob } from './derivedJob.js';
import { RULE_NAMES, type ExplainSettings } from './explainSettings.js';
import type { Layer } from './given.js';
import { kafkaSecurity } from './kafkaSecurity.js';
import type { LogLevel } from './names.js';
import type { Environment } from './readEnvironment.js';
import { rulesOf, type Rules } from './runConfig.js';
import { isNamed, type StatefulJob } from './stateCommandConfig.js';

/** What `pages-viewed explain` is to do. */
export interface ExplainConfig {
  readonly session: string;
  readonly source:
    | {
        readonly _tag: 'Recording';
        /** `-` is stdin. */
        readonly path: string;
        readonly product: ProductName;
        readonly rules: Rules;
        /** Path of the reference data. */
        readonly referenceData: string | undefined;
        /** Those that were given, as a configuration file has them. */
        readonly settings: Readonly<Record<string, unknown>>;
        readonly asDiagram: boolean;
      }
    | ({ readonly _tag: 'Job' } & StatefulJob);
  readonly logLevel: LogLevel;
}

export const toExplainConfig = (settings: ExplainSettings, { given }: Layer): ExplainConfig => {
  const { session, input: path, kafka_brokers: brokers = [], reference_data: referenceData, as_diagram: asDiagram, log_level: logLevel } = settings;
  if (path === undefined) {
    const job = settings.job ?? derivedJob(settings.input_subscription, settings.output_topic);
    return { session, source: { _tag: 'Job', job, brokers, security: kafkaSecurity(settings) }, logLevel };
  }
  const ruled = [...given].filter(([name, { source }]) => source !== undefined && RULE_NAMES.includes(name) && name !== 'reference_data');
  return {
    session,
    source: { _tag: 'Recording', path, product: settings.product, rules: rulesOf(settings), referenceData, settings: Object.fromEntries(ruled.map(([name, { raw }]) => [name, raw])), asDiagram },
    logLevel,
  };
};

export const impossibleInExplain = (layer: Layer, env: Environment): readonly ConfigError[] => [
  ...impossibleInKafkaSecurity(layer),
  ...impossibleInRun(layer, env).filter(({ key }) => RULE_NAMES.includes(key)),
  ...sourceErrors(layer),
];

const sourceErrors = (layer: Layer): readonly ConfigError[] => {
  const { given } = layer;
  const [input, diagram] = [given.get('input'), given.get('as_diagram')];
  if (diagram?.raw === true && given.get('product')?.raw !== 'pages_viewed') {
    return [{ key: 'as_diagram', source: diagram.source, rule: 'needs product pages_viewed: the diagrams of the pipeline are of page views' }];
  }
  // A file of a run names its brokers, too.
  const job = given.get('job')?.source?.startsWith('--') === true;
  if (input !== undefined) return job ? [{ key: 'input', source: input.source, rule: 'cannot be combined with job: a session is explained from one place' }] : [];
  if (!given.has('kafka_brokers')) return [{ key: 'input', source: undefined, rule: 'is required, or else job and kafka_brokers: a recording, or a job whose state is in Kafka' }];
  return [
    ...(isNamed(layer) ? [] : [{ key: 'job', source: undefined, rule: 'is required, or else both input_subscription and output_topic, of which a run makes the name of its job' }]),
    ...(diagram?.raw === true ? [{ key: 'as_diagram', source: diagram.source, rule: 'needs input: a state does not say when everything came' }] : []),
  ];
};
