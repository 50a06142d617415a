import type { Millis } from '../../operators/index.js';
import type { ProductName } from '../model/productName.js';
import type { LogLevel } from './names.js';
import type { PublishSettings } from './publishSettings.js';

/** What `pages-viewed publish` is to do. */
export interface PublishConfig {
  /** `projects/P/topics/T`. */
  readonly topic: string;
  /** `host` or `host:port`; undefined: the service's own, or an emulator. */
  readonly endpoint: string | undefined;
  readonly events:
    | {
        readonly _tag: 'Synthetic';
        readonly product: ProductName;
        /** Events a second, on average. */
        readonly rate: number;
        readonly duration: Millis;
        readonly seed: number;
      }
    /** `-` is stdin. */
    | { readonly _tag: 'File'; readonly path: string };
  /** Create the topic where it is missing. */
  readonly create: boolean;
  /** `projects/P/subscriptions/S`, to be created where it is missing. */
  readonly subscription: string | undefined;
  readonly logLevel: LogLevel;
}

export const toPublishConfig = ({ topic, pubsub_endpoint: endpoint, create, subscription, product, rate, duration, seed, input, log_level: logLevel }: PublishSettings): PublishConfig => ({
  topic,
  endpoint,
  events: input === undefined ? { _tag: 'Synthetic', product, rate, duration, seed } : { _tag: 'File', path: input },
  create,
  subscription,
  logLevel,
});
