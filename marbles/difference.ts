import type { Diagram } from './diagram.js';
import type { Recording } from './record.js';
import { printColumn, printScore, type Column } from './score.js';
import { scoreOf, type Lane } from './timeline.js';

/** One row at one instant (or over one span): what was drawn and what came. */
interface Line {
  readonly instant: string;
  readonly drawn: string;
  readonly came: string;
}

/**
 * What was drawn and what came, side by side: a line for each instant and row where something was
 * drawn or came, with a mark where they differ; below it the score as it came.
 *
 * @returns `undefined` when they do not differ
 */
export const difference = (diagram: Diagram, lanes: readonly Lane[], end: Recording<unknown>['end']): string | undefined => {
  const drawn = [...diagram.lanes, endLane(diagram.end)];
  const came = [...lanes, endLane(end)];
  const names = [...new Set([...drawn, ...came].map(({ name }) => name))];
  const instants = [...new Set([...drawn, ...came].flatMap(({ happenings }) => happenings.map(({ at }) => at)))];
  const differing = instants.filter((at) => names.some((name) => textIn(drawn, name, { from: at, to: at }) !== textIn(came, name, { from: at, to: at })));
  if (differing.length === 0) return undefined;

  const lines = scoreOf(drawn, differing).columns.flatMap((column) =>
    names.flatMap((name): readonly Line[] => {
      const line = { instant: printColumn(column), drawn: textIn(drawn, name, column), came: textIn(came, name, column) };
      return line.drawn === '' && line.came === '' ? [] : [{ instant: line.instant, drawn: entry(name, line.drawn), came: entry(name, line.came) }];
    }));
  const asItCame = scoreOf([diagram.source, ...lanes, ...(end.at === diagram.sourceEnd.at && end.text === diagram.sourceEnd.text ? [] : [endLane(end)])]);
  return [table(lines), 'What came, as a score:', printScore(asItCame)].join('\n\n');
};

const endLane = ({ at, text }: Recording<unknown>['end']): Lane => ({ name: 'ends', happenings: [{ at, text }] });

const textIn = (lanes: readonly Lane[], name: string, { from, to }: Column): string => {
  const texts = lanes.find((lane) => lane.name === name)?.happenings.filter(({ at }) => at >= from && at <= to).map(({ text }) => text) ?? [];
  return from < to && texts.length > 1 ? `${texts[0]}..${texts.at(-1)}` : texts.join(' ');
};

const entry = (row: string, text: string): string => (text === '' ? '' : `${row}: ${text}`);

const table = (lines: readonly Line[]): string => {
  const head = { instant: 'time', drawn: 'drawn', came: 'came' };
  const width = (column: keyof Line): number => Math.max(...[head, ...lines].map((line) => line[column].length));
  const [instant, drawn] = [width('instant'), width('drawn')];
  return [head, ...lines]
    .map((line) => `${line.instant.padEnd(instant)}  ${line.drawn.padEnd(drawn)} ${line === head || line.drawn === line.came ? '|' : '≠'} ${line.came}`.trimEnd())
    .join('\n');
};
