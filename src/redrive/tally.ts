import type { Reason } from '../model/deadLetter.js';
import type { Verdict } from './verdict.js';

/** What became of the dead letters that were read. */
export interface Tally {
  readonly read: number;
  readonly redriven: number;
  /** Of those that were wanted. */
  readonly byReason: ReadonlyMap<Reason, ReadonlyMap<Verdict, number>>;
}

/** Counts as it goes. */
export class Counting implements Tally {
  read = 0;
  readonly byReason = new Map<Reason, Map<Verdict, number>>();

  get redriven(): number {
    return [...this.byReason.values()].reduce((sum, verdicts) => sum + (verdicts.get('redriven') ?? 0), 0);
  }

  add(reason: Reason, verdict: Verdict): void {
    this.read += 1;
    if (verdict === 'other') return;
    const verdicts = this.byReason.get(reason) ?? new Map<Verdict, number>();
    this.byReason.set(reason, verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1));
  }
}

const COLUMNS = ['redriven', 'redriven_before', 'truncated', 'no_event', 'too_often', 'too_many_attributes'] as const;

/** Those that are always shown. */
const ALWAYS: readonly Verdict[] = ['redriven', 'redriven_before'];

/** A table, one row a reason. */
export const tallyText = ({ read, byReason }: Tally, isDryRun: boolean): string => {
  const rows = [...byReason].sort(([a], [b]) => (a < b ? -1 : 1));
  const sums = (column: Verdict): number => rows.reduce((sum, [, verdicts]) => sum + (verdicts.get(column) ?? 0), 0);
  const columns = COLUMNS.filter((column) => ALWAYS.includes(column) || sums(column) > 0);
  const wanted = COLUMNS.reduce((sum, column) => sum + sums(column), 0);
  const heading = (column: Verdict): string => (isDryRun && column === 'redriven' ? 'would_be_redriven' : column);
  const line = (first: string, cells: readonly string[]): string => `${first.padEnd(18)}${cells.map((cell, place) => cell.padStart(heading(columns[place] ?? 'other').length + 2)).join('')}\n`;
  return [
    line('reason', columns.map(heading)),
    ...rows.map(([reason, verdicts]) => line(reason, columns.map((column) => String(verdicts.get(column) ?? 0)))),
    line('sum', columns.map((column) => String(sums(column)))),
    `${read} dead letters read, ${wanted} of them wanted\n`,
  ].join('');
};

/** The same for logs. */
export const tallyFields = ({ read, byReason }: Tally): Readonly<Record<string, unknown>> => ({
  read, byReason: Object.fromEntries([...byReason].map(([reason, verdicts]) => [reason, Object.fromEntries(verdicts)])),
});

/** `1200 dead letters read, 300 redriven`. */
export const describeTally = ({ read, redriven }: Tally, isDryRun: boolean): string => `${read} dead letters read, ${redriven} ${isDryRun ? 'to be ' : ''}redriven`;
