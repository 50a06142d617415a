import type { Millis } from '../types.js';
import { overlaps, type Mark } from './session.js';

/** A key with more closed sessions than this has the two oldest remembered as one span: it errs to late, never to overlap. */
const MOST_MARKS = 16;

export const NO_MARKS: readonly Mark[] = [];

/** The marks with one more, by start. */
export const remember = (marks: readonly Mark[], mark: Mark): readonly Mark[] => {
  if (marks.length === 0) return [mark];
  const all = [...marks, mark].sort((a, b) => a.start - b.start);
  const [first, second, ...rest] = all;
  if (all.length <= MOST_MARKS || !first || !second) return all;
  const span: Mark = {
    start: first.start,
    end: Math.max(first.end, second.end),
    closedAt: Math.max(first.closedAt, second.closedAt),
    owesClosed: first.owesClosed || second.owesClosed,
    ordinal: Math.min(first.ordinal, second.ordinal),
  };
  return [span, ...rest];
};

export const anyOverlaps = (marks: readonly Mark[], start: Millis, end: Millis): boolean => marks.some((mark) => overlaps(mark, start, end));

/** A mark may go when `memory` has passed since its close in both kinds of time. */
export const isForgettable = (mark: Mark, memory: Millis, watermark: Millis, now: Millis): boolean =>
  mark.closedAt + memory <= now && mark.end + memory <= watermark;
