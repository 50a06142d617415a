import type { Millis } from '../operators/index.js';
import { ScoreError, WATERMARK_ROW, printColumn, type Cell, type Column, type Row, type Score } from './score.js';
import { parseTime, printTime } from './time.js';

export { WATERMARK_ROW } from './score.js';

/** One word of a row, at its instant of processing time. */
export interface Happening {
  readonly at: Millis;
  readonly text: string;
}

/** A row as it happens; spans are taken apart. */
export interface Lane {
  readonly name: string;
  readonly happenings: readonly Happening[];
}

const SECOND = 1_000;

/**
 * Takes a row apart into what happens when. Under a span like `1m..2m` stands a span of watermarks
 * of the same length, `-10s..50s`: one each second.
 *
 * @throws ScoreError when the two spans differ in length, or another row stands under a span
 */
export const laneOf = ({ name, cells }: Row): Lane => ({ name, happenings: cells.flatMap((cell) => happeningsIn(name, cell)) });

/** The score of what happened, see {@link columnsOf}. */
export const scoreOf = (lanes: readonly Lane[]): Score => {
  const columns = columnsOf([lanes]);
  return { columns, rows: lanes.map((lane) => ({ name: lane.name, cells: cellsUnder(columns, lane) })) };
};

/**
 * The columns that show what happened, in one timeline or in several beside each other: an instant
 * for each moment, a span where for three seconds or more each of them had but one watermark a
 * second, steadily rising, or nothing at all.
 */
export const columnsOf = (timelines: readonly (readonly Lane[])[]): readonly Column[] => {
  const distances = timelines.map(distancesOf);
  const rise = (at: Millis): string | undefined => {
    const all = distances.map((of) => of.get(at));
    return all.includes(NaN) ? undefined : all.join();
  };
  return [...new Set(distances.flatMap((of) => [...of.keys()]))]
    .sort((a, b) => a - b)
    .reduce<Column[]>((made, at) => {
      const last = made.at(-1);
      const goesOn = last !== undefined && at === last.to + SECOND && rise(at) !== undefined && rise(at) === rise(last.to);
      if (goesOn) made[made.length - 1] = { from: last.from, to: at };
      else made.push({ from: at, to: at });
      return made;
    }, [])
    .flatMap((column) => (column.to - column.from < 2 * SECOND ? instants(column).map((at) => ({ from: at, to: at })) : [column]));
};

/** The words of a lane that stand under a column, in their order; of a span the first and the last as one word, `-10s..50s`. */
export const wordsUnder = ({ happenings }: Lane): ((column: Column) => readonly string[]) => {
  const words = new Map<Millis, string[]>();
  for (const { at, text } of happenings) {
    const there = words.get(at);
    if (there === undefined) words.set(at, [text]);
    else there.push(text);
  }
  return ({ from, to }) => {
    if (from === to) return words.get(from) ?? [];
    const all = instants({ from, to }).flatMap((at) => words.get(at) ?? []);
    return all.length < 2 ? all : [`${all[0]}..${all.at(-1)}`];
  };
};

const instants = ({ from, to }: Column): readonly Millis[] => Array.from({ length: (to - from) / SECOND + 1 }, (_, i) => from + i * SECOND);

const happeningsIn = (name: string, { column, tokens }: Cell): readonly Happening[] => {
  if (column.from === column.to) return tokens.map((text) => ({ at: column.from, text }));
  const [from, to] = (tokens[0] ?? '').split('..').map(parseTime);
  if (name !== WATERMARK_ROW || tokens.length > 1 || from === undefined || to === undefined || to - from !== column.to - column.from) {
    throw new ScoreError(`under the span ${printColumn(column)} only watermarks that rise as long can stand, like ${printTime(0)}..${printTime(column.to - column.from)}: "${tokens.join(' ')}" in row "${name}"`);
  }
  return instants(column).map((at) => ({ at, text: printTime(from + at - column.from) }));
};

/** How far the watermark of each instant is from the clock; NaN where something else happened. */
const distancesOf = (lanes: readonly Lane[]): ReadonlyMap<Millis, Millis> => {
  const distances = new Map<Millis, Millis>();
  for (const { name, happenings } of lanes) {
    for (const { at, text } of happenings) {
      const watermark = name === WATERMARK_ROW && !distances.has(at) ? parseTime(text) : undefined;
      distances.set(at, watermark !== undefined && Number.isFinite(watermark) ? at - watermark : NaN);
    }
  }
  return distances;
};

const cellsUnder = (columns: readonly Column[], lane: Lane): readonly Cell[] => {
  const words = wordsUnder(lane);
  return columns.map((column) => ({ column, tokens: words(column) })).filter(({ tokens }) => tokens.length > 0);
};
