import type { Millis, Timing } from '../../operators/index.js';
import type { Diagram } from '../diagram.js';
import { WATERMARK } from '../mark.js';
import { WATERMARK_ROW, printColumn, type Column, type Row } from '../score.js';
import { printTime } from '../time.js';
import type { Arrival, Dot } from './arrival.js';
import { field } from './field.js';
import { stepsOf, watermarkBefore, type Step } from './watermarkSteps.js';
import { barsOf, timingOf, type Bar } from './windowBars.js';

export interface Word {
  readonly at: Millis;
  readonly text: string;
  readonly kind: Timing | 'refused' | 'plain';
}

/** A row of what comes out. */
export interface WordLane {
  readonly name: string;
  readonly words: readonly Word[];
}

/** What a diagram shows, before anything has a place on paper. */
export interface Scene {
  readonly columns: readonly Column[];
  readonly keys: readonly string[];
  readonly dots: readonly Dot[];
  readonly steps: readonly Step[];
  readonly bars: readonly Bar[];
  /** The watermark goes first, next to its line. */
  readonly lanes: readonly WordLane[];
  /** Everything, in sentences. */
  readonly told: string;
}

/** The rows of what is refused, for whatever reason. */
const REFUSED_ROWS: readonly string[] = ['late', 'dead_letters'];

/** How the result ends, where that is not how the source does. */
const ENDS_ROW = 'ends';

/** Names in capitals are no events but what befalls the source: `STOP`, `LOST`. */
const BEFALLS = /^[A-Z]{2,}$/;

/** Reads off a diagram what is to be drawn. */
export const sceneOf = (diagram: Diagram): Scene => {
  const { score, source, expected } = diagram;
  const arrivals = diagram.marks.map(({ at, mark }, index): Arrival => ({
    mark,
    place: { at, slot: diagram.marks.slice(0, index).filter((it) => it.at === at).length },
    isRefused: isRefused(diagram, index),
    isEvent: mark.name !== WATERMARK && !BEFALLS.test(mark.name),
  }));
  const steps = stepsOf(diagram, arrivals);
  const dots = arrivals.flatMap((arrival, index): readonly Dot[] =>
    (arrival.isEvent ? [{ ...arrival, index, isBehind: arrival.mark.at < watermarkBefore(steps, arrival.place) }] : []));
  const lanes = score.rows.filter(({ name }) => name !== source.name && name !== ENDS_ROW).map((row) => wordLane(row, expected));
  return {
    columns: score.columns,
    keys: [...new Set(dots.map(({ mark }) => mark.key))],
    dots,
    steps,
    bars: barsOf(diagram.lanes.filter(({ name }) => !REFUSED_ROWS.includes(name)), expected, dots),
    lanes: [...lanes.filter(({ name }) => name === WATERMARK_ROW), ...lanes.filter(({ name }) => name !== WATERMARK_ROW)],
    told: toldBy(diagram),
  };
};

/** Words over a span stand in its middle. */
const wordLane = ({ name, cells }: Row, legend: ReadonlyMap<string, unknown>): WordLane => ({
  name,
  words: cells.flatMap(({ column: { from, to }, tokens }) => tokens.map((text): Word => ({
    at: (from + to) / 2,
    text,
    kind: REFUSED_ROWS.includes(name) ? 'refused' : timingOf(text, legend.get(text)) ?? 'plain',
  }))),
});

/** Whether a word of those rows, at the instant of its arrival, is about this mark. */
const isRefused = ({ marks, lanes, expected }: Diagram, index: number): boolean => {
  const it = marks[index];
  if (it === undefined) return false;
  const words = lanes.filter(({ name }) => REFUSED_ROWS.includes(name)).flatMap(({ happenings }) => happenings.filter(({ at }) => at === it.at).map(({ text }) => text));
  const isAlone = marks.filter(({ at }) => at === it.at).length === 1;
  return words.some((word) => isAlone || word.includes(`(${it.mark.name}@${printTime(it.mark.at)},`) || /[:.]([^:.]+)$/.exec(word)?.[1] === it.mark.name || field(field(expected.get(word), 'value'), 'name') === it.mark.name);
};

const toldBy = ({ score: { columns, rows } }: Diagram): string =>
  columns.flatMap((column) => {
    const cells = rows.flatMap((row) => row.cells.filter((cell) => cell.column.from === column.from && cell.column.to === column.to).map(({ tokens }) => `${row.name} ${tokens.join(' ')}`));
    return cells.length === 0 ? [] : [`At ${printColumn(column)}: ${cells.join('; ')}.`];
  }).join(' ');
