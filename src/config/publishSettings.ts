import * as t from 'io-ts';
import { PRODUCT_NAMES } from '../model/productName.js';
import { choice, decimal, integer, optional, seconds, toggle } from './kind.js';
import { fileOrStdio, logLevel, pubsubEndpoint, pubsubTopic, subscription } from './names.js';
import { setting } from './setting.js';

/** Every setting of `pages-viewed publish`. */
export const publishSettings = {
  topic: setting(pubsubTopic, { group: 'Publishing', description: 'Pub/Sub topic to publish to, projects/P/topics/T. PUBSUB_EMULATOR_HOST leads to an emulator.' }),
  pubsub_endpoint: setting(optional(pubsubEndpoint), {
    group: 'Publishing',
    description: 'Where the Pub/Sub service is: that of a region (europe-west2-pubsub.googleapis.com), or a private one. Spoken to with TLS and credentials.',
    otherwise: 'pubsub.googleapis.com',
  }),
  create: setting(toggle, { group: 'Publishing', default: false, description: 'Creates the topic, and --subscription if given, where they are missing. On an emulator only.' }),
  subscription: setting(optional(subscription), { group: 'Publishing', description: 'Subscription to the topic, projects/P/subscriptions/S, that --create makes.' }),
  product: setting(choice(PRODUCT_NAMES), { group: 'Synthetic traffic', default: 'pages_viewed', description: 'Whose events: page views, view_item, or the steps of a checkout.' }),
  rate: setting(decimal({ min: 1, max: 50_000 }), { group: 'Synthetic traffic', default: 1000, description: 'Events a second, on average.' }),
  duration: setting(seconds({ min: 0.001, max: 604_800 }), { group: 'Synthetic traffic', default: 60, description: 'How long to publish.' }),
  seed: setting(integer({ min: 0, max: 4_294_967_295 }), { group: 'Synthetic traffic', default: 1, description: 'The same seed makes the same visitors.' }),
  input: setting(optional(fileOrStdio), {
    group: 'Recorded events',
    description: 'NDJSON file to publish instead, - for stdin: each line an event, or a record of attributes and data. As fast as the topic takes it.',
  }),
  log_level: setting(logLevel, { group: 'General', default: 'info', description: 'Least level that is logged: JSON lines on stderr.' }),
};

export const PublishSettings = t.type(publishSettings);
export type PublishSettings = t.TypeOf<typeof PublishSettings>;
