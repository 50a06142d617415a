import type { TimestampMeaning } from '../compare/told.js';
import type { ComparisonRules } from '../compare/comparison.js';
import type { Kind } from '../compare/reasons.js';
import type { CompareSettings } from './compareSettings.js';
import { kafkaSecurity, type KafkaSecurity } from './kafkaSecurity.js';
import type { LogLevel } from './names.js';

/** `-` is stdin. */
export type RecordsFrom = { readonly _tag: 'File'; readonly path: string } | { readonly _tag: 'Topic'; readonly topic: string };

export interface SideConfig {
  readonly results: RecordsFrom;
  readonly deadLetters: RecordsFrom | undefined;
  /** Undefined: found out. */
  readonly timestamp: TimestampMeaning | undefined;
}

/** What `pages-viewed compare` is to do. */
export interface CompareConfig {
  readonly left: SideConfig;
  readonly right: SideConfig;
  readonly kafka: { readonly brokers: readonly string[]; readonly security: KafkaSecurity };
  readonly rules: ComparisonRules;
  /** Kinds of differences that are told and do not count. */
  readonly accepted: readonly Kind[];
  /** So many of each difference are shown. */
  readonly examples: number;
  readonly format: 'text' | 'json' | 'html';
  /** `-` is stdout. */
  readonly report: string;
  readonly logLevel: LogLevel;
}

export const toCompareConfig = (settings: CompareSettings): CompareConfig => ({
  left: sideOf(settings.left, settings.left_dead_letters, settings.left_timestamp),
  right: sideOf(settings.right, settings.right_dead_letters, settings.right_timestamp),
  kafka: { brokers: settings.kafka_brokers, security: kafkaSecurity(settings) },
  rules: {
    tolerances: { instant: settings.time_tolerance, spent: settings.spent_tolerance },
    since: settings.since ?? -Infinity,
    until: settings.until ?? Infinity,
  },
  accepted: settings.accept,
  examples: settings.examples,
  format: settings.format,
  report: settings.report,
  logLevel: settings.log_level,
});

const sideOf = (results: string, deadLetters: string | undefined, timestamp: 'auto' | TimestampMeaning): SideConfig => ({
  results: recordsFrom(results),
  deadLetters: deadLetters === undefined ? undefined : recordsFrom(deadLetters),
  timestamp: timestamp === 'auto' ? undefined : timestamp,
});

/** No topic has a slash in its name, and few end like a file of JSON lines. */
export const recordsFrom = (name: string): RecordsFrom =>
  name === '-' || /[/\\]|\.(ndjson|jsonl|json)$/.test(name) ? { _tag: 'File', path: name } : { _tag: 'Topic', topic: name };

