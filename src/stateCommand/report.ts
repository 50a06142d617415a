import type { KeyedSessions, Millis } from '../../operators/index.js';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import type { Restored } from '../changelog/changelogReader.js';
import type { CommittedState } from '../changelog/committedState.js';
import type { Owner } from '../changelog/owner.js';
import type { StateSettings } from '../changelog/stateSettings.js';
import { isoTime } from '../model/isoTime.js';
import { accountOf } from '../runtime/conservation.js';
import type { Found } from './inspector.js';

/** What `state inspect` tells, as `--json` writes it; times are ISO 8601. */
export interface Report {
  readonly job: string;
  readonly topic: string;
  readonly log: { readonly records: number; readonly bytes: number; readonly first_offset: number | null; readonly last_offset: number | null };
  /** The instances that took the job over, the last one first, as far back as the log goes. */
  readonly owners: readonly OwnerReport[];
  /** Number of the last commit; 0 before the first. */
  readonly epoch: number;
  /** Why no run can go on with it; null when one can. */
  readonly refusal: { readonly fault: string; readonly offset: number | null; readonly found: string; readonly advice: string } | null;
  /** Null when there is none, or none that can be restored. */
  readonly state: StateReport | null;
}

export interface OwnerReport {
  readonly instance: string;
  readonly takeover: number;
  readonly started_at: string;
  readonly host: string;
  readonly pid: number;
}

/** What a run goes on with. */
export interface StateReport {
  /** The last run has committed all that it had been given, and has stopped. */
  readonly parked: boolean;
  readonly task_time: string;
  readonly watermark: string | null;
  readonly sessions: {
    readonly open: number;
    /** Events they hold, of whatever product. */
    readonly views: number;
    readonly live: number;
    readonly fired: number;
    readonly historic: number;
    /** Closed ones that are remembered, so that no later one overlaps them. */
    readonly closed: number;
  };
  /** Sessions whose early results are due in a while. */
  readonly early_results_due: number;
  /** Results that are remembered, to tell a repetition from a correction. */
  readonly emitted: number;
  readonly message_ids: { readonly remembered: number; readonly unconfirmed: number };
  /** What became of all messages of the job so far. */
  readonly account: {
    readonly received: number;
    readonly duplicates: number;
    readonly dead_letters: Readonly<Record<string, number>>;
    readonly held: number;
    readonly closed: number;
    readonly contradictions: number;
  };
  /** What it was computed with. */
  readonly settings: StateSettings;
}

/** @param state what a run would go on with; undefined where there is none, or none that can be restored */
export const reportOf = (job: string, topic: string, { log, owner, epoch, restored }: Found, state: CommittedState<unknown> | undefined): Report => ({
  job,
  topic,
  log: { records: log.records, bytes: log.bytes, first_offset: numberOf(log.firstOffset), last_offset: numberOf(log.lastOffset) },
  owners: ownersOf(restored, owner).map(ownerReport),
  epoch,
  refusal: restored instanceof ChangelogRefusal ? { fault: restored.fault, offset: numberOf(restored.offset), found: restored.found, advice: restored.advice } : null,
  state: restored instanceof ChangelogRefusal || !state ? null : stateReport(state, restored),
});

/** Of a log that is refused only the last one is known. */
const ownersOf = (restored: Restored | ChangelogRefusal, last: Owner | undefined): readonly Owner[] => {
  if (!(restored instanceof ChangelogRefusal)) return [...restored.owners].reverse();
  return last ? [last] : [];
};

const ownerReport = ({ instance, takeover, startedAt, host, pid }: Owner): OwnerReport => ({ instance, takeover, started_at: instant(startedAt), host, pid });

export const stateReport = ({ taskTime, tally, flow, ids }: CommittedState<unknown>, { parked, settings = {} }: Restored): StateReport => {
  const { watermarks, sessions, early, emitted } = flow;
  const { received, duplicates, deadLetters, held, closed, contradictions } = accountOf(tally, sessions?.header.counts ?? { duplicates: 0, held: 0, closed: 0 });
  return {
    parked,
    task_time: instant(taskTime),
    watermark: instantOrNull(watermarks?.header.sent ?? null),
    sessions: sessionsReport(sessions?.entries),
    early_results_due: count(early?.entries),
    emitted: count(emitted?.entries),
    message_ids: idsReport(ids),
    account: { received, duplicates, dead_letters: deadLetters, held, closed, contradictions },
    settings,
  };
};

const idsReport = (ids: CommittedState<unknown>['ids']): StateReport['message_ids'] => {
  const pinned = new Map(Array.from(ids, (seen) => [seen.id, seen.pinned] as const));
  return { remembered: pinned.size, unconfirmed: [...pinned.values()].filter(Boolean).length };
};

const sessionsReport = (entries: Iterable<readonly [string, KeyedSessions<unknown>]> = []): StateReport['sessions'] => {
  const report = { open: 0, views: 0, live: 0, fired: 0, historic: 0, closed: 0 };
  for (const [, { sessions, closed }] of entries) {
    report.open += sessions.length;
    report.closed += closed.length;
    for (const { mode, events } of sessions) {
      report[mode] += 1;
      report.views += events;
    }
  }
  return report;
};

const count = (entries: Iterable<readonly [string, Iterable<unknown>]> = []): number => {
  let sum = 0;
  for (const [, values] of entries) sum += [...values].length;
  return sum;
};

const numberOf = (offset: bigint | undefined): number | null => (offset === undefined ? null : Number(offset));

/** At the end of an input the watermark is infinite. */
export const instant = (at: Millis): string => (Number.isFinite(at) ? isoTime(at, 'milliseconds') : String(at));

const instantOrNull = (at: Millis | null): string | null => (at === null ? null : instant(at));
