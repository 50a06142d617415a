import type { Millis } from '../../operators/index.js';
import { describeErrors } from '../config/configError.js';
import { parseCommandLine } from '../config/parseCommandLine.js';
import type { RunConfig } from '../config/runConfig.js';
import { GAP, MAX_OUT_OF_ORDERNESS } from './scenario.js';

export const RESULTS = 'time-on-page';
export const DEAD_LETTERS = 'time-on-page.dead-letter';

/** When an early result is due. */
export const EARLY_TRIGGER: Millis = 5_000;

const SETTINGS = {
  input_subscription: 'projects/simulated/subscriptions/page-views',
  kafka_brokers: 'simulated:9092',
  output_topic: RESULTS,
  dead_letter_topic: DEAD_LETTERS,
  job: 'simulated',
  state: 'kafka',
  transaction_timeout: 5,
  window_size: GAP / 1_000,
  max_out_of_orderness: MAX_OUT_OF_ORDERNESS / 1_000,
  early_trigger: EARLY_TRIGGER / 1_000,
  idle_timeout: 30,
  historic_timeout: 90,
  // What comes late is known as such for as long as a world lasts.
  closed_session_memory: 86_400,
  max_restarts: 100,
};

/** What is simulated, as a command line. */
export const COMMAND_LINE: readonly string[] = Object.entries(SETTINGS).flatMap(([name, value]) => [`--${name}`, `${value}`]);

/** The same, as the pipeline reads it. */
export const simulatedConfig = (): RunConfig => {
  const parsed = parseCommandLine(COMMAND_LINE, {}, () => {
    throw new Error('there are no files');
  });
  if (parsed._tag === 'Left') throw new Error(describeErrors(parsed.left));
  if (parsed.right._tag !== 'Run') throw new Error('this is not a command line of a run');
  return parsed.right.config;
};
