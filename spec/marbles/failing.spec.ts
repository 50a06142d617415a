import { Observable, delay, endWith, interval, map, merge, mergeMap, NEVER, of, tap, type OperatorFunction } from 'rxjs';
import { assignWatermarks, sessionWindow } from '../../operators/index.js';
import { collected, diagram, elements, marks, run, valueText, type Drawn, type Mark } from '../../marbles/index.js';
import { dedented } from '../../marbles/score.js';

/** Says what came, as assertion libraries do. */
const equal = (actual: unknown, expected: unknown): void => {
  if (valueText(actual) !== valueText(expected)) throw new Error(`it is ${valueText(actual)}, not ${valueText(expected)}`);
};

const messageOf = (body: () => void): string => {
  try {
    body();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'nothing is wrong';
};

const NAMED = { id: 'example/wrong', title: 'a diagram that is wrong' };
const GAP = 60_000;

const said = <In, Out>(drawn: Omit<Drawn<In, Out>, 'id' | 'title'>): string => messageOf(() => run(diagram({ ...NAMED, ...drawn }), equal));

const sessions = { operator: sessionWindow({ key: ({ key }: Mark) => key, gap: GAP, aggregate: collected }), given: elements, hide: ['Changed', 'Closed'] };

const watermarks = { operator: assignWatermarks({ timestamp: ({ at }: Mark) => at, maxOutOfOrderness: 10_000, idleTimeout: GAP }), given: marks, hide: ['Element'] };

const words = (operator: OperatorFunction<string, string> = map((text) => text)): Pick<Drawn<string, string>, 'operator' | 'given'> => ({ operator, given: ({ name }) => name });

describe('both are shown side by side, and what came as a score to paste:', () => {
  test('a pane that differs', () => {
    expect(said({
      ...sessions,
      score: `
        time       0s  30s  2m
        source     a   b    ~2m |
        panes               ON_TIME#0/last{a,b}[0s..80s)
        watermark           2m`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn                                   came
      2m    panes: ON_TIME#0/last{a,b}[0s..1m20s) ≠ panes: ON_TIME#0/last{a,b}[0s..1m30s)
      2m    watermark: 2m                           watermark: 2m
      2m    ends: |                                 ends: |

      What came, as a score:

      time       0s  30s  2m
      source     a   b    ~2m |
      panes               ON_TIME#0/last{a,b}[0s..1m30s)
      watermark           2m
    `));
  });

  test('a pane that does not come', () => {
    expect(said({
      ...sessions,
      score: `
        time       0s  59s                        2m
        source     a   ~59s                       !
        panes          ON_TIME#0/last{a}[0s..1m)
        watermark      59s`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn                              came
      59s   panes: ON_TIME#0/last{a}[0s..1m) ≠
      59s   watermark: 59s                     watermark: 59s
      2m    ends: !                            ends: !

      What came, as a score:

      time       0s  59s   2m
      source     a   ~59s  !
      panes
      watermark      59s
    `));
  });

  test('one that is not drawn, in a row that is not there', () => {
    expect(said({
      ...sessions,
      score: `
        time       0s  1m                         2m
        source     a   ~1m                        a@30s !
        panes          ON_TIME#0/last{a}[0s..1m)
        watermark      1m`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn                              came
      1m    panes: ON_TIME#0/last{a}[0s..1m)   panes: ON_TIME#0/last{a}[0s..1m)
      1m    watermark: 1m                      watermark: 1m
      2m                                     ≠ late: late(a@30s,~1m)
      2m    ends: !                            ends: !

      What came, as a score:

      time       0s  1m                         2m
      source     a   ~1m                        a@30s !
      panes          ON_TIME#0/last{a}[0s..1m)
      watermark      1m
      late                                      late(a@30s,~1m)
    `));
  });

  test('a span of watermarks that are a second late', () => {
    expect(said({
      ...watermarks,
      score: `
        time       0s    1m1s..1m20s  1m21s
        source     a                  !
        watermark  -10s  -10s..9s     10s`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time         drawn                 came
      0s           watermark: -10s       watermark: -10s
      1m1s..1m20s  watermark: -10s..9s ≠ watermark: -9s..10s
      1m21s        watermark: 10s      ≠ watermark: 11s
      1m21s        ends: !               ends: !

      What came, as a score:

      time       0s    1m1s..1m20s  1m21s
      source     a                  !
      watermark  -10s  -9s..10s     11s
    `));
  });

  test('one watermark within a span', () => {
    expect(said({
      ...watermarks,
      score: `
        time       0s    1m1s..1m10s  1m11s  1m12s..1m20s  1m20.5s
        source     a                                       !
        watermark  -10s  -9s..0s      2s     2s..10s`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time          drawn                came
      0s            watermark: -10s      watermark: -10s
      1m1s..1m10s   watermark: -9s..0s   watermark: -9s..0s
      1m11s         watermark: 2s      ≠ watermark: 1s
      1m12s..1m20s  watermark: 2s..10s   watermark: 2s..10s
      1m20.5s       ends: !              ends: !

      What came, as a score:

      time       0s    1m1s..1m20s  1m20.5s
      source     a                  !
      watermark  -10s  -9s..10s
    `));
  });

  test('a span that is interrupted by what came', () => {
    expect(said({
      operator: (source: Observable<Mark>) => merge(source.pipe(watermarks.operator), NEVER).pipe(mergeMap((out) => (out._tag === 'Watermark' && out.timestamp === 0 ? [out, out, 'zero'] : [out]))),
      given: marks,
      hide: ['Element'],
      score: `
        time       0s    1m1s..1m20s  1m20.5s
        source     a                  !
        watermark  -10s  -9s..10s`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time          drawn                 came
      0s            watermark: -10s       watermark: -10s
      1m1s..1m9s    watermark: -9s..-1s   watermark: -9s..-1s
      1m10s         watermark: 0s       ≠ watermark: 0s 0s
      1m10s                             ≠ out: zero
      1m11s..1m20s  watermark: 1s..10s    watermark: 1s..10s
      1m20.5s       ends: !               ends: !

      What came, as a score:

      time       0s    1m1s..1m9s  1m10s  1m11s..1m20s  1m20.5s
      source     a                                      !
      watermark  -10s  -9s..-1s    0s 0s  1s..10s
      out                          zero
    `));
  });

  test('a word that stands for something else', () => {
    expect(said({
      ...words(map((text) => text.toUpperCase())),
      expected: { first: 'A', second: 'b' },
      score: `
        time    0s     1s
        source  a      b |
        out     first  second`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn         came
      0s    out: first    out: first
      1s    out: second ≠ out: B
      1s    ends: |       ends: |

      What came, as a score:

      time    0s     1s
      source  a      b |
      out     first  B

      "second" is not what came: it is B, not b
    `));
  });

  test('a word in the place of another', () => {
    expect(said({
      ...words(map((text) => text.toUpperCase())),
      expected: { first: 'A', second: 'B' },
      score: `
        time    0s            1s
        source  a b           |
        out     second first`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn               came
      0s    out: second first ≠ out: first second
      1s    ends: |             ends: |

      What came, as a score:

      time    0s            1s
      source  a b           |
      out     first second
    `));
  });

  test('a value that reads like a word', () => {
    expect(said({
      ...words(),
      expected: { a: 'b' },
      score: `
        time    0s
        source  a |
        out     a`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      0s    out: a  ≠ out: "a"
      0s    ends: |   ends: |

      What came, as a score:

      time    0s
      source  a |
      out     "a"

      "a" is not what came: it is a, not b
    `));
  });

  test('an end that differs', () => {
    expect(said({
      ...words(tap((text) => {
        if (text === 'b') throw new RangeError('no b');
      })),
      score: `
        time    0s  1s  2s
        source  a   b   |
        out     a`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      0s    out: a    out: a
      1s            ≠ ends: #
      2s    ends: | ≠

      What came, as a score:

      time    0s  1s  2s
      source  a   b   |
      out     a
      ends        #

      it failed with RangeError: no b
    `));
  });

  test('an error of the source that is passed on', () => {
    expect(said({
      ...words(),
      score: `
        time    0s  1s
        source  a   #
        out     a
        ends        |`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      0s    out: a    out: a
      1s    ends: | ≠ ends: #

      What came, as a score:

      time    0s  1s
      source  a   #
      out     a
    `));
  });

  test('an error that does not come', () => {
    expect(said({
      ...words(),
      error: 'no b',
      score: `
        time    0s  1s
        source  a   |
        out     a
        ends        #`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      0s    out: a    out: a
      1s    ends: # ≠ ends: |

      What came, as a score:

      time    0s  1s
      source  a   |
      out     a
    `));
  });

  test('an end that comes later', () => {
    expect(said({
      ...words(mergeMap((text) => of(text).pipe(delay(1_500)))),
      score: `
        time    0s  1s  1.5s
        source  a   |
        out             a`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      1s    ends: | ≠
      1.5s  out: a    out: a
      1.5s          ≠ ends: |

      What came, as a score:

      time    0s  1s  1.5s
      source  a   |
      out             a
      ends            |
    `));
  });

  test('an error that differs', () => {
    expect(said({
      ...words(),
      error: 'no b',
      score: `
        time    0s  1s
        source  a   #
        out     a`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      0s    out: a    out: a
      1s    ends: # ≠ ends: #(another·error)

      What came, as a score:

      time    0s  1s
      source  a   #
      out     a
      ends        #(another·error)

      it failed with another error: it is Error: the source failed, not no b
    `));
  });

  test('an operator that never completes', () => {
    expect(said({
      ...words((source) => merge(source, NEVER)),
      score: `
        time    0s  1s
        source  a   |
        out     a`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      0s    out: a    out: a
      1s    ends: | ≠ ends: never

      What came, as a score:

      time    0s  1s
      source  a   |
      out     a
      ends        never
    `));
  });

  test('one that goes on for a long time', () => {
    expect(said({
      ...words(mergeMap((text) => interval(60_000).pipe(map((n) => `${text}${n}`), endWith('end')))),
      score: `
        time    0s  1m  2m
        source  a       |
        out         a0  b1`,
    })).toBe(dedented(`
      MarbleMismatch: example/wrong: a diagram that is wrong

      time  drawn     came
      1m    out: a0   out: a0
      2m    out: b1 ≠ out: a1
      2m    ends: | ≠ ends: never
      ${Array.from({ length: 37 }, (_, i) => `${`${i + 3}m`.padEnd(4)}          ≠ out: a${i + 2}`).join('\n      ')}
      … 1402 more

      What came, as a score:

      (1442 instants, too many to draw)
    `));
  });
});

describe('a play goes wrong with a message:', () => {
  test('something throws inside a subscribe', () => {
    const peeking: OperatorFunction<string, string> = (source) =>
      new Observable((out) => source.subscribe((text) => {
        equal(text, 'b');
        out.next(text);
      }));
    expect(said({
      ...words(peeking),
      score: `
        time    0s  1s
        source  a   !
        out     a`,
    })).toBe('PlayError: example/wrong: something threw inside a subscribe, where no test can see it (collect first, expect afterwards): Error: it is a, not b');
  });

  test('a timer leaks', () => {
    const leaking: OperatorFunction<string, string> = (source) =>
      new Observable((out) => {
        interval(1_000).subscribe();
        return source.subscribe(out);
      });
    expect(said({
      ...words(leaking),
      score: `
        time    0s  1s
        source  a   |
        out     a`,
    })).toBe('PlayError: example/wrong: a timer goes on after the end: clear it when what comes out ends');
  });

  test('the source is held', () => {
    const holding: OperatorFunction<string, string> = (source) =>
      new Observable((out) => {
        source.subscribe((text) => out.next(text));
        out.complete();
      });
    expect(said({
      ...words(holding),
      score: `
        time    0s  1s
        source  a   |
        out     a`,
    })).toBe('PlayError: example/wrong: the source is still held after the end: unsubscribe from it when what comes out ends');
  });

  test('outputs never end', () => {
    expect(said({
      ...words(mergeMap((text) => interval(1_000).pipe(map(() => text)))),
      score: `
        time    0s  1s
        source  a   |
        out     a`,
    })).toBe('PlayError: example/wrong: the diagram never ends: more than 10000 outputs came by 2h46m41s');
  });

  test('the operator throws when it is applied', () => {
    expect(said({
      ...words(() => {
        throw new Error('not me');
      }),
      score: `
        time    0s  1s
        source  a   |
        out     a`,
    })).toBe('PlayError: example/wrong: the play broke: Error: not me');
  });

  test('the comparison never throws', () => {
    const passing = diagram({ ...NAMED, ...words(), score: 'time    0s\nsource  a |\nout     a' });
    expect(messageOf(() => run(passing, (actual, expected) => actual === expected))).toBe('TypeError: assertEqual must throw when its arguments differ, like assert.deepStrictEqual');
  });
});

describe('a diagram is refused when it is made, with a message:', () => {
  test.each<readonly [string, Partial<Drawn<string, string>> & { readonly score: string }, string]>([
    ['it has no source', { score: 'time  0s\nout   a' }, 'ScoreError: example/wrong: there is no row "source"'],
    ['it has no end', { score: 'time    0s\nsource  a\nout     a' }, 'ScoreError: example/wrong: the diagram never ends: complete the source with |, fail it with #, or let the consumer leave with !'],
    ['something comes after the end', { score: 'time    0s  1s\nsource  a   | b\nout     a' }, 'ScoreError: example/wrong: "b" arrives after the source has ended with |'],
    ['it ends twice', { score: 'time    0s  1s\nsource  a   | |\nout     a' }, 'ScoreError: example/wrong: "|" arrives after the source has ended with |'],
    ['the row "ends" has no end', { score: 'time    0s  1s\nsource  a   |\nout     a\nends        a' }, 'ScoreError: example/wrong: the row "ends" holds one of | # !'],
    ['the row "ends" has two', { score: 'time    0s  1s\nsource  a   |\nout     a\nends    |   |' }, 'ScoreError: example/wrong: the row "ends" holds one of | # !'],
    ['an end stands in another row', { score: 'time    0s  1s\nsource  a   |\nout     a   |' }, 'ScoreError: example/wrong: | # ! do not stand in the row "out": what comes out ends as the source does, or as the row "ends" says'],
    ['a word of "given" is not used', { given: { a: 'A', b: 'B' }, score: 'time    0s\nsource  a |\nout     A' }, 'ScoreError: example/wrong: "b" is defined in "given" and not used in the score'],
    ['a word of "given" is missing', { given: { a: 'A' }, score: 'time    0s\nsource  a b |\nout     A' }, 'ScoreError: example/wrong: "b" is used in the score and not defined in "given"'],
    ['a word of "given" would have to be a watermark', { given: { a: 'A' }, score: 'time    0s\nsource  a ~1s |\nout     A' }, 'ScoreError: example/wrong: "given" does not say what ~ stands for: `elements` does'],
    ['a word of "expected" is not used', { expected: { x: 'a', y: 'b' }, score: 'time    0s\nsource  a |\nout     x' }, 'ScoreError: example/wrong: "y" is defined in "expected" and not used in the score'],
    ['a word of "expected" is missing', { expected: { x: 'a' }, score: 'time    0s\nsource  a b |\nout     x y' }, 'ScoreError: example/wrong: "y" is used in the score and not defined in "expected"'],
    ['an error is expected and nothing fails', { error: 'no b', score: 'time    0s\nsource  a |\nout     a' }, 'ScoreError: example/wrong: "error" says what it fails with, but it ends with |'],
    ['a cell stands under no instant', { score: 'time    0s  1s\nsource  a    |\nout     a' }, 'ScoreError: example/wrong: "|" in row "source" stands under no instant: it begins 1 place right of 1s'],
    ['a mark is none', { score: 'time    0s\nsource  a@10 |\nout     a' }, 'ScoreError: example/wrong: "a@10" in the row "source" is no mark: write a, a@10s, bob.a@10s, or ~10s for a watermark'],
    ['a mark stands under a span', { score: 'time    0s..9s  10s\nsource  a       |' }, 'ScoreError: example/wrong: under the span 0s..9s only watermarks that rise as long can stand, like 0s..9s: "a" in row "source"'],
  ])('%s', (_, drawn, message) => {
    expect(said({ ...words(), ...drawn })).toBe(message);
  });

  test('marks as they are would have to be a watermark', () => {
    expect(said({ operator: map((it) => it), given: marks, score: 'time    0s\nsource  a ~1s |\nout     a' })).toBe('ScoreError: example/wrong: "given" does not say what ~ stands for: `elements` does');
  });
});
