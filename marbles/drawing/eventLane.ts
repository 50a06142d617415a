import type { Millis } from '../../operators/index.js';
import { printTime } from '../time.js';
import type { Dot, Place } from './arrival.js';
import { axisThrough, distancesOf, ticksOf, type Axis } from './axis.js';
import { RADIUS, marble, type Slots } from './marbles.js';
import type { Scene } from './scene.js';
import { KEY_COLOURS } from './style.js';
import type { Step } from './watermarkSteps.js';
import { element, escape, path } from './xml.js';

/** Straight axes: processing time from 0 on, and event time upwards. */
export interface Straight {
  /** Of processing time. */
  readonly until: Millis;
  /** Of event time. */
  readonly from: Millis;
  readonly to: Millis;
  /** Of the lane, in px. */
  readonly height: number;
}

export interface EventLane {
  readonly height: number;
  readonly y: Axis;
  readonly markup: string;
  readonly dots: readonly { readonly dot: Dot; readonly x: number; readonly y: number }[];
}

/** Where the lane lies: from the axis of event times to the end of what happens. */
export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
}

const ABOVE = 24;
const BELOW = 14;
const LABELS_APART = 13;
const SECOND: Millis = 1_000;

/** Whether there is anything to see: event times that are not those of arrival, a watermark, a window. */
export const hasEventTimes = ({ dots, steps, bars }: Scene): boolean =>
  steps.length > 0 || bars.length > 0 || dots.some(({ mark, place }) => mark.at !== place.at);

/** Events by arrival and event time, the windows they make, and the watermark over them. */
export const eventLane = (scene: Scene, x: Axis, slots: Slots, { left, top, right }: Extent, straight?: Straight): EventLane => {
  const { y, height, labelled, breaks } = straight === undefined ? fitted(scene, top) : linear(straight, top);
  const bottom = top + height;
  const xOf = (place: Place): number => x.at(place.at) + slots.offset(place);
  const yOf = (time: Millis): number => Math.min(bottom, Math.max(top, y.at(time)));

  const dots = scene.dots.map((dot) => ({ dot, x: xOf(dot.place), y: yOf(dot.mark.at) }));
  const line = watermarkLine(scene.steps, (step) => stepAt(step, x, slots, scene), yOf, bottom, right);
  return {
    height,
    y,
    dots,
    markup: [
      element('text', { class: 'small quiet', x: 10, y: top + 9 }, 'event time'),
      ...labelled.flatMap((time) => [
        element('path', { class: 'grid', d: path([[left, yOf(time)], [right, yOf(time)]]) }),
        element('text', { class: 'small quiet end', x: left - 6, y: yOf(time) + 3.5 }, escape(printTime(time))),
      ]),
      element('path', { class: 'axis', d: path([[left, top], [left, bottom]]) }),
      ...breaks.map((at) => breakMark(left, at)),
      ...(straight === undefined ? [] : [nowLine(x, y, straight)]),
      ...barsOf(scene, x, xOf, yOf, (step) => stepAt(step, x, slots, scene)),
      ...(line === undefined ? [] : [
        element('path', { class: 'wet', d: `${path([...line, [right, bottom], [line[0]?.[0] ?? left, bottom]])}Z` }),
        element('path', { class: 'line', 'data-line': '', d: path(line) }),
      ]),
      ...dots.map(({ dot, ...at }) => marble(dot, scene.keys, at.x, at.y, true)),
    ].join(''),
  };
};

/** Each time that matters at a distance from its neighbours. */
const fitted = ({ dots, bars, steps }: Scene, top: number) => {
  const first = [...dots.map(({ mark }) => mark.at), ...bars.flatMap(({ window }) => [window.start, window.end])];
  const turns = steps.filter((step, i) => !isRamp(steps[i - 1], step) || !isRamp(step, steps[i + 1])).map(({ to }) => to);
  const times = [...new Set([...first, ...turns])].filter(Number.isFinite).sort((a, b) => a - b);
  const distances = distancesOf(times, { shortest: 15, middle: 36, longest: 64 });
  const height = ABOVE + distances.reduce((sum, { px }) => sum + px, 0) + BELOW;
  const places = distances.reduce<number[]>((made, { px }) => [...made, (made.at(-1) ?? 0) - px], [top + height - BELOW]);
  const stops = times.map((time, i) => ({ time, px: places[i] ?? 0 }));
  const last = stops.at(-1) ?? { time: 0, px: top + height - BELOW };
  const y = axisThrough(stops.length > 1 ? stops : [last, { time: last.time + 1, px: last.px - 1 }]);
  const labelled = [...first, ...times].reduce<Millis[]>((made, time) => (made.some((it) => Math.abs(y.at(it) - y.at(time)) < LABELS_APART) ? made : [...made, time]), []);
  const breaks = distances.flatMap(({ isBroken, px }, i) => (isBroken ? [(places[i] ?? 0) - px / 2] : []));
  return { y, height, labelled, breaks };
};

const linear = ({ from, to, height }: Straight, top: number) => {
  const y = axisThrough([{ time: from, px: top + height - BELOW }, { time: to, px: top + ABOVE }]);
  return { y, height, labelled: ticksOf(y, from, to, 2 * LABELS_APART), breaks: [] };
};

/** Where events are that come the moment they happen: further down is older. */
const nowLine = (x: Axis, y: Axis, { from, to, until }: Straight): string => {
  const [first, last] = [Math.max(0, from), Math.min(until, to)];
  return element('path', { class: 'now', d: path([[x.at(first), y.at(first)], [x.at(last), y.at(last)]]) });
};

/** Two short strokes across the axis: here it leaves out time. */
export const breakMark = (x: number, y: number, isAcross = false): string => {
  const stroke = (by: number): string => (isAcross ? path([[x + by - 2, y + 4], [x + by + 2, y - 4]]) : path([[x - 4, y + by + 2], [x + 4, y + by - 2]]));
  return element('path', { class: 'axis', d: stroke(-2) + stroke(2) });
};

const barsOf = ({ bars, keys, steps }: Scene, x: Axis, xOf: (place: Place) => number, yOf: (time: Millis) => number, stepX: (step: Step) => number): readonly string[] =>
  bars.flatMap(({ key, window, from, until, panes }) => {
    const fired = steps.find(({ after, to }) => after.at === until && to >= window.end);
    const end = fired === undefined ? x.at(until) : stepX(fired);
    const start = from === undefined ? end - 2 * RADIUS : xOf(from) - RADIUS;
    const right = Math.max(end, start + 2 * RADIUS + 4);
    const edge = (at: number, timing: string): string =>
      element('path', { class: `edge ${timing.toLowerCase().replace('_', '-')}`, d: path([[at, yOf(window.end) + 2], [at, yOf(window.start) - 2]]) });
    return [
      element('rect', { class: `bar k${Math.max(0, keys.indexOf(key)) % KEY_COLOURS}`, x: start, y: yOf(window.end), width: right - start, height: yOf(window.start) - yOf(window.end), rx: 3 }),
      ...panes.map(({ at, timing }) => edge(at === until ? right - 3 : x.at(at), timing)),
    ];
  });

/** Right behind the marble that causes it; where the source says it, there. */
const stepAt = ({ after }: Step, x: Axis, slots: Slots, { dots }: Scene): number => {
  const isCaused = dots.some(({ place }) => place.at === after.at && place.slot === after.slot);
  if (after.slot >= 0) return x.at(after.at) + slots.offset(after) + (isCaused ? slots.behind : 0);
  return x.at(after.at) - (dots.some(({ place }) => place.at === after.at) ? slots.behind : 0);
};

/** It rises as the clock does, in small steps. */
const isRamp = (before: Step | undefined, step: Step | undefined): boolean =>
  before !== undefined && step !== undefined && step.after.slot === -1 && step.to - before.to <= SECOND && step.after.at - before.after.at === step.to - before.to;

/** A step line: level, then up; a rise second by second is drawn as a ramp. `undefined` when there is no watermark. */
const watermarkLine = (steps: readonly Step[], xOf: (step: Step) => number, yOf: (time: Millis) => number, bottom: number, right: number): readonly (readonly [number, number])[] | undefined => {
  if (steps.length === 0) return undefined;
  const points: [number, number][] = [];
  steps.forEach((step, i) => {
    const [before, at] = [steps[i - 1], Math.max(xOf(step), points.at(-1)?.[0] ?? 0)];
    if (!isRamp(before, step)) points.push([at, points.at(-1)?.[1] ?? bottom]);
    points.push([at, yOf(step.to)]);
  });
  return [...points, [right, points.at(-1)?.[1] ?? bottom]];
};
