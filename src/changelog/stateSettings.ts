import type { RunConfig } from '../config/runConfig.js';
import { storedName } from '../model/productName.js';

/** Settings without which a state means nothing, by the names of the flags and in their units. */
export type StateSettings = Readonly<Record<string, string | number | boolean>>;

/** A setting that is not what it was when the state was computed; undefined where it was not known. */
export interface SettingDifference {
  readonly name: string;
  readonly stored: StateSettings[string] | undefined;
  readonly configured: StateSettings[string] | undefined;
}

/**
 * The settings that say what a state means. A state goes on under others only if somebody accepts it; under
 * another product it never does, for that could not read it.
 *
 * In: what a session is and when it is over (`key`, `window_size`, `allowed_lateness`,
 * `accumulation`, `historic`), what is remembered as emitted (`product`, `last_page`,
 * `early_last_page`, `output_topic`: to another topic what has been emitted would be missing), what
 * sessions hold for the output (`output_fields`), and by what time anything is measured (`clock`, and
 * the input, whose watermark and message ids these are).
 *
 * Out, because the state means the same and only what comes next is another:
 * - which views are let in: `customer_id_filter`, `filter`, `max_future_skew`;
 * - when something happens: `max_out_of_orderness` (a watermark stays where it is), `early_trigger`,
 *   `idle_timeout`, `historic_timeout`, `closed_session_memory`;
 * - how pages are named: `reference_data`, which may change at any time and never changes what is held;
 * - how results are written, and where refusals go: `timestamp_precision`, `dead_letter_topic`, brokers and
 *   security (a cluster has its own changelog);
 * - how the run is led: `commit_interval`, `transaction_timeout`, `max_outstanding_messages`, `max_restarts`,
 *   `hold_for`, `drain`, `log_level`, and `job`, which names the changelog itself.
 */
export const stateSettings = ({ product, input, output, clock, windows, results }: RunConfig): StateSettings => ({
  product: storedName(product),
  key: 'session_id',
  input: inputName(input),
  output: output._tag === 'Kafka' ? output.topic : output.path,
  clock,
  window_size: windows.gap / 1_000,
  allowed_lateness: windows.allowedLateness / 1_000,
  accumulation: 'accumulating',
  historic: windows.historic,
  last_page: results.lastPage,
  early_last_page: results.earlyLastPage,
  output_fields: [...results.outputFields].sort().join() || 'none',
});

/** In the order of their names. */
export const settingDifferences = (stored: StateSettings, configured: StateSettings): readonly SettingDifference[] =>
  [...new Set([...Object.keys(stored), ...Object.keys(configured)])]
    .sort()
    .filter((name) => stored[name] !== configured[name])
    .map((name) => ({ name, stored: stored[name], configured: configured[name] }));

/** `window_size was 60 and is 30`, for the message that refuses. */
export const describeDifference = ({ name, stored, configured }: SettingDifference): string =>
  `${name} was ${stored ?? 'not known'} and is ${configured ?? 'not known'}`;

const inputName = (input: RunConfig['input']): string => {
  switch (input._tag) {
    case 'Embedded':
      return 'embedded';
    case 'PubSub':
      return input.subscription;
    case 'File':
      return input.path;
  }
};
