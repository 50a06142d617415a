import { asyncScheduler, catchError, concat, defer, map, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import { assignWatermarks, StateSlot, type AssignWatermarksOptions, type Future, type WatermarksSlot } from '../../operators/index.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { diagram, marbles } from './marbles.js';
import { element, hit, watermark, type Hit } from './values.js';

const stamped = (options: Partial<AssignWatermarksOptions<Hit>> = {}) => assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness: 2, ...options });
const future = (value: Hit, now: number): Future<Hit> => ({ _tag: 'Future', value, timestamp: value.at, now });
const i = watermark(Infinity);

describe('assignWatermarks', () => {
  behavesAsAnOperator({ operator: stamped(), value: hit('/', 10), emits: [element(hit('/', 10)), watermark(8)], last: [i] });

  const [a, b, c] = [hit('/', 10), hit('/buy', 14), hit('/old', 7)];

  test('the watermark follows the newest timestamp at a fixed distance and never goes back', diagram({
    operator: stamped(),
    source: '      --a-----b-----c---c---|', given: { a, b, c },
    subscription: '^---------------------!',
    result: '      --(aw)--(bx)--c---c---(i|)',
    expected: { a: element(a), w: watermark(8), b: element(b), x: watermark(12), c: element(c), i },
  }));

  test('event times may be fractions, and may lie before 1970', diagram({
    operator: stamped({ maxOutOfOrderness: 0.5 }),
    source: '-a-----b-----|', given: { a: hit('/', -3.25), b: hit('/', -3) },
    result: '-(aw)--(bx)--(i|)',
    expected: { a: element(hit('/', -3.25)), w: watermark(-3.75), b: element(hit('/', -3)), x: watermark(-3.5), i },
  }));

  describe('idle input', () => {
    const idle = { idleTimeout: 60_000 };
    const late = hit('/', 100_000);
    const letters = { a: element(late), w: watermark(99_998), x: watermark(100_998), y: watermark(101_998), z: watermark(102_998), b: element(hit('/', 103_000)) };

    test('after the timeout the watermark goes on from where it stood, one second per second', diagram({
      operator: stamped(idle),
      source: '      a', given: { a: late },
      consumer: '    ^ 62500ms !',
      subscription: '^ 62500ms !',
      result: '      (aw) 60996ms x 999ms y', expected: letters,
    }));

    test('the next element ends idleness; a tick due at its instant goes before it, and it is not late for its usual delay', diagram({
      operator: stamped(idle),
      source: '   a 62999ms b', given: { a: late, b: hit('/', 163_000) },
      consumer: ' ^ 123999ms !',
      result: '   (aw) 60996ms x 999ms y 999ms (zbv)',
      expected: { ...letters, b: element(hit('/', 163_000)), v: watermark(162_998) },
    }));

    test('any element ends idleness, also one behind the watermark', diagram({
      operator: stamped(idle),
      source: '   a 61499ms b', given: { a: late, b: hit('/', 5) },
      consumer: ' ^ 122499ms !',
      result: '   (aw) 60996ms x 499ms b', expected: { ...letters, b: element(hit('/', 5)) },
    }));

    test('after an element idleness begins anew', diagram({
      operator: stamped(idle),
      source: '   a 61499ms b', given: { a: late, b: hit('/', 5) },
      consumer: ' ^ 122501ms !',
      result: '   (aw) 60996ms x 499ms b 60999ms y', expected: { ...letters, b: element(hit('/', 5)) },
    }));

    test('before the first element there is nothing to go on from', diagram({
      operator: stamped(idle),
      source: '  -',
      consumer: '^ 200s !',
      result: '  -',
    }));

    test('a future event is no sign of life', diagram({
      operator: stamped({ ...idle, maxFutureSkew: 0, wallClock: () => 100_000 }),
      source: '   a 29999ms f', given: { a: late, f: hit('/2099', 4e12) },
      consumer: ' ^ 61500ms !',
      result: '   (aw) 29996ms f 30999ms x', expected: { ...letters, f: future(hit('/2099', 4e12), 100_000) },
    }));

    test('what resets idleness (a stream that opens) starts it afresh', marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const resets = cold('         30s r');
      const source = cold('         a', { a: late });
      const consumer = '            ^ 91500ms !';
      const result = '              (aw) 90996ms x';

      expectObservable(source.pipe(stamped({ ...idle, idleResets: resets })), consumer).toBe(result, letters);
      expectSubscriptions(resets.subscriptions).toBe(consumer);
      expectSubscriptions(source.subscriptions).toBe(consumer);
    }));

    test('without a timeout the watermark waits for ever', diagram({
      operator: stamped(),
      source: 'a 3600s -|', given: { a: late },
      result: '(aw) 3599997ms -(i|)', expected: { ...letters, i },
    }));

    test('when the consumer has left, no timer is left', () => {
      const scheduler = new VirtualTimeScheduler();
      const subscription = concat(of(late), NEVER).pipe(stamped({ ...idle, scheduler })).subscribe();
      expect(scheduler.actions.length).toBeGreaterThan(0);

      subscription.unsubscribe();
      expect(scheduler.actions).toHaveLength(0);
    });
  });

  describe('future events', () => {
    const [ok, far] = [hit('/ok', 1_100), hit('/far', 1_101)];

    test('beyond the skew an event is told apart and never moves the watermark; within it the watermark follows now', diagram({
      operator: stamped({ maxFutureSkew: 100, wallClock: () => 1_000 }),
      source: '-f-a-----f-|', given: { a: ok, f: far },
      result: '-f-(aw)--f-(i|)',
      expected: { f: future(far, 1_000), a: element(ok), w: watermark(998), i },
    }));

    test('the clock may be any timestamp provider', diagram({
      operator: stamped({ maxFutureSkew: 100, wallClock: { now: () => 1_000 } }),
      source: '-f-|', given: { f: far },
      result: '-f-(i|)', expected: { f: future(far, 1_000), i },
    }));

    test('the clock is the scheduler unless another is named', diagram({
      operator: stamped({ maxFutureSkew: 4 }),
      source: '-----a-----f-|', given: { a: hit('/', 9), f: hit('/', 16) },
      result: '-----(aw)--f-(i|)',
      expected: { a: element(hit('/', 9)), w: watermark(3), f: future(hit('/', 16), 11), i },
    }));

    test('without a skew nothing is compared with now', diagram({
      operator: stamped({ wallClock: () => { throw new Error('nobody asks'); } }),
      source: '-f-----|', given: { f: far },
      result: '-(fw)--(i|)', expected: { f: element(far), w: watermark(1_099), i },
    }));

    test('a clock that steps back takes nothing back, one that steps forward closes nothing', () => {
      const hour = 3_600_000;
      let now = 2 * hour;
      const seen: unknown[] = [];
      const source = of([2 * hour, 2 * hour], [hour, hour + 1], [3 * hour, 2 * hour + 5]).pipe(
        map(([clock = 0, at = 0]) => { now = clock; return hit('/', at); }),
      );
      source.pipe(stamped({ maxFutureSkew: 10, wallClock: () => now })).subscribe((out) => seen.push(out));

      expect(seen).toStrictEqual([
        element(hit('/', 2 * hour)), watermark(2 * hour - 2), element(hit('/', hour + 1)), element(hit('/', 2 * hour + 5)), watermark(2 * hour + 3), i,
      ]);
    });
  });

  describe('ceiling', () => {
    const low = () => (asyncScheduler.now() < 10 ? 5 : 1_000);

    test('holds the watermark; when it is lifted, the next element lets it catch up with all it has seen', diagram({
      operator: stamped({ ceiling: low }),
      source: '-a-----b-------c-----|', given: { a, b, c },
      result: '-(aw)--b-------(cx)--(i|)',
      expected: { a: element(a), w: watermark(5), b: element(b), c: element(c), x: watermark(12), i },
    }));

    test('a ceiling that sinks takes nothing back', diagram({
      operator: stamped({ ceiling: () => (asyncScheduler.now() < 5 ? 9 : 0) }),
      source: '-a-----b------|', given: { a, b },
      result: '-(aw)--b------(i|)', expected: { a: element(a), w: watermark(8), b: element(b), i },
    }));

    test('idle time does not pass it', diagram({
      operator: stamped({ idleTimeout: 60_000, ceiling: () => 1_500 }),
      source: '   a', given: { a },
      consumer: ' ^ 65s !',
      result: '   (aw) 60996ms x 999ms y', expected: { a: element(a), w: watermark(8), x: watermark(1_008), y: watermark(1_500) },
    }));
  });

  describe('state', () => {
    test('what is restored goes on where it stood', marbles(({ cold, expectObservable }) => {
      const before: WatermarksSlot = new StateSlot();
      const first = cold('        -a----', { a });
      expectObservable(first.pipe(stamped({ state: before })), '^--!').toBe('-(aw)', { a: element(a), w: watermark(8) });

      const second = defer(() => cold('c-b-----', { b, c }).pipe(stamped({ state: new StateSlot(before.snapshot()) })));
      expectObservable(second, '  -----^--------!').toBe('-----c-(bx)', { b: element(b), c: element(c), x: watermark(12) });
    }));
  });

  test('a timestamp function that throws is a fault', failsWith(a, (broken) => stamped({ timestamp: broken })));
  test('a clock that throws is a fault', failsWith(a, (broken) => stamped({ maxFutureSkew: 1, wallClock: broken })));
  test('a ceiling that throws is a fault', () => {
    const seen: unknown[] = [];
    of(a).pipe(stamped({ ceiling: () => { throw new Error('a fault'); } }), catchError((err: unknown) => of(err))).subscribe((out) => seen.push(out));

    expect(seen.at(-1)).toStrictEqual(new Error('a fault'));
  });
  test.each([NaN, Infinity, -Infinity])('an event time of %p is a fault', (at) => {
    const seen: unknown[] = [];
    of(hit('/', at)).pipe(stamped(), catchError((err: unknown) => of(err))).subscribe((out) => seen.push(out));

    expect(seen).toStrictEqual([expect.any(RangeError)]);
  });

  test.each([
    { option: 'maxOutOfOrderness', value: -1 },
    { option: 'maxOutOfOrderness', value: NaN },
    { option: 'idleTimeout', value: 0 },
    { option: 'idleTimeout', value: NaN },
    { option: 'maxFutureSkew', value: -1 },
    { option: 'maxFutureSkew', value: NaN },
  ])('$option of $value is refused when the operator is made', ({ option, value }) => {
    expect(() => stamped({ [option]: value })).toThrow(RangeError);
    expect(() => stamped({ [option]: value })).toThrow(new RegExp(`${option}.*${value}`));
  });
});
