import type { Millis } from '../../operators/index.js';
import type { CompareConfig, RecordsFrom } from '../config/compareConfig.js';
import { isoTime } from '../model/isoTime.js';
import type { Comparison, SideNature } from './comparison.js';
import type { Difference, Example, Spread } from './differences.js';
import type { Kind } from './reasons.js';
import type { SideFacts } from './sideFacts.js';
import type { Standing } from './standing.js';
import type { Side } from './told.js';

/** What a comparison tells, as `--format json` writes it; instants are ISO 8601, times are seconds. */
export interface ComparisonReport {
  /** Whether there is no difference but those of accepted kinds. */
  readonly same: boolean;
  /** Results that both sides have and that do not differ. */
  readonly same_results: number;
  readonly left: SideReport;
  readonly right: SideReport;
  readonly tolerance: { readonly time_seconds: number; readonly spent_seconds: number };
  /** The most frequent first. */
  readonly differences: readonly DifferenceReport[];
  /** What is no difference in results, and good to know. */
  readonly notes: readonly string[];
}

export interface SideReport {
  readonly from: string;
  /** All that was read. */
  readonly records: number;
  readonly with_pane: number;
  readonly unreadable: number;
  /** What was compared: results and their sessions, after `--since` and before `--until`. */
  readonly results: number;
  readonly sessions: number;
  readonly replaced: number;
  readonly historic: number;
  readonly last_pages: number;
  readonly first_entry: string | null;
  readonly last_entry: string | null;
  /** What `timestamp` means. */
  readonly timestamp: 'entry' | 'exit';
}

export interface DifferenceReport {
  readonly kind: Kind;
  readonly why: string;
  readonly count: number;
  /** Of how many: last pages, for a difference of those. Null where that says nothing. */
  readonly of: number | null;
  readonly accepted: boolean;
  readonly left_seconds: SpreadReport;
  readonly right_seconds: SpreadReport;
  readonly examples: readonly ExampleReport[];
}

/** Null where the side has no result. */
export type SpreadReport = { readonly least: number; readonly most: number } | null;

export type ExampleReport = { readonly session_id: string; readonly left: ResultReport | null; readonly right: ResultReport | null } | { readonly unreadable: string };

export interface ResultReport {
  readonly page: string;
  readonly entry: string;
  readonly seconds: number;
  readonly window_start: string | null;
  readonly window_end: string | null;
  /** Null without the header `pane`. */
  readonly revision: number | null;
  readonly rule: string | null;
  readonly historic: boolean;
  /** Times in the records that this one has replaced. */
  readonly replaced_seconds: readonly number[];
}

export interface Compared {
  readonly config: CompareConfig;
  readonly facts: Readonly<Record<Side, SideFacts>>;
  readonly natures: Readonly<Record<Side, SideNature>>;
  readonly comparison: Comparison;
  readonly differences: readonly Difference[];
}

export const comparisonReport = ({ config, facts, natures, comparison, differences }: Compared): ComparisonReport => {
  const { counts, same } = comparison;
  const lastPages = Math.max(counts.left.lastPages, counts.right.lastPages);
  const sideReport = (side: Side): SideReport => {
    const { first, last, ...count } = counts[side];
    return {
      from: nameOf(config[side].results),
      records: facts[side].records + facts[side].unreadable,
      with_pane: facts[side].withPane,
      unreadable: facts[side].unreadable,
      results: count.results,
      sessions: count.sessions,
      replaced: count.replaced,
      historic: count.historic,
      last_pages: count.lastPages,
      first_entry: maybeTime(first),
      last_entry: maybeTime(last),
      timestamp: natures[side].meaning,
    };
  };
  const reported = differences.map(({ kind, why, count, spent, examples }): DifferenceReport => ({
    kind, why, count,
    of: kind === 'last_page' ? lastPages : null,
    accepted: config.accepted.includes(kind),
    left_seconds: spreadReport(spent.left),
    right_seconds: spreadReport(spent.right),
    examples: examples.map(exampleReport),
  }));
  const { instant, spent } = config.rules.tolerances;
  const [left, right] = [sideReport('left'), sideReport('right')];
  return {
    same: reported.every(({ accepted }) => accepted),
    same_results: same,
    left, right,
    tolerance: { time_seconds: instant / 1_000, spent_seconds: spent / 1_000 },
    differences: reported,
    notes: notesOf(left, right),
  };
};

const notesOf = (left: SideReport, right: SideReport): readonly string[] => [
  ...(left.timestamp === right.timestamp ? [] : [`timestamp is the ${left.timestamp} of the page on the left and its ${right.timestamp} on the right`]),
  ...(left.results === 0 && right.results === 0 ? ['there was nothing to compare'] : []),
];

const nameOf = (from: RecordsFrom): string => (from._tag === 'Topic' ? `topic ${from.topic}` : from.path === '-' ? 'stdin' : from.path);

const maybeTime = (at: Millis | undefined): string | null => (at !== undefined && Number.isFinite(at) ? isoTime(at, 'milliseconds') : null);

const spreadReport = (spread: Spread | undefined): SpreadReport => (spread === undefined ? null : { least: spread.least / 1_000, most: spread.most / 1_000 });

const exampleReport = (example: Example): ExampleReport =>
  example._tag === 'Unreadable'
    ? { unreadable: example.note }
    : { session_id: example.session, left: resultReport(example.left), right: resultReport(example.right) };

const resultReport = (result: Standing | undefined): ResultReport | null =>
  result === undefined
    ? null
    : {
        page: result.page,
        entry: isoTime(result.entry, 'milliseconds'),
        seconds: result.spent / 1_000,
        window_start: maybeTime(result.windowStart),
        window_end: maybeTime(result.windowEnd),
        revision: result.pane?.revision ?? null,
        rule: result.pane?.rule ?? null,
        historic: result.pane?.historic === true,
        replaced_seconds: result.replaced.map(({ spent }) => spent / 1_000),
      };
