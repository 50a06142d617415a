import { deepStrictEqual } from 'node:assert';
import { delay, map, mergeMap, take, tap, type OperatorFunction } from 'rxjs';
import { assignWatermarks, branch, earlyTrigger, sessionWindow } from '../../operators/index.js';
import { collected, diagram, elements, marks, run, type AssertEqual, type Drawn, type Mark } from '../../marbles/index.js';

const NAMED = { id: 'example/right', title: 'a diagram that is right' };
const MINUTE = 60_000;

const strictly: AssertEqual = (actual, expected) => expect(actual).toStrictEqual(expected);
const byAssert: AssertEqual = (actual, expected) => deepStrictEqual(actual, expected);

/** A test body: it plays as drawn, whoever compares, and as often as one likes. */
const plays = <In, Out>(drawn: Omit<Drawn<In, Out>, 'id' | 'title'>) => (): void => {
  const made = diagram({ ...NAMED, ...drawn });
  for (const equal of [strictly, byAssert]) run(made, equal);
};

/** Words go through an operator as they are. */
const words = (operator: OperatorFunction<string, unknown> = map((text) => text)): Pick<Drawn<string, unknown>, 'operator' | 'given'> => ({ operator, given: ({ name }) => name });

const upper = words(map((text) => text.toUpperCase()));

const failsAtB = words(tap((text) => {
  if (text === 'b') throw new RangeError('no b');
}));

describe('a diagram shows', () => {
  test('keys, event times, a steady watermark, early and on-time panes', plays({
    operator: (source) => source.pipe(
      assignWatermarks({ timestamp: ({ at }: Mark) => at, maxOutOfOrderness: 10_000, idleTimeout: MINUTE }),
      branch('Future', () => undefined),
      sessionWindow({ key: ({ key }) => key, gap: MINUTE, aggregate: collected }),
      earlyTrigger({ every: 30_000 }),
    ),
    given: marks,
    hide: ['Closed'],
    score: `
      time       0s    20s          30s                      50s                         1m21s..2m24s  2m25s                           2m26s..2m29s  2m30s
      source     a     b@15s bob.c                                                                                                                   !
      watermark  -10s  5s 10s                                                            11s..1m14s    1m15s                           1m16s..1m19s  1m20s
      panes                         EARLY#0{a,b}[0s..1m15s)  bob.EARLY#0{c}[20s..1m20s)                ON_TIME#1/last{a,b}[0s..1m15s)                bob.ON_TIME#1/last{c}[20s..1m20s)
    `,
  }));

  test('milliseconds, times before zero and at infinity', plays({
    operator: sessionWindow({ key: ({ key }: Mark) => key, gap: 1_500, aggregate: collected }),
    given: elements,
    hide: ['Changed', 'Closed'],
    score: `
      time       0s              250ms         1.5s
      source     ~-inf a@-500ms  ~500ms ~-10s  b@1s ~inf |
      watermark                  500ms         inf
      panes                                    ON_TIME#0/last{a}[-500ms..1s) ON_TIME#0/last{b}[1s..2.5s)
    `,
  }));

  test('several outputs at one instant, in their order, also equal ones', plays({
    ...words(mergeMap((text) => [text, text, text.toUpperCase()])),
    score: `
      time    0s           1s
      source  a b          |
      out     a a A b b B
    `,
  }));

  test('a watermark that comes twice, and one that goes back', plays({
    operator: mergeMap((it) => [it, it]),
    given: elements,
    score: `
      time       0s     1s     2s
      source     ~5s    ~1s    |
      watermark  5s 5s  1s 1s
    `,
  }));

  test('times in any way of writing them', plays({
    operator: map((it) => it),
    given: elements,
    score: `
      time       0ms      60s   120s
      source     a@90s    ~80s  |
      elements   a@0m90s
      watermark           80s
    `,
  }));

  test('that nothing comes', plays({
    ...words(mergeMap(() => [])),
    score: `
      time    0s  1s
      source  a   |
    `,
  }));
});

describe('the rows', () => {
  const mixed = words(mergeMap((text) => [{ _tag: 'Left', left: text }, { _tag: 'Right', right: text }, text]));

  test('are those of the tags', plays({
    ...mixed,
    score: `
      time    0s
      source  a |
      late    left{a}
      out     right{a} a
    `,
  }));

  test('are one, in order, when there is only "out"', plays({
    ...mixed,
    score: `
      time    0s
      source  a |
      out     left{a} right{a} a
    `,
  }));

  test('are those that the diagram says, in its own words', plays({
    ...mixed,
    row: (out) => (typeof out === 'string' ? 'text' : 'rails'),
    show: (out) => (typeof out === 'string' ? out : 'rail'),
    score: `
      time    0s
      source  a |
      text    a
      rails   rail rail
    `,
  }));

  test('have a word for what is shown as nothing, and several for what is shown as several', plays({
    ...words(),
    show: (text) => (text === 'a' ? '' : ' two\n words '),
    score: `
      time    0s  1s
      source  a   b |
      out     ·   two words
    `,
  }));

  test('show times alike, whoever writes them', plays({
    operator: map((it) => it),
    given: elements,
    show: (out: ReturnType<typeof elements>) => (out._tag === 'Watermark' ? `${out.timestamp}ms` : `at@${out.timestamp}ms`),
    score: `
      time       0s       1m20s
      source     a@80s    ~2m |
      elements   at@80s
      watermark           120000ms
    `,
  }));

  test('do not show what is hidden', plays({
    ...mixed,
    hide: ['Left', 'Right'],
    score: `
      time    0s
      source  a |
      out     a
    `,
  }));
});

describe('a word of the legend', () => {
  test('stands for a value', plays({
    ...upper,
    expected: { first: 'A', 'second-one': 'B' },
    score: `
      time    0s     1s
      source  a      b a b |
      out     first  second-one first second-one
    `,
  }));

  test('may stand for the same as another: either will do', plays({
    ...upper,
    expected: { x: 'A', y: 'A' },
    score: `
      time    0s   1s  2s
      source  a a  a   |
      out     x y  y
    `,
  }));

  test('may stand for what is elsewhere written in the notation', plays({
    ...upper,
    expected: { word: 'A/' },
    score: `
      time    0s    1s
      source  a/    a/ |
      out     word  A/
    `,
  }));

  test('may look like a time', plays({
    ...upper,
    expected: { '60s': 'A', 'b@60s': 'B' },
    score: `
      time    0s
      source  a b |
      out     60s b@60s
    `,
  }));

  test('stands for undefined as for any other value', plays({
    operator: map((it: string | undefined) => it),
    given: { a: undefined, b: 'b' },
    expected: { nothing: undefined, B: 'b' },
    score: `
      time    0s
      source  a b |
      out     nothing B
    `,
  }));

  test('is not asked of what a diagram shows in words of its own', plays({
    ...upper,
    show: () => 'shown',
    expected: { x: 'B' },
    score: `
      time    0s     1s
      source  a      b |
      out     shown  x
    `,
  }));

  test('is not asked of watermarks', plays({
    operator: map((it) => it),
    given: elements,
    expected: { x: { _tag: 'Element', value: { name: 'a', key: 'k', at: 0 }, timestamp: 0 } },
    score: `
      time       0s  1s
      source     a   ~1s |
      elements   x
      watermark      1s
    `,
  }));
});

describe('what is given', () => {
  test('may be a table by name', plays({
    operator: map((n: number) => n * 2),
    given: { a: 1, b: 2 },
    score: `
      time    0s  1s
      source  a   b a |
      out     2   4 2
    `,
  }));

  test('may follow from name, key and event time', plays({
    operator: map((text: string) => text),
    given: ({ name, key, at }) => `${key}/${name}/${at}`,
    score: `
      time    0s     1s
      source  a      bob.b@5s |
      out     k/a/0  bob/b/5000
    `,
  }));
});

describe('the end', () => {
  test('is that of the source: it fails', plays({
    ...upper,
    score: `
      time    0s  1s
      source  a   #
      out     A
    `,
  }));

  test('is that of the source: the consumer leaves, having seen what happens at that instant', plays({
    ...words(delay(1_000)),
    score: `
      time    0s  500ms  1s
      source  a   b      !
      out                a
    `,
  }));

  test('is another where the row "ends" says so: it completes', plays({
    ...words(take(1)),
    score: `
      time    0s  1s
      source  a   !
      out     a
      ends    |
    `,
  }));

  test('is another where the row "ends" says so: it fails, with this error', plays({
    ...failsAtB,
    error: new RangeError('no b'),
    score: `
      time    0s  1s  2s
      source  a   b   |
      out     a
      ends        #
    `,
  }));

  test('is another where the row "ends" says so: it goes on after the source', plays({
    ...words(delay(3_600_000)),
    score: `
      time    0s  1s  1h  1h1s
      source  a   |
      out             a
      ends            |
    `,
  }));
});
