import type { Millis } from '../../operators/index.js';
import type { Diagram } from '../diagram.js';
import { WATERMARK } from '../mark.js';
import { WATERMARK_ROW } from '../score.js';
import { parseTime } from '../time.js';
import type { Arrival, Place } from './arrival.js';
import { field } from './field.js';

/** The watermark moves: right after the mark in that place, or before all marks of its instant (`slot` -1). */
export interface Step {
  readonly after: Place;
  readonly to: Millis;
}

/** How the watermark moves: as the source says, or as it comes out. */
export const stepsOf = (diagram: Diagram, arrivals: readonly Arrival[]): readonly Step[] => {
  const made = arrivals.flatMap(({ mark, place }): readonly Step[] => (mark.name === WATERMARK ? [{ after: place, to: mark.at }] : []));
  const steps = made.length > 0 ? made : stepsThatComeOut(diagram, arrivals);
  return steps.filter(({ to }, i) => steps.slice(0, i).every((before) => before.to < to));
};

/** The watermark when a mark came. */
export const watermarkBefore = (steps: readonly Step[], { at, slot }: Place): Millis =>
  steps.filter(({ after }) => after.at < at || (after.at === at && after.slot < slot)).at(-1)?.to ?? -Infinity;

/**
 * Each mark that is newer than all before it causes one. What else comes at an instant was there
 * before its marks if the clock may have brought it, else after the first; Infinity is the last of all.
 */
const stepsThatComeOut = ({ lanes, expected }: Diagram, arrivals: readonly Arrival[]): readonly Step[] => {
  const moves = lanes.flatMap(({ name, happenings }) => happenings.flatMap(({ at, text }) => {
    const to = watermarkIn(name, text, expected.get(text));
    return to === undefined ? [] : [{ at, to }];
  }));
  let newest = -Infinity;
  const causes = arrivals.filter(({ mark, isEvent, isRefused }) => {
    const isNewest = isEvent && !isRefused && mark.at > newest;
    if (isNewest) newest = mark.at;
    return isNewest;
  });
  return moves.map(({ at, to }, i): Step => {
    const places = arrivals.filter(({ place }) => place.at === at).map(({ place }) => place);
    const caused = causes.filter(({ place }) => place.at === at).map(({ place }) => place);
    const following = moves.slice(i + 1).filter((it) => it.at === at && it.to !== Infinity).length;
    if (to === Infinity) return { after: places.at(-1) ?? { at, slot: -1 }, to };
    const isTick = to - (moves[i - 1]?.to ?? -Infinity) <= TICK;
    return { after: caused[caused.length - 1 - following] ?? (isTick ? undefined : places[0]) ?? { at, slot: -1 }, to };
  });
};

/** How far the clock takes an idle watermark at once. */
const TICK: Millis = 1_000;

const watermarkIn = (row: string, text: string, value: unknown): Millis | undefined => {
  const timestamp = field(value, '_tag') === 'Watermark' ? field(value, 'timestamp') : undefined;
  if (typeof timestamp === 'number') return timestamp;
  if (row === WATERMARK_ROW) return parseTime(text);
  return text.startsWith(WATERMARK) ? parseTime(text.slice(WATERMARK.length)) : undefined;
};
