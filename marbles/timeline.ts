import type { Millis } from '../operators/index.js';
import { ScoreError, printColumn, type Cell, type Column, type Row, type Score } from './score.js';
import { parseTime, printTime } from './time.js';

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

/** The row whose words are times, and the only one that spans may stand over. */
export const WATERMARK_ROW = 'watermark';

/**
 * Takes a row apart into what happens when. Under a span like `1m..2m` stands a span of watermarks
 * of the same length, `-10s..50s`: one each second.
 *
 * @throws ScoreError when the two spans differ in length, or another row stands under a span
 */
export const laneOf = ({ name, cells }: Row): Lane => ({ name, happenings: cells.flatMap((cell) => happeningsIn(name, cell)) });

/** The score of what happened: an instant for each moment, a span where for a while only the watermark rose, second by second. */
export const scoreOf = (lanes: readonly Lane[], moments: readonly Millis[] = []): Score => {
  const steady = steadySteps(lanes, moments);
  const columns = [...new Set([...moments, ...lanes.flatMap(({ happenings }) => happenings.map(({ at }) => at))])]
    .sort((a, b) => a - b)
    .reduce<Column[]>((made, at) => {
      const last = made.at(-1);
      if (last !== undefined && steady.has(at) && steady.has(last.to) && steady.get(at) === steady.get(last.to)) made[made.length - 1] = { from: last.from, to: at };
      else made.push({ from: at, to: at });
      return made;
    }, []);
  return { columns, rows: lanes.map(({ name, happenings }) => ({ name, cells: cellsUnder(columns, happenings) })) };
};

const happeningsIn = (name: string, { column, tokens }: Cell): readonly Happening[] => {
  if (column.from === column.to) return tokens.map((text) => ({ at: column.from, text }));
  const [from, to] = (tokens[0] ?? '').split('..').map(parseTime);
  if (name !== WATERMARK_ROW || tokens.length > 1 || from === undefined || to === undefined || to - from !== column.to - column.from) {
    throw new ScoreError(`under the span ${printColumn(column)} only watermarks that rise as long can stand, like ${printTime(0)}..${printTime(column.to - column.from)}: "${tokens.join(' ')}" in row "${name}"`);
  }
  return Array.from({ length: (column.to - column.from) / SECOND + 1 }, (_, i) => ({ at: column.from + i * SECOND, text: printTime(from + i * SECOND) }));
};

/**
 * The instants at which nothing but one watermark happened, each with what it shares with its
 * neighbours in a steady rise: the distance of the watermark from the clock.
 */
const steadySteps = (lanes: readonly Lane[], moments: readonly Millis[]): ReadonlyMap<Millis, Millis> => {
  const watermarks = lanes.find(({ name }) => name === WATERMARK_ROW)?.happenings ?? [];
  const others = new Set([...moments, ...lanes.filter(({ name }) => name !== WATERMARK_ROW).flatMap(({ happenings }) => happenings.map(({ at }) => at))]);
  const alone = watermarks.filter(({ at }, i) => !others.has(at) && watermarks[i - 1]?.at !== at && watermarks[i + 1]?.at !== at);
  const distances = new Map(alone.flatMap(({ at, text }) => [[at, at - (parseTime(text) ?? NaN)] as const]));
  const follows = (at: Millis, step: Millis): boolean => distances.has(at) && distances.get(at) === distances.get(at + step);
  return new Map([...distances].filter(([at]) => (follows(at, SECOND) && (follows(at + SECOND, SECOND) || follows(at, -SECOND))) || (follows(at, -SECOND) && follows(at - SECOND, -SECOND))));
};

const cellsUnder = (columns: readonly Column[], happenings: readonly Happening[]): readonly Cell[] =>
  columns.flatMap((column): readonly Cell[] => {
    const texts = happenings.filter(({ at }) => at >= column.from && at <= column.to).map(({ text }) => text);
    if (texts.length === 0) return [];
    return [{ column, tokens: column.from === column.to ? texts : [`${texts[0]}..${texts.at(-1)}`] }];
  });
