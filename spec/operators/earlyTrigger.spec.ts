import { concat, defer, firstValueFrom, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import { earlyTrigger, StateSlot, type Changed, type EarlyTriggerSlot, type Pane, type Watermark, type Window } from '../../operators/index.js';
import { behavesAsAnOperator } from './conformance.js';
import { diagram, marbles } from './marbles.js';
import { el, triggered } from './sessions.js';
import { closed, early, hit, pane, watermark, window } from './values.js';

type Input = Changed<string, string> | Pane<string, string> | Watermark;

/** A window as it might be announced; its early pane tells which announcement drew it. */
const changed = (name: string, start: number, end: number, replaces: readonly Window[] = [], key = 'k'): Changed<string, string> =>
  ({ _tag: 'Changed', key, window: window(start, end), replaces, draw: () => early(start, end, name, { key }) });

describe('earlyTrigger', () => {
  behavesAsAnOperator<Input, unknown>({ operator: earlyTrigger({ every: 5 }), value: watermark(7), emits: [watermark(7)] });

  test('a pane is drawn a fixed time after the first new element, and again only when there is something new', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '      -a------------b-----------|', given: { a: changed('a', 0, 10), b: changed('b', 0, 12, [window(0, 10)]) },
    subscription: '^-------------------------!',
    result: '      ------A------------B------|', expected: { A: early(0, 10, 'a'), B: early(0, 12, 'b') },
  }));

  test('later elements and growth do not put it off; the pane is that of the window as last announced', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-b-c-----', given: { a: changed('a', 0, 10), b: changed('b', 0, 10), c: changed('c', 0, 12, [window(0, 10)]) },
    result: '------C----', expected: { C: early(0, 12, 'c') },
  }));

  test('each window has its own deadline', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-b-c---', given: { a: changed('a', 0, 10), b: changed('b', 20, 30), c: changed('c', 0, 10, [], 'other') },
    result: '------A-B-C', expected: { A: early(0, 10, 'a'), B: early(20, 30, 'b'), C: early(0, 10, 'c', { key: 'other' }) },
  }));

  test('a merged window keeps the earliest of the deadlines', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-b-m-------', given: { a: changed('a', 20, 30), b: changed('b', 0, 10), m: changed('m', 0, 30, [window(0, 10), window(20, 30)]) },
    result: '------M------', expected: { M: early(0, 30, 'm') },
  }));

  test('also when only the absorbed one was waiting', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-----b-m-----', given: { a: changed('a', 0, 10), b: changed('b', 20, 30), m: changed('m', 0, 30, [window(0, 10), window(20, 30)]) },
    result: '------A-----M--', expected: { A: early(0, 10, 'a'), M: early(0, 30, 'm') },
  }));

  test('a window that fires has no deadline any more; one that is opened again gets a new one', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-P------b-----', given: { a: changed('a', 0, 10), P: pane(0, 10, 'P', { isLast: false }), b: changed('b', 0, 12, [window(0, 10)]) },
    result: '---P-----------B', expected: { P: pane(0, 10, 'P', { isLast: false }), B: early(0, 12, 'b') },
  }));

  test('a pane of one window does not touch the deadline of another', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-(ab)P------', given: { a: changed('a', 0, 10), b: changed('b', 20, 30), P: pane(0, 10, 'P') },
    result: '-----PB-----', expected: { P: pane(0, 10, 'P'), B: early(20, 30, 'b') },
  }));

  test('a deadline at the instant of a value goes before it', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a----P-', given: { a: changed('a', 0, 10), P: pane(0, 10, 'P', { index: 1 }) },
    result: '------(AP)', expected: { A: early(0, 10, 'a'), P: pane(0, 10, 'P', { index: 1 }) },
  }));

  test('what is due at one instant is drawn oldest first', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-(ba)-----', given: { a: changed('a', 0, 10), b: changed('b', 20, 30) },
    result: '------(BA)', expected: { A: early(0, 10, 'a'), B: early(20, 30, 'b') },
  }));

  test('the end of the source is the end: no window is open any more', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-|', given: { a: changed('a', 0, 10) },
    result: '---|',
  }));

  test('an error of the source ends all deadlines', diagram<Input, unknown>({
    operator: earlyTrigger({ every: 5 }),
    source: '-a-#', given: { a: changed('a', 0, 10) },
    result: '---#',
  }));

  test('one timer serves all windows; when the consumer has left, none is left', () => {
    const scheduler = new VirtualTimeScheduler();
    const many = Array.from({ length: 100 }, (_, n) => changed('a', 0, 10, [], `visitor ${n}`));
    const subscription = concat(of(...many), NEVER).pipe(earlyTrigger({ every: 5, scheduler })).subscribe();
    expect(scheduler.actions).toHaveLength(1);

    subscription.unsubscribe();
    expect(scheduler.actions).toHaveLength(0);
  });

  test('a stream that is open on the real clock and one in virtual time do not meddle with each other', async () => {
    const real = firstValueFrom(concat(of(changed('real', 0, 10)), NEVER).pipe(earlyTrigger<Input>({ every: 20 })));
    diagram<Input, unknown>({
      operator: earlyTrigger({ every: 5 }),
      source: '-a-------', given: { a: changed('virtual', 0, 10) },
      result: '------A--', expected: { A: early(0, 10, 'virtual') },
    })();

    expect(await real).toStrictEqual(early(0, 10, 'real'));
  });

  test('a window that cannot be drawn is a fault', () => {
    const fault = new Error('a fault in the window');
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Input>('-a-------', { a: { ...changed('a', 0, 10), draw: () => { throw fault; } } });
      const subs = '              ^-----!';
      const result = '            ------#';

      expectObservable(source.pipe(earlyTrigger({ every: 5 }))).toBe(result, undefined, fault);
      expectSubscriptions(source.subscriptions).toBe(subs);
    })();
  });

  test('a restored deadline is kept for the window that is announced again', marbles(({ cold, expectObservable }) => {
    const state: EarlyTriggerSlot<string> = new StateSlot();
    const before = cold('-a-', { a: changed('a', 0, 10) });
    expectObservable(before.pipe(earlyTrigger({ every: 5, state })), '^--!').toBe('-');

    const after = defer(() => cold<Input>('a-', { a: changed('again', 0, 10) }).pipe(earlyTrigger({ every: 5, state: new StateSlot(state.snapshot()) })));
    expectObservable(after, '----^').toBe('------A', { A: early(0, 10, 'again') });
  }));

  describe('with sessions', () => {
    test('a session that is closed by a cap has no deadline any more, the next one has its own', diagram({
      operator: triggered(5, { maxSessionEvents: 2 }),
      source: '-a-b-c', given: { a: el('/', 10), b: el('/buy', 15), c: el('/pay', 18) },
      result: '-----(P1)-C', expected: { P: pane(10, 18, [hit('/', 10), hit('/buy', 15)], { forced: 'cap' }), 1: closed(10, 18), C: early(18, 28, [hit('/pay', 18)]) },
    }));

    test('nor has one that merged into a late pane', diagram({
      operator: triggered(5, { allowedLateness: 5 }),
      source: 'w-a-b------', given: { w: watermark(30), a: el('/', 10), b: el('/buy', 19) },
      result: 'w---B------', expected: { w: watermark(30), B: pane(10, 29, [hit('/', 10), hit('/buy', 19)], { timing: 'LATE', isLast: false }) },
    }));

    test('a historic session draws early panes too, and none after it has closed', diagram({
      operator: triggered(5, { historicTimeout: 12 }),
      source: 'w-a--------b', given: { w: watermark(1_000), a: el('/', 10), b: el('/buy', 15) },
      consumer: '^ 50ms !',
      result: 'w------A--------B------P',
      expected: {
        w: watermark(1_000), A: early(10, 20, [hit('/', 10)], { historic: true }), B: early(10, 25, [hit('/', 10), hit('/buy', 15)], { index: 1, historic: true }),
        P: pane(10, 25, [hit('/', 10), hit('/buy', 15)], { index: 2, historic: true }),
      },
    }));
  });

  test.each([0, -1, NaN])('a period of %p is refused when the operator is made', (every) => {
    expect(() => earlyTrigger({ every })).toThrow(RangeError);
    expect(() => earlyTrigger({ every })).toThrow(new RegExp(`every.*${every}`));
  });
});
