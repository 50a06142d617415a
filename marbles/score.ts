import type { Millis } from '../operators/index.js';
import { parseTime, printTime, withPrintedTimes } from './time.js';

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

/** An instant of the first row, and where it starts. */
interface Place {
  readonly start: number;
  readonly column: Column;
}

const TIME_ROW = 'time';

/** The row whose words are times, and the only one that spans may stand over. */
export const WATERMARK_ROW = 'watermark';

/**
 * Reads a score: a first row `time` with the instants, then rows of a name and cells. A cell starts
 * exactly under the instant it belongs to; single spaces part what happens within it, two spaces or
 * more part cells. Times within words are read as times: `[0s..80s)` is `[0s..1m20s)`.
 *
 * @throws ScoreError when a line, an instant or the place of a cell is wrong
 */
export const parseScore = (text: string): Score => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const tabbed = lines.find((line) => line.includes('\t'));
  if (tabbed !== undefined) throw new ScoreError(`a score is aligned by spaces alone: there is a tab in "${tabbed.trim().replaceAll('\t', '\\t')}"`);

  const [head, ...rest] = lines.map(groupsOf);
  const places = placesFrom(head ?? []);
  const rows = rest.map(([name, ...groups]) => rowFrom(name?.text ?? '', groups, places));
  const names = [TIME_ROW, ...rows.map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new ScoreError(`there are two rows "${twice}"`);
  return { columns: places.map(({ column }) => column), rows };
};

/** Writes a score the one way there is: cells under their instants, two spaces between what is widest. */
export const printScore = ({ columns, rows }: Score): string => {
  const lanes = [{ name: TIME_ROW, texts: columns.map(printColumn) }, ...rows.map((row) => ({ name: row.name, texts: columns.map((column) => textAt(row, column)) }))];
  const widths = columns.map((_, i) => Math.max(...lanes.map(({ texts }) => texts[i]?.length ?? 0)));
  const label = Math.max(...lanes.map(({ name }) => name.length));
  return lanes.map(({ name, texts }) => [name.padEnd(label), ...texts.map((text, i) => text.padEnd(widths[i] ?? 0))].join('  ').trimEnd()).join('\n');
};

export const printColumn = ({ from, to }: Column): string => (from === to ? printTime(from) : `${printTime(from)}..${printTime(to)}`);

/** A word of a row with its times as they are printed: words are compared as text. */
export const timed = (row: string, word: string): string => (row === WATERMARK_ROW ? withPrintedTimes(`~${word}`).slice(1) : withPrintedTimes(word));

/** A score as it stands in a source file, without the indentation and the empty lines around it. */
export const dedented = (text: string): string => {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Math.min(...indents))).join('\n').replace(/^\n+|\n+$/g, '');
};

const textAt = (row: Row, column: Column): string =>
  row.cells.filter((cell) => cell.column.from === column.from && cell.column.to === column.to).flatMap(({ tokens }) => tokens).join(' ');

const groupsOf = (line: string): Group[] => [...line.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ start: match.index, text: match[0] }));

const placesFrom = ([name, ...instants]: readonly Group[]): readonly Place[] => {
  if (name?.text !== TIME_ROW) throw new ScoreError(`a score begins with a row of instants, "time  0s  30s  1m", two spaces or more between them: it begins with "${name?.text ?? ''}"`);
  if (instants.length === 0) throw new ScoreError('the row "time" names no instant');
  const places = instants.map(({ start, text }) => ({ start, column: columnFrom(text) }));
  places.forEach(({ column }, i) => {
    const before = places[i - 1]?.column;
    if (before !== undefined && before.to >= column.from) throw new ScoreError(`instants rise from left to right: ${printColumn(column)} stands after ${printColumn(before)}`);
  });
  return places;
};

const rowFrom = (name: string, groups: readonly Group[], places: readonly Place[]): Row => {
  if (name.includes(' ')) throw new ScoreError(`a row has one word for a name and two spaces after it: "${name}"`);
  return {
    name,
    cells: groups.map(({ start, text }) => {
      const place = places.find((it) => it.start === start);
      if (place === undefined) throw new ScoreError(`"${text}" in row "${name}" stands under no instant: ${nearest(places, start)}`);
      for (const word of text.matchAll(/(?<= )\S+/g)) {
        const other = places.find((it) => it.start === start + word.index);
        if (other === undefined) continue;
        throw new ScoreError(`"${word[0]}" in row "${name}" begins under ${printColumn(other.column)}, but the single space before it makes it part of what stands under ${printColumn(place.column)}: set the instants wider apart`);
      }
      return { column: place.column, tokens: text.split(' ').map((word) => timed(name, word)) };
    }),
  };
};

const columnFrom = (text: string): Column => {
  const [from, to, ...more] = text.split('..').map(parseTime);
  if (from === undefined || (text.includes('..') && to === undefined) || more.length > 0 || !Number.isInteger(from) || from < 0) {
    throw new ScoreError(`"${text}" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span${text.includes(' ') ? '; two spaces part instants' : ''}`);
  }
  if (to === undefined) return { from, to: from };
  if (!(to > from) || (to - from) % 1_000 !== 0) throw new ScoreError(`"${text}" is no span of whole seconds`);
  return { from, to };
};

const nearest = (places: readonly Place[], start: number): string => {
  const before = places.filter((place) => place.start < start).at(-1);
  if (before === undefined) return 'it stands before the first one';
  const right = start - before.start;
  return `it begins ${right} ${right === 1 ? 'place' : 'places'} right of ${printColumn(before.column)}`;
};
