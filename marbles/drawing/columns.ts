import type { Column } from '../score.js';
import { axisThrough, distancesOf, type Axis, type Distances, type Stop } from './axis.js';
import { LABEL_DISTANCE, type Label } from './labels.js';

/** Instants across the picture, each with the room its labels need. */
export interface Columns {
  readonly x: Axis;
  /** Where the last label ends. */
  readonly right: number;
  /** Where the axis leaves out time. */
  readonly breaks: readonly number[];
  /** No two labels of a lane are in each other's way. */
  readonly isEnough: boolean;
}

const EASY = { shortest: 34, middle: 56, longest: 100 };
const TIGHT = { shortest: 22, middle: 30, longest: 48 };
/** The seconds of a span, whatever their number. */
const SPAN = 72;
/** A picture that needs less is spread, but not without bounds. */
const COMFORTABLE = 600;
const MOST_SPREAD = 1.8;
/** What the words of the last instant have at least. */
const TAIL = 90;

/**
 * Places columns so that no two labels of a lane are in each other's way. If that takes more than
 * `most`, words are not asked: they have to be stacked, then; and if even that is too much, it is wider.
 *
 * @param rigid the lanes whose labels always stand side by side
 */
export const columnsOf = (columns: readonly Column[], rigid: readonly (readonly Label[])[], others: readonly (readonly Label[])[], left: number, most: number): Columns => {
  const easy = place(columns, [...rigid, ...others], left, EASY);
  if (easy.right <= most) return { ...spread(easy, Math.min(most, COMFORTABLE), MOST_SPREAD), isEnough: true };
  const tight = place(columns, rigid, left, TIGHT);
  return { ...spread({ ...tight, right: Math.max(tight.right, lastOf(tight) + TAIL) }, most, Infinity), isEnough: false };
};

interface Placed {
  readonly left: number;
  readonly stops: readonly Stop[];
  readonly breaks: readonly number[];
  readonly right: number;
}

const lastOf = ({ stops, left }: Placed): number => stops.at(-1)?.px ?? left;

/** The same, as wide as that if it is narrower. */
const spread = (placed: Placed, width: number, mostRatio: number) => {
  const { left, right, stops, breaks } = placed;
  const [last, tail] = [lastOf(placed), right - lastOf(placed)];
  const ratio = Math.min(mostRatio, Math.max(1, (width - tail - left) / Math.max(1, last - left)));
  const moved = (px: number): number => left + (px - left) * ratio;
  const through = stops.map(({ time, px }) => ({ time, px: moved(px) }));
  const only = through[0] ?? { time: 0, px: left };
  return { x: axisThrough(through.length > 1 ? through : [only, { time: only.time + 1, px: only.px + 1 }]), right: moved(last) + tail, breaks: breaks.map(moved) };
};

const place = (columns: readonly Column[], lanes: readonly (readonly Label[])[], left: number, spacing: Distances): Placed => {
  const times = columns.flatMap(({ from, to }) => (from === to ? [from] : [from, to]));
  const distances = distancesOf(times, spacing);
  const ends = lanes.map(() => left);
  const stops: { time: number; px: number }[] = [];
  const breaks: number[] = [];

  for (const { from, to } of columns) {
    const beginOf = ({ at, begins }: Label): number => begins + (to > from ? ((at - from) / (to - from)) * SPAN : 0);
    const own = lanes.map((lane) => lane.filter(({ at }) => at >= from && at <= to));
    const step = distances[stops.length - 1];
    const before = stops.at(-1)?.px;
    const pushed = own.flatMap((labels, i) => labels.slice(0, 1).map((label) => (ends[i] ?? left) + LABEL_DISTANCE - beginOf(label)));
    const px = Math.max(before === undefined ? left : before + (step?.px ?? 0), ...pushed);
    if (step?.isBroken === true && before !== undefined) breaks.push((before + px) / 2);
    stops.push({ time: from, px });
    own.forEach((labels, i) => labels.forEach((label) => (ends[i] = Math.max(ends[i] ?? left, px + beginOf(label) + label.width))));
    if (to > from) stops.push({ time: to, px: px + SPAN });
  }
  const right = Math.max(...ends, (stops.at(-1)?.px ?? left) + spacing.shortest);
  return { left, stops, breaks, right };
};
