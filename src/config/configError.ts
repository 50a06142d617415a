/** What is wrong with one setting, and where it came from. */
export interface ConfigError {
  /** The setting, or the part of it: `window_size`, `filter[1].matches`. */
  readonly key: string;
  /** `--window_size`, `PAGES_VIEWED_WINDOW_SIZE`, `pipeline.yaml:12`; undefined when it was given nowhere. */
  readonly source: string | undefined;
  /** The rule, in words that go on after "key: ". */
  readonly rule: string;
  /** What stood there; undefined when there is nothing to show. */
  readonly value?: unknown;
}

/** Never empty: all that is wrong, not only the first. */
export type ConfigErrors = readonly ConfigError[];

const LONGEST_VALUE = 120;

/** One line per error, ready for stderr. */
export const describeErrors = (errors: ConfigErrors): string =>
  [`${errors.length === 1 ? 'The configuration is' : `${errors.length} things in the configuration are`} wrong:`, ...errors.map(line)].join('\n');

const line = ({ key, source, rule, value }: ConfigError): string =>
  `  ${key}: ${rule}${value === undefined ? '' : `; got ${shown(value)}`}${source === undefined || source === key ? '' : ` (from ${source})`}`;

const shown = (value: unknown): string => {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
};
