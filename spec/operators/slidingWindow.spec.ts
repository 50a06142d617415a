import { from, map, pipe } from 'rxjs';
import { earlyTrigger } from '../../operators/index.js';
import { sliding, type AlignedOutput, type SlidingOptions } from './aligned.js';
import { behavesAsAnOperator } from './conformance.js';
import { diagram } from './marbles.js';
import { el, type Input } from './sessions.js';
import { changed, closed, early, hit, hits, late, pane, plain, watermark } from './values.js';

const a = hit('/', 12);

const windows = (options: SlidingOptions = {}) => pipe(sliding(options), map(plain));

/** All that a list of inputs brings. */
const through = (options: SlidingOptions, ...input: readonly Input[]): AlignedOutput[] => {
  const out: AlignedOutput[] = [];
  from(input).pipe(windows(options)).subscribe((it) => out.push(it));
  return out;
};

describe('slidingWindow', () => {
  behavesAsAnOperator<Input, unknown>({
    operator: windows(), value: el('/', 12), emits: [changed(5, 15), changed(10, 20)],
    lastAfterValue: [pane(5, 15, [a], { forced: 'drain' }), closed(5, 15), pane(10, 20, [a], { forced: 'drain' }), closed(10, 20)],
  });

  test('a value is in every window that contains it, and each fires for itself', diagram({
    operator: windows(),
    source: 'a----v----w--', given: { a: el('/', 12), v: watermark(15), w: watermark(20) },
    result: '(ab)-(Pcv)(Qdw)', expected: {
      a: changed(5, 15), b: changed(10, 20), P: pane(5, 15, [a]), c: closed(5, 15), v: watermark(15), Q: pane(10, 20, [a]), d: closed(10, 20), w: watermark(20),
    },
  }));

  test.each([
    { at: 12, every: 10, starts: [10] }, { at: 10, every: 5, starts: [5, 10] }, { at: 14.999, every: 5, starts: [5, 10] }, { at: 15, every: 5, starts: [10, 15] },
    { at: 12, every: 3, starts: [3, 6, 9, 12] }, { at: 11, every: 3, starts: [3, 6, 9] }, { at: -1, every: 5, starts: [-10, -5] }, { at: 0, every: 5, starts: [-5, 0] },
    { at: 12, every: 5, offset: 1, starts: [6, 11] }, { at: 12, every: 5, offset: -101, starts: [4, 9] }, { at: 12, every: 1, starts: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
  ])('a value at $at, every $every with an offset of $offset, is in the windows that start at $starts, the earliest first', ({ at, every, offset, starts }) => {
    expect(through({ every, offset }, el('/', at)).filter((it) => it._tag === 'Changed')).toStrictEqual(starts.map((start) => changed(start, start + 10)));
  });

  test('it is late, once, when all its windows have been let go; else it is added to those that have not', () => {
    const out = through({ allowedLateness: 3 }, watermark(17), el('/', 12), watermark(18), el('/b', 12), watermark(23), el('/c', 12), watermark(Infinity));

    expect(out).toStrictEqual([
      watermark(17),
      pane(5, 15, [a], { timing: 'LATE', isLast: false }), changed(10, 20),
      closed(5, 15), watermark(18),
      changed(10, 20),
      pane(10, 20, [a, hit('/b', 12)]), closed(10, 20), watermark(23),
      late(hit('/c', 12), 23),
      watermark(Infinity),
    ]);
  });

  test('what adds nothing to one window may be new to another', () => {
    const onlyOdd = { ...hits, add: (held: readonly ReturnType<typeof hit>[], value: ReturnType<typeof hit>) => (held.length === 0 ? [value] : undefined) };
    expect(through({ aggregate: onlyOdd }, el('/', 12), el('/', 7)).filter((it) => it._tag === 'Changed')).toStrictEqual([changed(5, 15), changed(10, 20), changed(0, 10)]);
  });

  test('early panes are drawn of each window for itself', diagram<Input, unknown>({
    operator: pipe(sliding(), earlyTrigger({ every: 8 })),
    source: '-a---b-------', given: { a: el('/', 12), b: el('/buy', 16) },
    result: '---------(AB)C', expected: {
      A: early(5, 15, [a]), B: early(10, 20, [a, hit('/buy', 16)]), C: early(15, 25, [hit('/buy', 16)]),
    },
  }));

  test.each([
    { option: 'every', value: 0 }, { option: 'every', value: NaN }, { option: 'every', value: 2.5 }, { option: 'every', value: Infinity },
    { option: 'every', value: 11 }, // values would fall between two windows
    { option: 'size', value: 0 }, { option: 'offset', value: NaN },
  ])('$option of $value is refused when the operator is made', ({ option, value }) => {
    expect(() => sliding({ every: 10, [option]: value })).toThrow(RangeError);
  });
});
