import type { Millis } from '../../operators/index.js';
import type { Diagram } from '../diagram.js';
import { WATERMARK_ROW, printColumn } from '../score.js';
import { printTime } from '../time.js';
import { axisThrough, ticksOf, type Axis } from './axis.js';
import { columnsOf, type Columns } from './columns.js';
import { breakMark, eventLane, hasEventTimes, type EventLane, type Straight } from './eventLane.js';
import { pack, type Label } from './labels.js';
import { NO_SLOTS, RADIUS, endLabel, slotsOf, sourceLabels } from './marbles.js';
import { sceneOf, type Scene } from './scene.js';
import { SMALL_SIZE, widthOf } from './text.js';
import { plainText, wordLabels } from './words.js';
import { element, escape, path } from './xml.js';

/** The paper a picture is drawn on. */
export interface Paper {
  /** In px; a picture that needs less is narrower, unless its axes are straight. */
  readonly width: number;
  /** Axes that are straight, instead of giving each instant the room that its texts need. */
  readonly straight?: Straight;
}

/** A drawn diagram: markup, and where things are in it. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly markup: string;
  /** All of it in sentences. */
  readonly told: string;
  readonly x: Axis;
  readonly events: EventLane | undefined;
}

const EDGE = 10;
const BETWEEN = 14;

/** How many characters a line of a word may have, from the best to the last resort. */
const LINE_LENGTHS = [28, 20, 14];

/** The rows of a picture and how they are spread. */
interface Layout extends Omit<Columns, 'isEnough'> {
  readonly times: readonly Label[];
  readonly lanes: readonly Lane[];
  /** Instants with a line from top to bottom. */
  readonly guides: readonly Millis[];
}

interface Lane {
  readonly name: string;
  readonly labels: readonly Label[];
}

/** Draws a diagram. */
export const draw = (diagram: Diagram, paper: Paper): Picture => {
  const scene = sceneOf(diagram);
  const slots = paper.straight === undefined ? slotsOf(diagram) : NO_SLOTS;
  const ends = diagram.end === diagram.sourceEnd ? [] : [{ name: 'ends', labels: [endLabel(diagram.end)] }];
  const source = sourceLabels(diagram, scene, slots);
  const gutter = EDGE + 8 + Math.max(...['event time', ...scene.lanes.map(({ name }) => name)].map((name) => widthOf(name, SMALL_SIZE)));
  const { x, right, breaks, times, lanes, guides } = paper.straight === undefined ? fitted(scene, source, gutter, paper.width) : straight(scene, paper.straight, gutter, paper.width);

  const top = { instants: EDGE, source: 0, events: 0 };
  const instants = pack(times, x, top.instants, right);
  top.source = top.instants + instants.height + BETWEEN / 2;
  const arriving = pack(source, x, top.source, right);
  const end = x.at(diagram.sourceEnd.at) + slots.offset({ at: diagram.sourceEnd.at, slot: diagram.marks.filter(({ at }) => at === diagram.sourceEnd.at).length });
  const drawn = [
    nameOf('time', top.instants + SMALL_SIZE / 2),
    instants.markup,
    nameOf('source', top.source + RADIUS),
    element('path', { class: 'axis', d: path([[gutter, top.source + RADIUS], [end, top.source + RADIUS]]) }),
    ...breaks.map((at) => breakMark(at, top.source + RADIUS, true)),
    arriving.markup,
  ];

  top.events = top.source + arriving.height + BETWEEN;
  const events = paper.straight !== undefined || hasEventTimes(scene) ? eventLane(scene, x, slots, { left: gutter, top: top.events, right: Math.max(end, x.at(scene.columns.at(-1)?.to ?? 0)) + RADIUS }, paper.straight) : undefined;
  let bottom = events === undefined ? top.events - BETWEEN : top.events + events.height;
  if (events !== undefined) drawn.push(events.markup);
  for (const { name, labels } of [...lanes, ...ends]) {
    bottom += BETWEEN;
    const lane = pack(labels, x, bottom, right);
    drawn.push(nameOf(name, bottom + (name === WATERMARK_ROW ? 3 : RADIUS) + 3), lane.markup);
    bottom += lane.height;
  }
  const lines = guides.map((at) => element('path', { class: 'grid', d: path([[x.at(at), top.instants + instants.height + 2], [x.at(at), bottom]]) }));
  return { width: Math.ceil(right + EDGE), height: Math.ceil(bottom + EDGE), markup: [...lines, ...drawn].join(''), told: scene.told, x, events };
};

const fitted = (scene: Scene, source: readonly Label[], gutter: number, width: number): Layout => {
  const times = scene.columns.map((column) => plainText((column.from + column.to) / 2, printColumn(column), 'small quiet'));
  const layouts = LINE_LENGTHS.map((line) => {
    const lanes = scene.lanes.map((lane) => ({ name: lane.name, labels: wordLabels(lane, line) }));
    const guides = scene.columns.flatMap(({ from, to }) => (from === to ? [from] : [from, to]));
    return { times, lanes, guides, ...columnsOf(scene.columns, [times, source], lanes.map(({ labels }) => labels), gutter + 2 * RADIUS, width - EDGE) };
  });
  return layouts.reduce((best, next) => (best.isEnough ? best : next));
};

const straight = (scene: Scene, { until }: Straight, gutter: number, width: number): Layout => {
  const x = axisThrough([{ time: 0, px: gutter + 2 * RADIUS }, { time: until, px: width - EDGE - 2 * RADIUS }]);
  const ticks = ticksOf(x, 0, until, 56);
  return {
    x, right: width - EDGE, breaks: [], guides: ticks,
    times: ticks.map((at) => plainText(at, printTime(at), 'small quiet')),
    lanes: scene.lanes.map((lane) => ({ name: lane.name, labels: wordLabels(lane, 19) })),
  };
};

const nameOf = (name: string, middle: number): string =>
  element('text', { class: name === WATERMARK_ROW ? 'small water' : 'small quiet', x: EDGE, y: middle + 3.5 }, escape(name));
