import type { Millis } from '../../operators/index.js';

/** A scale from times to px, as straight as the stops it goes through allow. */
export interface Axis {
  at(time: Millis): number;
  timeAt(px: number): Millis;
}

export interface Stop {
  readonly time: Millis;
  readonly px: number;
}

/** The axis through these stops, at least two, in order of time; beyond them it goes on as between the last two. */
export const axisThrough = (stops: readonly Stop[]): Axis => {
  const along = (from: 'time' | 'px', to: 'time' | 'px') => (value: number): number => {
    const rising = (stops.at(-1)?.[from] ?? 0) > (stops[0]?.[from] ?? 0);
    const after = stops.findIndex((stop) => (rising ? stop[from] >= value : stop[from] <= value));
    const right = after === -1 ? stops.length - 1 : Math.max(after, 1);
    const [a, b] = [stops[right - 1], stops[right]];
    if (a === undefined || b === undefined) return a?.[to] ?? b?.[to] ?? 0;
    return a[to] + ((value - a[from]) / (b[from] - a[from])) * (b[to] - a[to]);
  };
  return { at: along('time', 'px'), timeAt: along('px', 'time') };
};

/** The shortest and the longest that a distance between two neighbours is drawn, and how long one of middle length is. */
export interface Distances {
  readonly shortest: number;
  readonly middle: number;
  readonly longest: number;
}

/** How far apart neighbours are drawn: in proportion, within bounds; the axis is broken where it should be farther than that. */
export const distancesOf = (times: readonly Millis[], { shortest, middle, longest }: Distances): readonly { readonly px: number; readonly isBroken: boolean }[] => {
  const apart = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const median = [...apart].sort((a, b) => a - b)[Math.floor(apart.length / 2)] ?? 1;
  return apart.map((it) => (it / median) * middle).map((px) => ({ px: Math.min(longest, Math.max(shortest, px)), isBroken: px > longest }));
};

const SECOND = 1_000;
const ROUND = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400].map((seconds) => seconds * SECOND);

/** Round times from the one to the other, as dense as that they are at least `room` px apart. */
export const ticksOf = (axis: Axis, from: Millis, to: Millis, room: number): readonly Millis[] => {
  const perPx = (to - from) / Math.abs(axis.at(to) - axis.at(from));
  const step = ROUND.find((it) => it >= perPx * room) ?? Math.ceil((perPx * room) / 86_400_000) * 86_400_000;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
};
