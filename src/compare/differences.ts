import type { Millis } from '../../operators/index.js';
import type { Kind, Reason } from './reasons.js';
import type { Standing } from './standing.js';
import { SIDES, type Side } from './told.js';

/** The least and the greatest time on a page of some results, in ms. */
export interface Spread {
  readonly least: Millis;
  readonly most: Millis;
}

export type Example =
  | { readonly _tag: 'Result'; readonly session: string; readonly left: Standing | undefined; readonly right: Standing | undefined }
  /** What could not be read, and where it stands. */
  | { readonly _tag: 'Unreadable'; readonly note: string };

/** All that differs for one reason. */
export interface Difference {
  readonly kind: Kind;
  readonly why: string;
  readonly count: number;
  /** Times on the page that the results of each side have; undefined where it has none. */
  readonly spent: Readonly<Record<Side, Spread | undefined>>;
  /** The first ones. */
  readonly examples: readonly Example[];
}

interface Growing extends Difference {
  count: number;
  readonly spent: Record<Side, Spread | undefined>;
  readonly examples: Example[];
}

/** Counts differences by their reason. Memory: the reasons, of which there are few, with their examples. */
export class Differences {
  private readonly byReason = new Map<string, Growing>();

  /** @param examples so many are kept of each reason */
  constructor(private readonly examples: number) {}

  add({ kind, why }: Reason, example: Example): void {
    const difference = this.byReason.get(why) ?? { kind, why, count: 0, spent: { left: undefined, right: undefined }, examples: [] };
    this.byReason.set(why, difference);
    difference.count += 1;
    if (example._tag === 'Result') for (const side of SIDES) difference.spent[side] = widened(difference.spent[side], example[side]?.spent);
    if (difference.examples.length < this.examples) difference.examples.push(example);
  }

  /** The most frequent first. */
  all(): readonly Difference[] {
    return [...this.byReason.values()].sort((a, b) => b.count - a.count);
  }
}

const widened = (spread: Spread | undefined, spent: Millis | undefined): Spread | undefined => {
  if (spent === undefined) return spread;
  return spread === undefined ? { least: spent, most: spent } : { least: Math.min(spread.least, spent), most: Math.max(spread.most, spent) };
};
