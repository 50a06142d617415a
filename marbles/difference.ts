import type { Diagram } from './diagram.js';
import { printColumn, printScore } from './score.js';
import { columnsOf, scoreOf, wordsUnder, type Happening, type Lane } from './timeline.js';

/** One row at one instant (or over one span): what was drawn and what came. */
interface Line {
  readonly instant: string;
  readonly drawn: string;
  readonly came: string;
}

/** A difference is shown with this many lines before it, in at most so many lines; scores are drawn up to so many instants. */
const BEFORE = 10;
const MOST_LINES = 40;

/**
 * What was drawn and what came, side by side: a line for each instant and row where something was
 * drawn or came, with a mark where they differ; below it the score as it came.
 *
 * @returns `undefined` when they do not differ
 */
export const difference = (diagram: Diagram, lanes: readonly Lane[], end: Happening): string | undefined => {
  const drawn = [...diagram.lanes, endLane(diagram.end)];
  const came = [...lanes, endLane(end)];
  const names = new Set([...diagram.lanes, ...came].map(({ name }) => name));
  const rows = [...names].map((name) => ({ name, drawn: wordsOf(drawn, name), came: wordsOf(came, name) }));
  const lines = columnsOf([drawn, came]).flatMap((column) =>
    rows.map((row): Line => ({ instant: printColumn(column), drawn: entry(row.name, row.drawn(column)), came: entry(row.name, row.came(column)) }))
      .filter((line) => line.drawn !== '' || line.came !== ''));
  if (lines.every((line) => line.drawn === line.came)) return undefined;

  const asItCame = scoreOf([diagram.source, ...lanes, ...(end.at === diagram.sourceEnd.at && end.text === diagram.sourceEnd.text ? [] : [endLane(end)])]);
  const score = asItCame.columns.length > MOST_LINES ? `(${asItCame.columns.length} instants, too many to draw)` : printScore(asItCame);
  return [table(lines), 'What came, as a score:', score].join('\n\n');
};

const endLane = ({ at, text }: Happening): Lane => ({ name: 'ends', happenings: [{ at, text }] });

type Words = ReturnType<typeof wordsUnder>;

const wordsOf = (lanes: readonly Lane[], name: string): Words => wordsUnder(lanes.find((lane) => lane.name === name) ?? { name, happenings: [] });

const entry = (row: string, words: readonly string[]): string => (words.length === 0 ? '' : `${row}: ${words.join(' ')}`);

const table = (all: readonly Line[]): string => {
  const start = Math.max(0, all.findIndex(({ drawn, came }) => drawn !== came) - BEFORE);
  const lines = all.slice(start, start + MOST_LINES);
  const head = { instant: 'time', drawn: 'drawn', came: 'came' };
  const width = (column: keyof Line): number => Math.max(...[head, ...lines].map((line) => line[column].length));
  const [instant, drawn] = [width('instant'), width('drawn')];
  const print = (line: Line): string =>
    `${line.instant.padEnd(instant)}  ${line.drawn.padEnd(drawn)} ${line === head || line.drawn === line.came ? ' ' : '≠'} ${line.came}`.trimEnd();
  return [print(head), ...more(start), ...lines.map(print), ...more(all.length - start - lines.length)].join('\n');
};

const more = (lines: number): readonly string[] => (lines === 0 ? [] : [`… ${lines} more`]);
