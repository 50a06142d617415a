import type { Millis } from '../../operators/index.js';
import type { EffectiveSetting } from '../config/effectiveSettings.js';
import type { Reason } from '../model/deadLetter.js';
import type { Rule } from '../model/pageTime.js';
import type { PaneCounts, Phase, SessionSizes } from '../runtime/observation.js';
import type { Standstill } from '../runtime/taskClock.js';

/** What stands where a value is not to be shown. */
export const MASK = '•••';

/**
 * How a run is, as the page shows it and `/events` sends it: one JSON object a second. Instants are ms
 * since the epoch. Session ids, page titles and what stood in events are {@link MASK} unless
 * `valuesShown`; secrets always are.
 */
export interface Status {
  readonly version: string;
  readonly job: string;
  /** By the clock of this machine, as all instants but those of event time. */
  readonly now: Millis;
  readonly startedAt: Millis;
  readonly phase: Phase;
  readonly valuesShown: boolean;
  /** What is wrong, the worst first; nothing: all is well. */
  readonly problems: readonly Problem[];
  readonly source: SourceStatus;
  readonly sink: SinkStatus;
  readonly edges: readonly Edge[];
  readonly time: TimeStatus;
  readonly sessions: SessionSizes & { /** In open sessions. */ readonly views: number };
  readonly results: ResultsStatus;
  readonly deadLetters: readonly DeadLetterStatus[];
  readonly commits: CommitStatus;
  readonly history: History;
  readonly settings: readonly EffectiveSetting[];
}

export interface Problem {
  /** The heading of its section in docs/runbook.md. */
  readonly id: string;
  /** `bad`: no result comes. `warning`: they come, but somebody should look. */
  readonly level: 'bad' | 'warning';
  /** A sentence. */
  readonly text: string;
}

export interface SourceStatus {
  readonly kind: 'embedded' | 'pubsub' | 'file';
  /** The subscription or the path. */
  readonly name: string;
  readonly isOpen: boolean;
  /** How often it was lost, and why it was lost last. */
  readonly losses: number;
  readonly cause: string | null;
  /** Delivered, and not yet processed. */
  readonly waiting: number;
  /** Delivered and not yet acked; null where nothing is acked. */
  readonly held: number | null;
  readonly limit: number;
}

export interface SinkStatus {
  readonly kind: 'kafka' | 'file';
  /** The topic or the path. */
  readonly name: string;
  /** Where dead letters go; null: they are only counted. */
  readonly deadLetters: string | null;
}

/** The places of the picture, in the order of the flow. */
export type Place =
  | 'source' | 'messages' | 'validate' | 'filter' | 'enrich' | 'assignWatermarks' | 'sessionWindow' | 'earlyTrigger' | 'timeOnPage' | 'dedupeEmitted' | 'sink'
  | 'deadLetters' | 'duplicates';

/** What has gone from one place of the picture to another. */
export interface Edge {
  readonly from: Place;
  readonly to: Place;
  readonly unit: 'messages' | 'events' | 'panes' | 'results';
  /** Of dead letters. */
  readonly reason?: Reason;
  readonly count: number;
  /** Over the last ten seconds. */
  readonly perSecond: number;
}

export interface TimeStatus {
  /** Event time; null before the first, and at the end of the input. */
  readonly watermark: Millis | null;
  /** The input has come to its end. */
  readonly isAtEnd: boolean;
  /** How far the watermark is behind the clock. */
  readonly lag: Millis | null;
  readonly taskTime: Millis;
  /** Why task time stands still; empty: it runs. */
  readonly standstill: readonly Standstill[];
  /** From its publication to its commit: the oldest message of the last epoch; null before that. */
  readonly publishedToCommitted: Millis | null;
}

export interface ResultsStatus {
  /** Committed since the start. */
  readonly count: number;
  readonly revisions: number;
  readonly perSecond: number;
  readonly panes: PaneCounts;
  /** Times on page that were measured, without corrections: how many up to each bound, in seconds, and in the last place how many beyond all. */
  readonly timeOnPage: { readonly bounds: readonly number[]; readonly counts: readonly number[]; /** Of last pages, which have the gap by rule. */ readonly byRule: number };
  /** The newest first. */
  readonly latest: readonly LatestResult[];
}

export interface LatestResult {
  readonly session: string;
  /** Of another product than time on page: what it tells, as JSON; then the two below are null. */
  readonly page: string;
  readonly seconds: number | null;
  readonly rule: Rule | null;
  readonly timing: 'EARLY' | 'ON_TIME' | 'LATE';
  readonly revision: number;
  readonly historic: boolean;
  readonly forced: false | 'cap' | 'drain';
  /** When it left the pipeline. */
  readonly at: Millis;
  readonly windowStart: Millis;
  readonly windowEnd: Millis;
}

export interface DeadLetterStatus {
  readonly reason: Reason;
  readonly count: number;
  readonly perSecond: number;
  /** The newest first. */
  readonly samples: readonly DeadLetterSample[];
}

export interface DeadLetterSample {
  /** When it was committed. */
  readonly at: Millis;
  readonly stage: string;
  readonly session: string | null;
  readonly messageId: string | null;
  readonly publishTime: Millis | null;
  readonly errors: readonly { readonly path: string; readonly expected: string; readonly got: string }[];
}

export interface CommitStatus {
  /** Since the start. */
  readonly epochs: number;
  /** How long the last one took; null before it. */
  readonly lastTook: Millis | null;
  /** Since the last one. */
  readonly age: Millis;
  /** How long the one that is on its way has been; 0 when none is. */
  readonly pending: Millis;
  /** Attempts of the one on its way that have failed, and why the last one did. */
  readonly failures: number;
  readonly failure: string | null;
  /** Pipelines built anew after a failure. */
  readonly restarts: number;
  /** Messages that are processed and not committed. */
  readonly uncommitted: number;
  readonly checkpoint: 'memory' | 'kafka';
  /** Bytes of the state as it was last written down in full; null in memory, and before that. */
  readonly stateBytes: number | null;
}

/** One point every five seconds of the last quarter of an hour, the oldest first. */
export interface History {
  readonly every: Millis;
  readonly points: readonly HistoryPoint[];
}

export interface HistoryPoint {
  readonly at: Millis;
  readonly open: number;
  readonly historic: number;
  readonly receivedPerSecond: number;
  readonly resultsPerSecond: number;
  readonly lag: Millis | null;
}
