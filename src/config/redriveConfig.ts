import type { Selection } from '../redrive/verdict.js';
import { kafkaSecurity, type KafkaSecurity } from './kafkaSecurity.js';
import type { LogLevel } from './names.js';
import type { RedriveSettings } from './redriveSettings.js';

/** What `pages-viewed redrive` is to do. */
export interface RedriveConfig {
  readonly from:
    | { readonly _tag: 'Topic'; readonly topic: string; readonly brokers: readonly string[]; readonly security: KafkaSecurity }
    | { readonly _tag: 'File'; readonly path: string };
  readonly to:
    /** `endpoint`: undefined where it is the service's own, or an emulator. */
    | { readonly _tag: 'PubSub'; readonly topic: string; readonly endpoint: string | undefined }
    /** `-` is stdout. */
    | { readonly _tag: 'File'; readonly path: string }
    /** A dry run. */
    | { readonly _tag: 'Nowhere' };
  readonly selection: Selection;
  /** Messages a second; undefined: no limit. */
  readonly rate: number | undefined;
  readonly logLevel: LogLevel;
}

export const toRedriveConfig = (settings: RedriveSettings): RedriveConfig => {
  const { from, kafka_brokers: brokers, reason: reasons, since, max_redrives: maxRedrives, rate, log_level: logLevel } = settings;
  return {
    from: brokers === undefined ? { _tag: 'File', path: from } : { _tag: 'Topic', topic: from, brokers, security: kafkaSecurity(settings) },
    to: destinationOf(settings),
    selection: { reasons, since, maxRedrives },
    rate,
    logLevel,
  };
};

const destinationOf = ({ dry_run: isDryRun, topic, pubsub_endpoint: endpoint, output }: RedriveSettings): RedriveConfig['to'] => {
  if (isDryRun) return { _tag: 'Nowhere' };
  if (topic !== undefined) return { _tag: 'PubSub', topic, endpoint };
  return output === undefined ? { _tag: 'Nowhere' } : { _tag: 'File', path: output };
};
