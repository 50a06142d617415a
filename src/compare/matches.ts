import type { Millis } from '../../operators/index.js';
import type { Standing } from './standing.js';

/** What belongs together, and what has no counterpart. */
export interface Matches {
  readonly pairs: readonly (readonly [left: Standing, right: Standing])[];
  /** The same entry under another page. */
  readonly renamed: readonly (readonly [left: Standing, right: Standing])[];
  readonly onlyLeft: readonly Standing[];
  readonly onlyRight: readonly Standing[];
}

/**
 * Matches the results of one session: by page and entry. Entries that are equal go first, then those that
 * are at most `tolerance` apart, in their order; of what is left, those of the same entry whatever their page.
 */
export const matches = (left: readonly Standing[], right: readonly Standing[], tolerance: Millis): Matches => {
  const byPage = new Map<string, { readonly left: Standing[]; readonly right: Standing[] }>();
  const ofPage = (page: string) => {
    const known = byPage.get(page) ?? { left: [], right: [] };
    byPage.set(page, known);
    return known;
  };
  for (const one of left) ofPage(one.page).left.push(one);
  for (const one of right) ofPage(one.page).right.push(one);

  const pairs: (readonly [Standing, Standing])[] = [];
  const alone = { left: new Array<Standing>(), right: new Array<Standing>() };
  for (const page of byPage.values()) {
    const exact = paired(page.left, page.right, 0);
    const near = paired(exact.onlyLeft, exact.onlyRight, tolerance);
    pairs.push(...exact.pairs, ...near.pairs);
    alone.left.push(...near.onlyLeft);
    alone.right.push(...near.onlyRight);
  }
  const exact = paired(alone.left.sort(byEntry), alone.right.sort(byEntry), 0);
  const near = paired(exact.onlyLeft, exact.onlyRight, tolerance);
  return { pairs, renamed: [...exact.pairs, ...near.pairs], onlyLeft: near.onlyLeft, onlyRight: near.onlyRight };
};

const byEntry = (a: Standing, b: Standing): number => a.entry - b.entry;

/** Both in the order of entry, and so is what comes out. */
const paired = (left: readonly Standing[], right: readonly Standing[], tolerance: Millis) => {
  const pairs: (readonly [Standing, Standing])[] = [];
  const onlyLeft: Standing[] = [];
  const onlyRight: Standing[] = [];
  let [l, r] = [0, 0];
  for (;;) {
    const [one, other] = [left[l], right[r]];
    if (one === undefined && other === undefined) return { pairs, onlyLeft, onlyRight };
    if (one !== undefined && other !== undefined && Math.abs(one.entry - other.entry) <= tolerance) {
      pairs.push([one, other]);
      [l, r] = [l + 1, r + 1];
    } else if (other === undefined || (one !== undefined && one.entry < other.entry)) {
      if (one !== undefined) onlyLeft.push(one);
      l += 1;
    } else {
      onlyRight.push(other);
      r += 1;
    }
  }
};
