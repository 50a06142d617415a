import { identityOf, type Told } from '../../src/simulate/batch.js';
import type { PageResult } from '../support/results.js';

export { identityOf, inBatch, looked } from '../../src/simulate/batch.js';

const identity = ({ emitted: { key, value } }: PageResult): string => identityOf(key, value.entry, value.page);

/** What stands at the end, as a consumer finds it: what is not historic beats what is, then the highest revision, then the later one. */
export const lastTold = (results: readonly PageResult[]): Told => {
  const standing = new Map<string, PageResult>();
  for (const result of results) {
    const known = standing.get(identity(result));
    if (known && beats(known, result)) continue;
    standing.set(identity(result), result);
  }
  return Object.fromEntries(Array.from(standing, ([of, { emitted: { value } }]) => [of, [value.timeSpent / 1_000, value.rule] as const]));
};

const beats = (known: PageResult, other: PageResult): boolean => {
  if (known.emitted.pane.historic !== other.emitted.pane.historic) return other.emitted.pane.historic;
  return known.emitted.revision > other.emitted.revision;
};

/** The revisions of each identity, in the order of their emission. */
export const revisions = (results: readonly PageResult[]): ReadonlyMap<string, readonly PageResult[]> => {
  const told = new Map<string, PageResult[]>();
  for (const result of results) told.set(identity(result), [...(told.get(identity(result)) ?? []), result]);
  return told;
};
