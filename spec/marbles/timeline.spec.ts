import { ScoreError, parseScore, printScore, type Row } from '../../marbles/index.js';
import { printColumn } from '../../marbles/score.js';
import { columnsOf, laneOf, scoreOf, type Lane } from '../../marbles/timeline.js';

const row = (name: string, from: number, to: number, ...tokens: string[]): Row => ({ name, cells: [{ column: { from, to }, tokens }] });
const lane = (name: string, ...happenings: readonly (readonly [number, string])[]): Lane => ({ name, happenings: happenings.map(([at, text]) => ({ at: at * 1_000, text })) });

describe('a row taken apart', () => {
  test('has its words at their instants, in their order', () => {
    expect(laneOf(row('panes', 5_000, 5_000, 'a', 'b'))).toStrictEqual(lane('panes', [5, 'a'], [5, 'b']));
  });

  test('has a watermark for each second of a span', () => {
    expect(laneOf(row('watermark', 61_000, 63_000, '-1s..1s'))).toStrictEqual(lane('watermark', [61, '-1s'], [62, '0s'], [63, '1s']));
  });

  test.each([
    [row('watermark', 0, 2_000, '0s..1s'), 'under the span 0s..2s only watermarks that rise as long can stand, like 0s..2s: "0s..1s" in row "watermark"'],
    [row('watermark', 60_000, 62_000, '5s'), 'under the span 1m..1m2s only watermarks that rise as long can stand, like 0s..2s: "5s" in row "watermark"'],
    [row('watermark', 0, 2_000, '0s..2s', '2s'), 'under the span 0s..2s only watermarks that rise as long can stand, like 0s..2s: "0s..2s 2s" in row "watermark"'],
    [row('watermark', 0, 2_000, 'inf..inf'), 'under the span 0s..2s only watermarks that rise as long can stand, like 0s..2s: "inf..inf" in row "watermark"'],
    [row('source', 0, 2_000, 'a'), 'under the span 0s..2s only watermarks that rise as long can stand, like 0s..2s: "a" in row "source"'],
  ])('cannot have this under a span: %j', (wrong, message) => {
    expect(() => laneOf(wrong)).toThrow(new ScoreError(message));
  });
});

describe('the columns of what happened', () => {
  const columns = (...timelines: readonly (readonly Lane[])[]): string => columnsOf(timelines).map(printColumn).join(' ');
  const steady = lane('watermark', [1, '0s'], [2, '1s'], [3, '2s'], [4, '3s']);

  test('are the instants, each once, in their order', () => {
    expect(columns([lane('panes', [3, 'a'], [3, 'b']), lane('late', [1, 'c'])])).toBe('1s 3s');
  });

  test.each<readonly [string, string, readonly Lane[]]>([
    ['while the watermark alone rises', '1s..4s', [steady]],
    ['but not for two seconds', '1s 2s', [lane('watermark', [1, '0s'], [2, '1s'])]],
    ['until something else happens', '1s..4s 5s', [steady, lane('panes', [5, 'a'])]],
    ['but not over what else happens', '1s 2s 3s 4s', [steady, lane('panes', [2, 'a'])]],
    ['but not over a second watermark at one instant', '1s..3s 4s', [lane('watermark', [1, '0s'], [2, '1s'], [3, '2s'], [4, '3s'], [4, '4s'])]],
    ['but not over a leap', '1s..3s 4s..6s', [lane('watermark', [1, '0s'], [2, '1s'], [3, '2s'], [4, '9s'], [5, '10s'], [6, '11s'])]],
    ['but not over a second that is left out', '1s..3s 5s..7s', [lane('watermark', [1, '0s'], [2, '1s'], [3, '2s'], [5, '4s'], [6, '5s'], [7, '6s'])]],
    ['but not while it stands', '1s 2s 3s', [lane('watermark', [1, '5s'], [2, '5s'], [3, '5s'])]],
    ['but not at infinity', '1s 2s 3s', [lane('watermark', [1, 'inf'], [2, 'inf'], [3, 'inf'])]],
    ['between whole seconds, too', '500ms..2.5s', [lane('watermark', [0.5, '0s'], [1.5, '1s'], [2.5, '2s'])]],
    ['but not of what only looks like a watermark', '1s 2s 3s', [lane('out', [1, '0s'], [2, '1s'], [3, '2s'])]],
  ])('have a span %s', (_, expected, lanes) => {
    expect(columns(lanes)).toBe(expected);
  });

  test('of two timelines have a span where each has a steady watermark, or nothing', () => {
    const faster = lane('watermark', [1, '1s'], [2, '2s'], [3, '3s'], [4, '4s']);
    const shorter = lane('watermark', [1, '0s'], [2, '1s'], [3, '2s']);
    expect(columns([steady], [faster])).toBe('1s..4s');
    expect(columns([steady], [])).toBe('1s..4s');
    expect(columns([steady], [shorter])).toBe('1s..3s 4s');
  });

  test('make a score that is read as what happened', () => {
    const lanes = [lane('source', [0, 'a'], [1, '|']), steady, lane('panes', [7, 'p'], [7, 'q'])];
    const printed = printScore(scoreOf(lanes));
    expect(parseScore(printed).rows.map(laneOf)).toStrictEqual(lanes);
  });
});
