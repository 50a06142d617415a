import type { Millis } from '../operators/index.js';
import { parseTime, printTime } from './time.js';

/** An instant of processing time, or (`from` < `to`) every second from the one to the other, both included. */
export interface Column {
  readonly from: Millis;
  readonly to: Millis;
}

/** What stands in one row under one column: texts that happen there in this order. */
export interface Cell {
  readonly column: Column;
  readonly tokens: readonly string[];
}

export interface Row {
  readonly name: string;
  readonly cells: readonly Cell[];
}

/** A table: instants across, what happens downwards. */
export interface Score {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A score that cannot be read: says what, and where it stands. */
export class ScoreError extends Error {
  override readonly name = 'ScoreError';
}

/** A run of words with single spaces between them, and where it starts. */
interface Group {
  readonly start: number;
  readonly text: string;
}

/**
 * Reads a score: a first row `time` with the instants, then rows of a name and cells. A cell starts
 * exactly under the instant it belongs to; single spaces part what happens within it, two spaces or
 * more part cells.
 *
 * @throws ScoreError when a line, an instant or the place of a cell is wrong
 */
export const parseScore = (text: string): Score => {
  const [head, ...rest] = text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '').map(groupsOf);
  if (head?.[0]?.text !== 'time') throw new ScoreError(`a score begins with a row of instants, "time  0s  30s  1m": it begins with "${head?.[0]?.text ?? ''}"`);
  const [, ...instants] = head;
  if (instants.length === 0) throw new ScoreError('the row "time" names no instant');
  const places = instants.map((group) => ({ start: group.start, column: columnFrom(group.text) }));
  const columns = places.map(({ column }) => column);
  columns.forEach((column, i) => {
    const before = columns[i - 1];
    if (before !== undefined && !(before.to < column.from)) {
      throw new ScoreError(`instants rise from left to right: ${printColumn(column)} stands after ${printColumn(before)}`);
    }
  });

  const rows = rest.map(([name, ...groups]): Row => ({
    name: rowName(name?.text ?? ''),
    cells: groups.map((group) => {
      const place = places.find(({ start }) => start === group.start);
      if (place === undefined) throw new ScoreError(`"${group.text}" in row "${name?.text}" stands under no instant: ${nearest(places, group.start)}`);
      return { column: place.column, tokens: group.text.split(' ') };
    }),
  }));
  const twice = rows.find((row, i) => rows.findIndex(({ name }) => name === row.name) < i);
  if (twice !== undefined) throw new ScoreError(`there are two rows "${twice.name}"`);
  return { columns, rows };
};

/** Writes a score the one way there is: cells under their instants, two spaces between what is widest. */
export const printScore = ({ columns, rows }: Score): string => {
  const lanes = [{ name: 'time', texts: columns.map(printColumn) }, ...rows.map((row) => ({ name: row.name, texts: columns.map((column) => textAt(row, column)) }))];
  const widths = columns.map((_, i) => Math.max(...lanes.map(({ texts }) => texts[i]?.length ?? 0)));
  const label = Math.max(...lanes.map(({ name }) => name.length));
  return lanes.map(({ name, texts }) => [name.padEnd(label), ...texts.map((text, i) => text.padEnd(widths[i] ?? 0))].join('  ').trimEnd()).join('\n');
};

export const printColumn = ({ from, to }: Column): string => (from === to ? printTime(from) : `${printTime(from)}..${printTime(to)}`);

const textAt = (row: Row, column: Column): string =>
  row.cells.filter((cell) => cell.column.from === column.from && cell.column.to === column.to).flatMap(({ tokens }) => tokens).join(' ');

const groupsOf = (line: string): Group[] => [...line.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ start: match.index, text: match[0] }));

const rowName = (text: string): string => {
  if (text.includes(' ')) throw new ScoreError(`a row has one word for a name and two spaces after it: "${text}"`);
  return text;
};

const columnFrom = (text: string): Column => {
  const [from, to, ...more] = text.split('..').map(parseTime);
  if (from === undefined || (text.includes('..') && to === undefined) || more.length > 0 || !Number.isFinite(from) || from < 0) {
    throw new ScoreError(`"${text}" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span`);
  }
  if (to === undefined) return { from, to: from };
  if (!(to > from) || (to - from) % 1_000 !== 0) throw new ScoreError(`"${text}" is no span of whole seconds`);
  return { from, to };
};

const nearest = (places: readonly { readonly start: number; readonly column: Column }[], start: number): string => {
  const before = places.filter((place) => place.start < start).at(-1);
  if (before === undefined) return 'it stands before the first one';
  const right = start - before.start;
  return `it begins ${right} ${right === 1 ? 'place' : 'places'} right of ${printColumn(before.column)}`;
};
