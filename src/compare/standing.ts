import type { Entered } from './told.js';

/** A result: the record that stands, and those that it replaces. */
export interface Standing extends Entered {
  readonly replaced: readonly Entered[];
}

/**
 * The results that some records of one session tell. A result is what has the same page and the same
 * entry; of its records one that is not historic beats a historic one, then the highest revision counts, then the
 * later place. Records without a header `pane` have revision 0 and are not historic, so of them the last one counts.
 *
 * In the order of entry.
 */
export const standing = (records: readonly Entered[]): readonly Standing[] => {
  const results: { stands: Entered; readonly replaced: Entered[] }[] = [];
  for (const record of records.toSorted(byPageAndEntry)) {
    const result = results.at(-1);
    if (result === undefined || !isSameResult(result.stands, record)) results.push({ stands: record, replaced: [] });
    else if (beats(record, result.stands)) {
      result.replaced.push(result.stands);
      result.stands = record;
    } else result.replaced.push(record);
  }
  return results.map(({ stands, replaced }) => ({ ...stands, replaced })).sort((a, b) => a.entry - b.entry);
};

const byPageAndEntry = (a: Entered, b: Entered): number => (a.page === b.page ? a.entry - b.entry : a.page < b.page ? -1 : 1);

const isSameResult = (a: Entered, b: Entered): boolean => a.page === b.page && Math.abs(a.entry - b.entry) <= Math.max(a.slack, b.slack);

const beats = (a: Entered, b: Entered): boolean => {
  const [aIsHistoric, bIsHistoric] = [a.pane?.historic === true, b.pane?.historic === true];
  if (aIsHistoric !== bIsHistoric) return bIsHistoric;
  const byRevision = (a.pane?.revision ?? 0) - (b.pane?.revision ?? 0);
  return byRevision === 0 ? a.place > b.place : byRevision > 0;
};
