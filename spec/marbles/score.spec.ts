import * as fc from 'fast-check';
import { ScoreError, parseScore, printScore, type Column, type Row, type Score } from '../../marbles/index.js';
import { dedented, timed } from '../../marbles/score.js';

const at = (time: number): Column => ({ from: time, to: time });

describe('a score', () => {
  test('is a row of instants, and rows of what stands under them', () => {
    expect(parseScore(`
      time       0s   1m1s..1m20s  2m
      source     a b               |

      watermark       -9s..10s     inf
      panes
    `)).toStrictEqual<Score>({
      columns: [at(0), { from: 61_000, to: 80_000 }, at(120_000)],
      rows: [
        { name: 'source', cells: [{ column: at(0), tokens: ['a', 'b'] }, { column: at(120_000), tokens: ['|'] }] },
        { name: 'watermark', cells: [{ column: { from: 61_000, to: 80_000 }, tokens: ['-9s..10s'] }, { column: at(120_000), tokens: ['inf'] }] },
        { name: 'panes', cells: [] },
      ],
    });
  });

  test('may have the line ends of Windows', () => {
    expect(parseScore('time    0s  1s\r\nsource  a   |\r\n')).toStrictEqual(parseScore('time    0s  1s\nsource  a   |'));
  });

  test('is printed the one way there is, however its columns and its times were written', () => {
    const written = `
      time           0ms             60s            61s..63s         2m
        source       a@80s b@0m5s    ~70s                            |
      panes                                                          EARLY#0{a}[0s..80s) ON_TIME#1{a,b}[0s..140s)
      watermark                      60s            -80s..-78s
      out            60s
    `;
    expect(printScore(parseScore(written))).toBe(dedented(`
      time       0s            1m      1m1s..1m3s      2m
      source     a@1m20s b@5s  ~1m10s                  |
      panes                                            EARLY#0{a}[0s..1m20s) ON_TIME#1{a,b}[0s..2m20s)
      watermark                1m      -1m20s..-1m18s
      out        60s
    `));
  });

  test.each([
    ['', 'a score begins with a row of instants, "time  0s  30s  1m", two spaces or more between them: it begins with ""'],
    ['source  a  |', 'a score begins with a row of instants, "time  0s  30s  1m", two spaces or more between them: it begins with "source"'],
    ['time 0s  1s', 'a score begins with a row of instants, "time  0s  30s  1m", two spaces or more between them: it begins with "time 0s"'],
    ['time', 'the row "time" names no instant'],
    ['time  0s  now', '"now" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span'],
    ['time  0s 1s', '"0s 1s" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span; two spaces part instants'],
    ['time  -1s', '"-1s" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span'],
    ['time  inf', '"inf" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span'],
    ['time  0.5ms', '"0.5ms" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span'],
    ['time  1s..2s..3s', '"1s..2s..3s" in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span'],
    ['time  1s..', '"1s.." in the row "time" is no instant: write 45s, 1m20s, 250ms, or 1m..2m for each second of a span'],
    ['time  1s..2.5s', '"1s..2.5s" is no span of whole seconds'],
    ['time  2s..1s', '"2s..1s" is no span of whole seconds'],
    ['time  1m  20s', 'instants rise from left to right: 20s stands after 1m'],
    ['time  1s..5s  5s', 'instants rise from left to right: 5s stands after 1s..5s'],
    ['time    0s\nsource a', 'a row has one word for a name and two spaces after it: "source a"'],
    ['time    0s\nsource  a\nsource  b', 'there are two rows "source"'],
    ['time    0s\ntime    1s', 'there are two rows "time"'],
    ['time    0s  1m\nsource  a    |', '"|" in row "source" stands under no instant: it begins 1 place right of 1m'],
    ['time    0s  1m\nsource  a  b', '"b" in row "source" stands under no instant: it begins 3 places right of 0s'],
    ['time      0s\nsource  a', '"a" in row "source" stands under no instant: it stands before the first one'],
    ['time    0s  1m\nsource  abc d', '"d" in row "source" begins under 1m, but the single space before it makes it part of what stands under 0s: set the instants wider apart'],
    ['time    0s\nsource\ta', 'a score is aligned by spaces alone: there is a tab in "source\\ta"'],
  ])('%j is none', (text, message) => {
    expect(() => parseScore(text)).toThrow(new ScoreError(message));
  });
});

describe('scores of any kind', () => {
  const columns = fc.array(fc.record({ after: fc.integer({ min: 1, max: 7_200_000 }), seconds: fc.oneof(fc.constant(0), fc.nat(90)) }), { minLength: 1, maxLength: 6 })
    .map((steps) => steps.reduce<readonly Column[]>((made, { after, seconds }) => {
      const from = (made.at(-1)?.to ?? -1) + after;
      return [...made, { from, to: from + seconds * 1_000 }];
    }, []));
  const word = fc.stringMatching(/^[!-~…≠é]{1,9}$/);
  const name = fc.oneof(word.filter((it) => it !== 'time'), fc.constant('watermark'));
  const rows = (all: readonly Column[]): fc.Arbitrary<readonly Row[]> =>
    fc.uniqueArray(fc.tuple(name, fc.array(fc.array(word, { maxLength: 3 }), { maxLength: all.length })), { maxLength: 5, selector: ([it]) => it })
      .map((made) => made.map(([row, cells]) => ({
        name: row,
        cells: cells.flatMap((words, i) => {
          const column = all[i];
          return column === undefined || words.length === 0 ? [] : [{ column, tokens: words.map((it) => timed(row, it)) }];
        }),
      })));
  const scores: fc.Arbitrary<Score> = columns.chain((all) => rows(all).map((made) => ({ columns: all, rows: made })));

  test('law: they are read as they were printed, at any indentation', () => {
    fc.assert(fc.property(scores, fc.nat(8), (score, indent) => {
      expect(parseScore(printScore(score).replace(/^/gm, ' '.repeat(indent)))).toStrictEqual(score);
    }));
  });

  test('law: what was printed is printed again as it is', () => {
    fc.assert(fc.property(scores, (score) => {
      const printed = printScore(score);
      expect(dedented(`\n${printed.replace(/^/gm, '    ')}\n  `)).toBe(printed);
      expect(printScore(parseScore(printed))).toBe(printed);
    }));
  });
});
