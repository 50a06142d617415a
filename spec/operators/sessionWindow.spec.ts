import { concat, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { diagram } from './marbles.js';
import { el, sessions, windows, type Input, type Options } from './sessions.js';
import { changed, closed, hit, hits, late, pane, watermark, window } from './values.js';

const a = hit('/', 10);
const b = hit('/buy', 15);

describe('sessionWindow', () => {
  behavesAsAnOperator<Input, unknown>({
    operator: sessions(), value: el('/', 10), emits: [changed(10, 20)], lastAfterValue: [pane(10, 20, [a], { forced: 'drain' }), closed(10, 20)],
  });

  test('hits within the gap of each other are one session, which fires when the watermark reaches its end', diagram({
    operator: sessions(),
    source: '      -a-b-v-w-----|', given: { a: el('/', 10), b: el('/buy', 15), v: watermark(24), w: watermark(25) },
    subscription: '^------------!',
    result: '      -a-b-v-(Pcw)-|',
    expected: { a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), v: watermark(24), P: pane(10, 25, [a, b]), c: closed(10, 25), w: watermark(25) },
  }));

  test('a hit inside the bounds is announced, and replaces nothing', diagram({
    operator: sessions(),
    source: '-a-b-c-', given: { a: el('/', 10), b: el('/buy', 15), c: el('/look', 12) },
    result: '-a-b-c-', expected: { a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), c: changed(10, 25) },
  }));

  test('a hit before the first moves the start', diagram({
    operator: sessions(),
    source: '-a-b-w', given: { a: el('/', 10), b: el('/from', 1), w: watermark(20) },
    result: '-a-b-(Pcw)', expected: { a: changed(10, 20), b: changed(1, 20, [window(10, 20)]), P: pane(1, 20, [hit('/from', 1), a]), c: closed(1, 20), w: watermark(20) },
  }));

  test('keys do not mix; what is due in one step fires by its end, then by its age', diagram({
    operator: sessions(),
    source: '(efgh)-w', given: { e: el('/', 10, 'e'), f: el('/', 12, 'f'), g: el('/', 9, 'g'), h: el('/', 10, 'h'), w: watermark(22) },
    result: '(efgh)-(G1E2H3F4w)',
    expected: {
      e: changed(10, 20, [], 'e'), f: changed(12, 22, [], 'f'), g: changed(9, 19, [], 'g'), h: changed(10, 20, [], 'h'), w: watermark(22),
      G: pane(9, 19, [hit('/', 9, 'g')], { key: 'g' }), 1: closed(9, 19, 'g'), E: pane(10, 20, [hit('/', 10, 'e')], { key: 'e' }), 2: closed(10, 20, 'e'),
      H: pane(10, 20, [hit('/', 10, 'h')], { key: 'h' }), 3: closed(10, 20, 'h'), F: pane(12, 22, [hit('/', 12, 'f')], { key: 'f' }), 4: closed(12, 22, 'f'),
    },
  }));

  test('a key may have the name of a property of every object', diagram({
    operator: sessions(),
    source: '(ab)-w', given: { a: el('/', 10, '__proto__'), b: el('/', 10, 'constructor'), w: watermark(20) },
    result: '(ab)-(P1C2w)',
    expected: {
      a: changed(10, 20, [], '__proto__'), b: changed(10, 20, [], 'constructor'), w: watermark(20),
      P: pane(10, 20, [hit('/', 10, '__proto__')], { key: '__proto__' }), 1: closed(10, 20, '__proto__'),
      C: pane(10, 20, [hit('/', 10, 'constructor')], { key: 'constructor' }), 2: closed(10, 20, 'constructor'),
    },
  }));

  test('event times may be fractions of a millisecond', diagram({
    operator: sessions(),
    source: '-a-b-w', given: { a: el('/', 0.25), b: el('/buy', 10.125), w: watermark(20.125) },
    result: '-a-b-(Pcw)',
    expected: {
      a: changed(0.25, 10.25), b: changed(0.25, 20.125, [window(0.25, 10.25)]),
      P: pane(0.25, 20.125, [hit('/', 0.25), hit('/buy', 10.125)]), c: closed(0.25, 20.125), w: watermark(20.125),
    },
  }));

  test('a watermark that goes back takes nothing back', () => {
    const seen: unknown[] = [];
    of(el('/', 10), watermark(20), watermark(5), el('/late', 12)).pipe(sessions()).subscribe((out) => seen.push(out));

    expect(seen).toContainEqual(late(hit('/late', 12), 20));
  });

  describe('forms of use', () => {
    test('when the consumer has left, no timer is left', () => {
      const scheduler = new VirtualTimeScheduler();
      const subscription = concat(of(watermark(100), el('/', 10)), NEVER).pipe(sessions({ scheduler })).subscribe();
      expect(scheduler.actions.length).toBeGreaterThan(0);

      subscription.unsubscribe();
      expect(scheduler.actions).toHaveLength(0);
    });

    test('also when another operator goes on with the same scheduler', () => {
      const scheduler = new VirtualTimeScheduler();
      const other = NEVER.pipe(sessions({ scheduler })).subscribe();
      concat(of(watermark(100), el('/', 10)), NEVER).pipe(sessions({ scheduler })).subscribe().unsubscribe();

      expect(scheduler.actions).toHaveLength(0);
      other.unsubscribe();
    });

    test('one timer serves all sessions', () => {
      const scheduler = new VirtualTimeScheduler();
      const many = Array.from({ length: 100 }, (_, n) => el('/', 10, `visitor ${n}`));
      const subscription = concat(of(watermark(100), ...many), NEVER).pipe(sessions({ scheduler })).subscribe();

      expect(scheduler.actions).toHaveLength(1);
      subscription.unsubscribe();
    });

    test('an error of the source closes nothing', diagram({
      operator: sessions(),
      source: '-a-#', given: { a: el('/', 10) },
      result: '-a-#', expected: { a: changed(10, 20) },
    }));
  });

  describe('faults', () => {
    /** What the stream ended with, for hits that open, join and merge. */
    const faultOf = (options: Options): unknown => {
      let fault: unknown;
      of(el('/', 10), el('/', 25), el('/', 17), watermark(100)).pipe(windows(options)).subscribe({ error: (err: unknown) => { fault = err; } });
      return fault;
    };
    const broken = (): never => { throw new Error('a fault in the callback'); };

    test('a key function that throws is a fault', failsWith<Input>(el('/', 10), (fault) => sessions({ key: fault })));
    test.each(['create', 'add', 'merge'] as const)('an aggregate whose %s throws is a fault', (method) => {
      expect(faultOf({ aggregate: { ...hits, [method]: broken } })).toStrictEqual(new Error('a fault in the callback'));
    });
  });

  test.each([
    { option: 'gap', value: 0 },
    { option: 'gap', value: NaN },
    { option: 'gap', value: Infinity },
    { option: 'allowedLateness', value: -1 },
    { option: 'allowedLateness', value: NaN },
    { option: 'historicTimeout', value: 0 },
    { option: 'historicTimeout', value: NaN },
    { option: 'closedSessionMemory', value: -1 },
    { option: 'maxSessionEvents', value: 0 },
    { option: 'maxSessionDuration', value: 0 },
    { option: 'maxSessionDuration', value: 9 }, // less than the gap: no session could be that short
    { option: 'maxSessionDuration', value: NaN },
  ])('$option of $value is refused when the operator is made', ({ option, value }) => {
    expect(() => sessions({ [option]: value })).toThrow(RangeError);
    expect(() => sessions({ [option]: value })).toThrow(new RegExp(`${option}.*${value}`));
  });
});
