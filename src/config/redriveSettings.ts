import * as t from 'io-ts';
import { REASONS } from '../model/deadLetter.js';
import { choice, decimal, instant, integer, list, optional, text, toggle } from './kind.js';
import { brokerAddress, file, fileOrStdio, pubsubEndpoint, pubsubTopic } from './names.js';
import { ofRun } from './ofRun.js';
import { runSettings } from './runSettings.js';
import { setting } from './setting.js';
import { wayToKafka } from './wayToKafka.js';

/** Every setting of `pages-viewed redrive`. */
export const redriveSettings = {
  from: setting(text('topic|path'), {
    group: 'Dead letters',
    notInFile: true,
    description: 'Where they lie: with --kafka_brokers a topic, else an NDJSON file that a run has written.',
  }),
  reason: setting(optional(list({ ...choice(REASONS), placeholder: 'reason' })), {
    group: 'Dead letters',
    notInFile: true,
    description: `Only those that were refused for one of these reasons: ${REASONS.join(', ')}.`,
    otherwise: 'all',
  }),
  since: setting(optional(instant), {
    group: 'Dead letters',
    notInFile: true,
    description: 'Only those that were written to the topic then or later; of a file, whose messages were published then or later.',
    otherwise: 'all',
  }),
  max_redrives: setting(integer({ min: 1, max: 1_000 }), {
    group: 'Dead letters',
    notInFile: true,
    default: 3,
    description: 'A message that has been redriven so often and was refused again is refused here, too: something else is wrong with it.',
  }),
  topic: setting(optional(pubsubTopic), {
    group: 'Destination',
    notInFile: true,
    description: 'Pub/Sub topic to publish to, projects/P/topics/T. PUBSUB_EMULATOR_HOST leads to an emulator.',
  }),
  pubsub_endpoint: setting(optional(pubsubEndpoint), {
    group: 'Destination',
    notInFile: true,
    description: 'Where the Pub/Sub service is: that of a region (europe-west2-pubsub.googleapis.com), or a private one. Spoken to with TLS and credentials.',
    otherwise: 'pubsub.googleapis.com',
  }),
  output: setting(optional(fileOrStdio), {
    group: 'Destination',
    notInFile: true,
    description: 'NDJSON file to write instead, - for stdout, which a run takes as --input. A file that is there already grows.',
  }),
  rate: setting(optional(decimal({ min: 1, max: 50_000 })), {
    group: 'Destination',
    notInFile: true,
    description: 'Messages a second, on average.',
    otherwise: 'as fast as they are taken',
  }),
  dry_run: setting(toggle, { group: 'Destination', notInFile: true, default: false, description: 'Only counts: sends nothing and remembers nothing.' }),
  kafka_brokers: setting(optional(list(brokerAddress)), { group: 'Kafka', description: 'Kafka brokers that have the topic; a few are enough to find the others.' }),
  ...wayToKafka,
  log_level: ofRun(runSettings.log_level, 'General'),
  config: setting(optional(file), { group: 'General', notInFile: true, description: 'YAML file of a run, for the way to Kafka; what it says beyond that is let be.' }),
};

export const RedriveSettings = t.type(redriveSettings);
export type RedriveSettings = t.TypeOf<typeof RedriveSettings>;
