import * as t from 'io-ts';
import { KINDS } from '../compare/reasons.js';
import { choice, instant, integer, list, optional, seconds } from './kind.js';
import { brokerAddress, file, fileOrStdio, topicOrFile } from './names.js';
import { runSettings } from './runSettings.js';
import { setting } from './setting.js';
import { wayToKafka } from './wayToKafka.js';

const NAMING = 'A name with a slash, one that ends with .ndjson, .jsonl or .json, and - for stdin is a file; any other is a topic.';

const meaning = choice(['auto', 'entry', 'exit']);

/** Every setting of `pages-viewed compare`. */
export const compareSettings = {
  left: setting(topicOrFile, { group: 'What is compared', description: `Results of one pipeline, such as the one that is to be replaced. ${NAMING}` }),
  right: setting(topicOrFile, { group: 'What is compared', description: 'Results of the other pipeline.' }),
  left_dead_letters: setting(optional(topicOrFile), { group: 'What is compared', description: 'Dead letters of the left pipeline: they tell why a result is missing there.' }),
  right_dead_letters: setting(optional(topicOrFile), { group: 'What is compared', description: 'Dead letters of the right pipeline.' }),
  since: setting(optional(instant), { group: 'What is compared', description: 'Only pages that were entered then or later: when both were running. An ISO 8601 date-time.' }),
  until: setting(optional(instant), { group: 'What is compared', description: 'Only pages that were entered before then.' }),

  left_timestamp: setting(meaning, { group: 'Rules', default: 'auto', description: 'What timestamp means in the left results: entry or exit of the page. auto finds out by the windows. Results with the header pane need it not.' }),
  right_timestamp: setting(meaning, { group: 'Rules', default: 'auto', description: 'What timestamp means in the right results.' }),
  time_tolerance: setting(seconds({ min: 0, max: 60 }), { group: 'Rules', default: 1, description: 'Instants that are no farther apart are the same. Times that were cut to the second need 1.' }),
  spent_tolerance: setting(seconds({ min: 0, max: 3_600 }), { group: 'Rules', default: 0.001, description: 'Times on a page that differ by no more are the same.' }),
  accept: setting(list({ ...choice(KINDS), placeholder: 'kind' }), { group: 'Rules', default: [], description: `Kinds of differences that are expected; they are reported and do not count: ${KINDS.join(', ')}.` }),

  format: setting(choice(['text', 'json', 'html']), { group: 'Report', default: 'text', description: 'How the report is written; html is one file that needs nothing else.' }),
  report: setting(fileOrStdio, { group: 'Report', default: '-', description: 'File to write the report to, - for stdout.' }),
  examples: setting(integer({ min: 0, max: 1_000 }), { group: 'Report', default: 5, description: 'Examples of each difference. They name sessions and pages; 0 leaves them out.' }),

  kafka_brokers: setting(list(brokerAddress), { group: 'Kafka', default: [], description: 'Kafka brokers, where a topic is compared; a few are enough to find the others.' }),
  ...wayToKafka,

  log_level: runSettings.log_level,
  config: setting(optional(file), { group: 'General', notInFile: true, description: 'YAML file of a run, for its way to Kafka; what it says beyond that is let be.' }),
};

export const CompareSettings = t.type(compareSettings);
export type CompareSettings = t.TypeOf<typeof CompareSettings>;
