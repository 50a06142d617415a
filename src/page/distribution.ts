import type { ResultsStatus } from '../status/status.js';
import { count, duration } from './format.js';

/** One bar of the distribution. */
export interface Bar {
  readonly label: string;
  readonly count: string;
  readonly share: string;
  /** Of the longest bar: 0 to 1. */
  readonly length: number;
}

/** The distribution of measured times on page as bars. */
export const barsOf = ({ bounds, counts }: ResultsStatus['timeOnPage']): readonly Bar[] => {
  const all = counts.reduce((sum, it) => sum + it, 0);
  const most = Math.max(...counts);
  return counts.map((value, index) => ({
    label: labelOf(bounds[index - 1], bounds[index]),
    count: count(value),
    share: all === 0 ? '0 %' : percent(value / all),
    length: most === 0 ? 0 : value / most,
  }));
};

const inWords = (seconds: number): string => duration(seconds * 1_000).replace(/\.0(?!\d)/, '');

const labelOf = (above: number | undefined, upTo: number | undefined): string => {
  if (upTo === undefined) return `over ${inWords(above ?? 0)}`;
  return above === undefined ? `up to ${inWords(upTo)}` : `${inWords(above)} – ${inWords(upTo)}`;
};

const percent = (share: number): string => (share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`);
