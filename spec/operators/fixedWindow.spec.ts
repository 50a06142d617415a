import { concat, from, map, NEVER, of, pipe, throwError, VirtualTimeScheduler } from 'rxjs';
import { afterProcessingTime, afterWatermark, earlyTrigger, repeatedly, StateSlot, type Changed, type Element, type WindowSlot } from '../../operators/index.js';
import { fixed, type AlignedOutput, type FixedOptions } from './aligned.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { Drive, HandClock } from './drive.js';
import { diagram, marbles } from './marbles.js';
import { el, type Input } from './sessions.js';
import { changed, closed, early, hit, hits, late, pane, plain, watermark, type Hits } from './values.js';

const a = hit('/', 12);
const b = hit('/buy', 15);

const windows = (options: FixedOptions = {}) => pipe(fixed(options), map(plain));

/** All that a list of inputs brings. */
const through = (options: FixedOptions, ...input: readonly Input[]): AlignedOutput[] => {
  const out: AlignedOutput[] = [];
  from(input).pipe(windows(options)).subscribe((it) => out.push(it));
  return out;
};

describe('fixedWindow', () => {
  behavesAsAnOperator<Input, unknown>({
    operator: windows(), value: el('/', 12), emits: [changed(10, 20)], lastAfterValue: [pane(10, 20, [a], { forced: 'drain' }), closed(10, 20)],
  });

  test('values between two places on the grid are one window, which fires when the watermark reaches its end', diagram({
    operator: windows(),
    source: '-a-b-v-w-----|', given: { a: el('/', 12), b: el('/buy', 15), v: watermark(19), w: watermark(20) },
    result: '-a-b-v-(Pcw)-|',
    expected: { a: changed(10, 20), b: changed(10, 20), v: watermark(19), P: pane(10, 20, [a, b]), c: closed(10, 20), w: watermark(20) },
  }));

  test.each([
    { at: 0, start: 0 }, { at: 9.999, start: 0 }, { at: 10, start: 10 }, { at: -0.001, start: -10 }, { at: -10, start: -10 }, { at: -10.001, start: -20 },
    { at: 2, offset: 3, start: -7 }, { at: 3, offset: 3, start: 3 }, { at: 3, offset: 1_003, start: 3 }, { at: 2, offset: -7, start: -7 }, { at: 3, offset: -7, start: 3 },
    // The quotient of the first is rounded up to 17 × 10⁹.
    { at: 17e10 - 1.6e-5, start: 17e10 - 10 }, { at: 17e10, start: 17e10 },
  ])('a value at $at, with an offset of $offset, is in the window that starts at $start', ({ at, start, offset }) => {
    expect(through({ offset }, el('/', at))).toContainEqual(changed(start, start + 10));
  });

  test('keys do not mix; what is due in one step fires by its end, then by its age', () => {
    expect(through({}, el('/', 25, 'e'), el('/', 15, 'f'), el('/', 12, 'e'), watermark(30)).filter((it) => it._tag !== 'Changed')).toStrictEqual([
      pane(10, 20, [hit('/', 15, 'f')], { key: 'f' }), closed(10, 20, 'f'),
      pane(10, 20, [hit('/', 12, 'e')], { key: 'e' }), closed(10, 20, 'e'),
      pane(20, 30, [hit('/', 25, 'e')], { key: 'e' }), closed(20, 30, 'e'),
      watermark(30),
    ]);
  });

  test('no window shows a pane that no value is in', () => {
    expect(through({}, el('/', 5), el('/', 35), watermark(100)).filter((it) => it._tag === 'Pane')).toHaveLength(2);
  });

  test('a value that adds nothing is not told', () => {
    expect(through({}, el('/', 12), el('/', 12))).toStrictEqual([changed(10, 20), pane(10, 20, [a], { forced: 'drain' }), closed(10, 20)]);
  });

  describe('allowed lateness', () => {
    const given = { a: el('/', 12), w: watermark(20), b: el('/buy', 15), x: watermark(29.999), y: watermark(30) };

    test('without any the on-time pane is the last, and what comes after it is late', diagram({
      operator: windows(),
      source: '-a-w----b', given,
      result: '-a-(Pcw)l', expected: { a: changed(10, 20), P: pane(10, 20, [a]), c: closed(10, 20), w: watermark(20), l: late(b, 20) },
    }));

    test('a value within it shows a late pane at once; the window is let go without a further pane', diagram({
      operator: windows({ allowedLateness: 10 }),
      source: '-a-w----x-b-y---b', given,
      result: '-a-(Pw)-x-B-(cy)l',
      expected: {
        a: changed(10, 20), P: pane(10, 20, [a], { isLast: false }), w: watermark(20), x: watermark(29.999),
        B: pane(10, 20, [a, b], { timing: 'LATE', index: 1, isLast: false }), c: closed(10, 20), y: watermark(30), l: late(b, 30),
      },
    }));

    test('the first value of a window may come within it: then there is no on-time pane', diagram({
      operator: windows({ allowedLateness: 10 }),
      source: 'x-a-y', given,
      result: 'x-A-(cy)', expected: { x: watermark(29.999), A: pane(10, 20, [a], { timing: 'LATE', isLast: false }), c: closed(10, 20), y: watermark(30) },
    }));

    test('a watermark that leaps past it makes the on-time pane the last', diagram({
      operator: windows({ allowedLateness: 10 }),
      source: 'a-y', given,
      result: 'a-(Pcy)', expected: { a: changed(10, 20), P: pane(10, 20, [a]), c: closed(10, 20), y: watermark(30) },
    }));

    test('without end, a window waits for Watermark Infinity', () => {
      expect(through({ allowedLateness: Infinity }, el('/', 12), watermark(1e9), el('/buy', 15), watermark(Infinity))).toStrictEqual([
        changed(10, 20), pane(10, 20, [a], { isLast: false }), watermark(1e9), pane(10, 20, [a, b], { timing: 'LATE', index: 1, isLast: false }), closed(10, 20), watermark(Infinity),
      ]);
    });
  });

  describe('accumulation', () => {
    const given = { a: el('/', 12), b: el('/buy', 15), w: watermark(20) };
    const last = { a: changed(10, 20), b: changed(10, 20), c: closed(10, 20), w: watermark(20) };
    const drawn = (options: FixedOptions) => pipe(fixed(options), earlyTrigger({ every: 2 }));

    test('ACCUMULATING: each pane holds all values', diagram<Input, unknown>({
      operator: drawn({}),
      source: 'a--b--w', given,
      result: '--A--B(Pcw)', expected: { ...last, A: early(10, 20, [a]), B: early(10, 20, [a, b], { index: 1 }), P: pane(10, 20, [a, b], { index: 2 }) },
    }));

    test('DISCARDING: each pane holds what came since the last one, the on-time pane even nothing', diagram<Input, unknown>({
      operator: drawn({ accumulation: 'DISCARDING' }),
      source: 'a--b--w', given,
      result: '--A--B(Pcw)', expected: { ...last, A: early(10, 20, [a]), B: early(10, 20, [b], { index: 1 }), P: pane(10, 20, [], { index: 2 }) },
    }));
  });

  describe('end', () => {
    test('Watermark Infinity closes all at once, by their end; what comes after it is late', () => {
      const drive = new Drive<Input, AlignedOutput>(() => windows());
      drive.send(el('/', 35), el('/', 12));
      drive.taken();

      expect(drive.send(watermark(Infinity), el('/', 99)).complete().taken()).toStrictEqual([
        pane(10, 20, [a]), closed(10, 20), pane(30, 40, [hit('/', 35)]), closed(30, 40), watermark(Infinity), late(hit('/', 99), Infinity),
      ]);
    });

    test('a drain closes every window as it stands, and does not move the watermark', marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a--------b-w', { a: el('/', 12), b: el('/buy', 15), w: watermark(20) });
      const drain = cold(' ----d', { d: 'drain' });
      const consumer = '   ^-------------!';
      const result = '     -a--(Pc)--b-(Qcw)';

      expectObservable(source.pipe(windows({ drain })), consumer).toBe(result, {
        a: changed(10, 20), P: pane(10, 20, [a], { forced: 'drain' }), c: closed(10, 20), b: changed(10, 20), Q: pane(10, 20, [b]), w: watermark(20),
      });
      expectSubscriptions(drain.subscriptions).toBe(consumer);
    }));

    test('a window that has fired is drained by a late pane', () => {
      expect(through({ allowedLateness: 10 }, el('/', 12), watermark(20)).slice(-2)).toStrictEqual([pane(10, 20, [a], { timing: 'LATE', index: 1, forced: 'drain' }), closed(10, 20)]);
    });
  });

  describe('draw', () => {
    test('each call takes the next early pane of the window as it then stands; one that has fired gives none', () => {
      const drive = new Drive<Input, unknown>(() => fixed({ allowedLateness: 10 }));
      drive.send(el('/', 12));
      const [first] = drive.taken().filter((it): it is Changed<string, Hits> => typeof it === 'object' && it !== null && 'draw' in it);
      expect(first?.draw()).toStrictEqual(early(10, 20, [a]));
      drive.send(el('/buy', 15));
      expect(first?.draw()).toStrictEqual(early(10, 20, [a, b], { index: 1 }));

      drive.send(watermark(20));
      expect(() => first?.draw()).toThrow(/window that is open/);
    });
  });

  describe('restart', () => {
    test('what is held, fired, numbered and counted goes on; open windows with news are announced again, oldest first', () => {
      const options = { allowedLateness: 10 };
      const kept = (state: WindowSlot<string, Hits>) => new Drive<Input, AlignedOutput>(() => windows({ ...options, state }), new HandClock());
      const before: WindowSlot<string, Hits> = new StateSlot();
      kept(before).send(el('/', 12), el('/', 25, 'other'), watermark(20), el('/', 22));

      const after: WindowSlot<string, Hits> = new StateSlot(before.snapshot());
      const drive = kept(after);
      expect(drive.taken()).toStrictEqual([changed(20, 30, [], 'other'), changed(20, 30)]);
      expect(drive.send(el('/buy', 15), el('/', 12), watermark(30)).taken()).toStrictEqual([
        pane(10, 20, [a, b], { timing: 'LATE', index: 1, isLast: false }),
        closed(10, 20),
        pane(20, 30, [hit('/', 25, 'other')], { key: 'other', isLast: false }),
        pane(20, 30, [hit('/', 22)], { isLast: false }),
        watermark(30),
      ]);
      expect(after.header()).toStrictEqual({ watermark: 30, ordinal: 3, counts: { added: 4, duplicates: 1 } });
    });
  });

  describe('forms of use', () => {
    test('one timer serves all windows; when the consumer has left, none is left', () => {
      const scheduler = new VirtualTimeScheduler();
      const many = Array.from({ length: 100 }, (_, n) => el('/', n, `visitor ${n}`));
      const trigger = afterWatermark({ early: repeatedly(afterProcessingTime(5)) });
      const subscription = concat(of(...many), NEVER).pipe(windows({ scheduler, trigger })).subscribe();
      expect(scheduler.actions).toHaveLength(1);

      subscription.unsubscribe();
      expect(scheduler.actions).toHaveLength(0);
    });

    test('a watermark that goes back takes nothing back', () => {
      expect(through({}, watermark(20), watermark(5), el('/late', 12))).toStrictEqual([watermark(20), late(hit('/late', 12), 20)]);
    });

    test('a window that was let go leaves nothing behind', () => {
      const state: WindowSlot<string, Hits> = new StateSlot();
      new Drive<Input, unknown>(() => fixed({ state })).send(el('/', 12), watermark(20));

      expect(state.snapshot().entries).toStrictEqual([]);
      expect(state.changes().entries).toStrictEqual([['k', undefined]]);
      expect(state.changes().entries).toStrictEqual([]);
    });
  });

  describe('faults', () => {
    const broken = (): never => { throw new Error('a fault in the callback'); };
    const noTime: Element<typeof a> = { _tag: 'Element', value: a, timestamp: NaN };

    test('a key function that throws is a fault', failsWith<Input>(el('/', 12), (fault) => fixed({ key: fault })));
    test.each(['create', 'add'] as const)('an aggregate whose %s throws is a fault', (method) => {
      expect(() => new Drive<Input, unknown>(() => fixed({ aggregate: { ...hits, [method]: broken } })).send(el('/', 12)).taken()).toThrow('a fault in the callback');
    });
    test('a timestamp that is not finite is a fault', () => {
      expect(() => new Drive<Input, unknown>(() => fixed()).send(noTime).taken()).toThrow(RangeError);
    });
    test('a drain that fails is a fault', () => {
      const drain = throwError(() => new Error('no drain'));
      expect(() => new Drive<Input, unknown>(() => fixed({ drain })).taken()).toThrow('no drain');
    });
  });

  test.each([
    { option: 'size', value: 0 }, { option: 'size', value: NaN }, { option: 'size', value: Infinity }, { option: 'size', value: 0.5 },
    { option: 'offset', value: NaN }, { option: 'offset', value: 0.5 }, { option: 'offset', value: Infinity },
    { option: 'allowedLateness', value: -1 }, { option: 'allowedLateness', value: NaN },
  ])('$option of $value is refused when the operator is made', ({ option, value }) => {
    expect(() => fixed({ [option]: value })).toThrow(RangeError);
    expect(() => fixed({ [option]: value })).toThrow(new RegExp(`${option}.*${value}`));
  });
});
