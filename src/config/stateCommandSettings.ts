import * as t from 'io-ts';
import { list, optional, toggle } from './kind.js';
import { brokerAddress, file, fileOrStdio } from './names.js';
import { ofRun } from './ofRun.js';
import { runSettings } from './runSettings.js';
import { setting } from './setting.js';
import { wayToKafka } from './wayToKafka.js';

/** Whose state it is: settings of `run`, so that what names a job there names it here. */
const whose = {
  job: ofRun(runSettings.job, 'Job', 'Name of the job, whose state is in the topic <job>-changelog. If its run was given none, the next two make it.'),
  input_subscription: ofRun(runSettings.input_subscription, 'Job', 'Subscription that the job reads.'),
  output_topic: ofRun(runSettings.output_topic, 'Job', 'Kafka topic of its results.'),
  kafka_brokers: setting(list(brokerAddress), { group: 'Kafka', description: 'Kafka brokers that keep the state; a few are enough to find the others.' }),
  ...wayToKafka,
};

const general = {
  log_level: ofRun(runSettings.log_level, 'General'),
  config: setting(optional(file), { group: 'General', notInFile: true, description: "YAML file of the job's run; what it says beyond these settings is let be." }),
};

/** Every setting of the commands `pages-viewed state …`. */
export const stateCommandSettings = {
  inspect: {
    ...whose,
    json: setting(toggle, { group: 'Report', notInFile: true, default: false, description: 'One JSON object instead of text.' }),
    ...general,
  },
  export: {
    ...whose,
    output: setting(fileOrStdio, { group: 'Export', notInFile: true, default: '-', description: 'NDJSON file to write, - for stdout.' }),
    ...general,
  },
  reset: {
    ...whose,
    yes: setting(toggle, { group: 'Reset', notInFile: true, default: false, description: 'Really does it; without it you are told what would be lost.' }),
    ...general,
  },
};

export const InspectSettings = t.type(stateCommandSettings.inspect);
export const ExportSettings = t.type(stateCommandSettings.export);
export const ResetSettings = t.type(stateCommandSettings.reset);
