import { StateSlot, type Changed, type SessionWindowSlot } from '../../operators/index.js';
import { Drive, HandClock } from './drive.js';
import { diagram, marbles } from './marbles.js';
import { el, sessions, triggered, windows, type Options } from './sessions.js';
import { changed, closed, early, full, hit, late, pane, plain, watermark, window, type Hits } from './values.js';

const a = hit('/', 10);
const b = hit('/buy', 15);
const c = hit('/look', 12);

/** Which panes a window gives, and when. The gap is 10 ms. */
describe('sessionWindow: panes', () => {
  describe('on-time pane', () => {
    test('it comes also when nothing is new since the last early pane, and with no lateness allowed it is the last', diagram({
      operator: triggered(3),
      source: 'a-------w', given: { a: el('/', 10), w: watermark(20) },
      result: '---E----(P1w)', expected: { E: early(10, 20, [a]), P: pane(10, 20, [a], { index: 1 }), 1: closed(10, 20), w: watermark(20) },
    }));
  });

  describe('allowed lateness', () => {
    const operator = sessions({ allowedLateness: 10 });
    const onTime = pane(10, 20, [a], { isLast: false });

    test('the session is held after its on-time pane, which is not the last, and let go when the lateness is over', diagram({
      operator,
      source: '-a-w----x-y', given: { a: el('/', 10), w: watermark(20), x: watermark(29.999), y: watermark(30) },
      result: '-a-(Pw)-x-(1y)', expected: { a: changed(10, 20), P: onTime, w: watermark(20), x: watermark(29.999), 1: closed(10, 20), y: watermark(30) },
    }));

    test('an event that joins it brings a late pane at once, with all its hits', diagram({
      operator,
      source: '-a-w----b-c-y', given: { a: el('/', 10), w: watermark(25), b: el('/buy', 15), c: el('/look', 12), y: watermark(35) },
      result: '-a-(Pw)-B-C-(1y)',
      expected: {
        a: changed(10, 20), P: onTime, w: watermark(25), 1: closed(10, 25), y: watermark(35),
        B: pane(10, 25, [a, b], { timing: 'LATE', index: 1, isLast: false }), C: pane(10, 25, [a, c, b], { timing: 'LATE', index: 2, isLast: false }),
      },
    }));

    test('an event that opens a session the watermark has passed brings a late pane at once', diagram({
      operator,
      source: 'w-a-x-y', given: { w: watermark(25), a: el('/', 10), x: watermark(29), y: watermark(30) },
      result: 'w-A-x-(1y)', expected: { w: watermark(25), A: pane(10, 20, [a], { timing: 'LATE', isLast: false }), x: watermark(29), 1: closed(10, 20), y: watermark(30) },
    }));

    test('one whose lateness the watermark has passed too is historic', diagram({
      operator,
      source: '  w-(ab)', given: { w: watermark(30), a: el('/', 10, 'at'), b: el('/', 10.5, 'after') },
      consumer: '^-------!',
      result: '  w-(aB)', expected: { w: watermark(30), a: changed(10, 20, [], 'at'), B: pane(10.5, 20.5, [hit('/', 10.5, 'after')], { key: 'after', timing: 'LATE', isLast: false }) },
    }));

    test('one that reaches past the watermark opens the window again: live, with early panes and a second on-time pane', diagram({
      operator: triggered(3, { allowedLateness: 10 }),
      source: 'a-w----b-----x---y', given: { a: el('/', 10), w: watermark(20), b: el('/buy', 15), x: watermark(25), y: watermark(35) },
      result: '--(Pw)----E--(Qx)(1y)',
      expected: {
        P: onTime, w: watermark(20), E: early(10, 25, [a, b], { index: 1 }), Q: pane(10, 25, [a, b], { index: 2, isLast: false }),
        x: watermark(25), 1: closed(10, 25), y: watermark(35),
      },
    }));

    test('a reopened window announces what it replaces', diagram({
      operator,
      source: 'a-w----b', given: { a: el('/', 10), w: watermark(20), b: el('/buy', 15) },
      result: 'a-(Pw)-b', expected: { a: changed(10, 20), P: onTime, w: watermark(20), b: changed(10, 25, [window(10, 20)]) },
    }));

    test('a late event that bridges two sessions that have fired makes them one, numbered on from the greater', diagram({
      operator: triggered(2, { allowedLateness: 100 }),
      source: 'a--b-c--w-----d', given: { a: el('/', 10), b: el('/buy', 25), c: el('/pay', 26), d: el('/look', 17), w: watermark(40) },
      result: '--A--B-C(PQw)-D',
      expected: {
        A: early(10, 20, [a]), B: early(25, 35, [hit('/buy', 25)]), C: early(25, 36, [hit('/buy', 25), hit('/pay', 26)], { index: 1 }),
        P: pane(10, 20, [a], { index: 1, isLast: false }), Q: pane(25, 36, [hit('/buy', 25), hit('/pay', 26)], { index: 2, isLast: false }), w: watermark(40),
        D: pane(10, 36, [a, hit('/look', 17), hit('/buy', 25), hit('/pay', 26)], { timing: 'LATE', index: 3, isLast: false }),
      },
    }));

    test('once let go it is closed as any other: what overlaps it is late', diagram({
      operator,
      source: '-a-w----y---b', given: { a: el('/', 10), w: watermark(20), y: watermark(30), b: el('/buy', 15) },
      result: '-a-(Pw)-(1y)b', expected: { a: changed(10, 20), P: onTime, w: watermark(20), 1: closed(10, 20), y: watermark(30), b: late(b, 30) },
    }));
  });

  describe('accumulation', () => {
    test('ACCUMULATING: each pane holds all hits', diagram({
      operator: triggered(2),
      source: 'a--b--w', given: { a: el('/', 10), b: el('/buy', 15), w: watermark(25) },
      result: '--A--B(P1w)', expected: { A: early(10, 20, [a]), B: early(10, 25, [a, b], { index: 1 }), P: pane(10, 25, [a, b], { index: 2 }), 1: closed(10, 25), w: watermark(25) },
    }));

    test('DISCARDING: each pane holds what came since the last one, the on-time pane even nothing', diagram({
      operator: triggered(2, { accumulation: 'DISCARDING' }),
      source: 'a--b--w', given: { a: el('/', 10), b: el('/buy', 15), w: watermark(25) },
      result: '--A--B(P1w)', expected: { A: early(10, 20, [a]), B: early(10, 25, [b], { index: 1 }), P: pane(10, 25, [], { index: 2 }), 1: closed(10, 25), w: watermark(25) },
    }));
  });

  describe('size caps', () => {
    const given = { a: el('/', 10), b: el('/buy', 15), c: el('/pay', 18), d: el('/late', 17), e: el('/look', 12), g: el('/full', 11), h: el('/more', 13), w: watermark(28) };
    const capped = { P: pane(10, 18, [a, b], { forced: 'cap' }), 1: closed(10, 18), c: changed(18, 28) };

    test('a hit past the last one that would exceed the number of events closes the session at its own time, and opens the next', diagram({
      operator: sessions({ maxSessionEvents: 2 }),
      source: '-a-b-c----w', given,
      result: '-a-b-(P1c)(Q2w)',
      expected: { ...capped, a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), Q: pane(18, 28, [hit('/pay', 18)]), 2: closed(18, 28), w: watermark(28) },
    }));

    test('so does one that would exceed the duration, measured as the length of the window', diagram({
      operator: sessions({ maxSessionDuration: 17 }),
      source: '-a-b-c', given,
      result: '-a-b-(P1c)', expected: { ...capped, a: changed(10, 20), b: changed(10, 25, [window(10, 20)]) },
    }));

    test('a session may be exactly as large as its caps', diagram({
      operator: sessions({ maxSessionEvents: 3, maxSessionDuration: 18 }),
      source: '-a-b-c', given,
      result: '-a-b-c', expected: { a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), c: changed(10, 28, [window(10, 25)]) },
    }));

    test('what is older than the cut is late', diagram({
      operator: sessions({ maxSessionEvents: 2 }),
      source: '-a-b-c----d', given,
      result: '-a-b-(P1c)l', expected: { ...capped, a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), l: late(hit('/late', 17), -Infinity) },
    }));

    test('older hits may exceed the number up to twice; what is beyond that is refused, and a duplicate is still a duplicate', diagram({
      operator: sessions({ maxSessionEvents: 2 }),
      source: '-a-b-e-h-g-a-', given,
      result: '-a-b-e-h-G---',
      expected: { a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), e: changed(10, 25), h: changed(10, 25), G: full(hit('/full', 11), window(10, 25), 'maxSessionEvents') },
    }));

    test('older hits may exceed the duration up to twice', diagram({
      operator: sessions({ maxSessionDuration: 15 }),
      source: '-a-b-c-d-', given: { a: el('/', 10), b: el('/b', 1), c: el('/c', -8), d: el('/d', -11) },
      result: '-a-b-c-D-',
      expected: { a: changed(10, 20), b: changed(1, 20, [window(10, 20)]), c: changed(-8, 20, [window(1, 20)]), D: full(hit('/d', -11), window(-11, 20), 'maxSessionDuration') },
    }));

    test('so may a merge; one that would go beyond is refused, and the sessions stay apart', diagram({
      operator: sessions({ maxSessionEvents: 2 }),
      source: '-a-b-c-d-e-f-g-', // 1 + 2 + the bridge = 4 = twice the cap; then 4 + 1 + the bridge
      given: { a: el('/a', 10), b: el('/b', 25), c: el('/c', 26), d: el('/d', 18), e: el('/e', -5), f: el('/f', 1), g: el('/g', -6) },
      result: '-a-b-c-d-e-F-g-',
      expected: {
        a: changed(10, 20), b: changed(25, 35), c: changed(25, 36, [window(25, 35)]), d: changed(10, 36, [window(10, 20), window(25, 36)]),
        e: changed(-5, 5), F: full(hit('/f', 1), window(-5, 36), 'maxSessionEvents'), g: changed(-6, 5, [window(-5, 5)]),
      },
    }));

    test('a session that has fired is closed by a late pane', diagram({
      operator: sessions({ maxSessionEvents: 2, allowedLateness: 100 }),
      source: '-a-b-w---c', given: { ...given, w: watermark(30) },
      result: '-a-b-(Ow)(P1C)',
      expected: {
        a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), O: pane(10, 25, [a, b], { isLast: false }), w: watermark(30),
        P: pane(10, 18, [a, b], { timing: 'LATE', index: 1, forced: 'cap' }), 1: closed(10, 18),
        C: pane(18, 28, [hit('/pay', 18)], { timing: 'LATE', isLast: false }),
      },
    }));

    test('a historic session is cut the same way, its end told when it is forgotten', diagram({
      operator: sessions({ maxSessionEvents: 2, closedSessionMemory: 15, historicTimeout: 30 }),
      source: 'w-a-b-c', given: { ...given, w: watermark(1_000) },
      result: 'w-a-b-(Pc) 26ms (Q1) 11ms 2',
      expected: {
        w: watermark(1_000), a: changed(10, 20), b: changed(10, 25, [window(10, 20)]), P: pane(10, 18, [a, b], { forced: 'cap', historic: true }), c: changed(18, 28),
        Q: pane(18, 28, [hit('/pay', 18)], { historic: true }), 1: closed(10, 18), 2: closed(18, 28),
      },
    }));
  });

  describe('end', () => {
    const end = watermark(Infinity);

    test('Watermark Infinity closes all at once, by their end, historic sessions too, and nothing is left to close', () => {
      const drive = new Drive((scheduler) => sessions({ scheduler }));
      drive.send(watermark(100), el('/', 95, 'live'), el('/', 50, 'historic'), el('/', 110, 'ahead'));
      drive.taken();

      drive.send(end);
      expect(drive.taken().filter((out) => out._tag !== 'Closed')).toStrictEqual([
        pane(50, 60, [hit('/', 50, 'historic')], { key: 'historic', historic: true }),
        pane(95, 105, [hit('/', 95, 'live')], { key: 'live' }),
        pane(110, 120, [hit('/', 110, 'ahead')], { key: 'ahead' }),
        end,
      ]);
      drive.complete();
      expect(drive.taken().filter((out) => out._tag !== 'Closed')).toStrictEqual([]);
      expect(drive.completed).toBe(true);
    });

    test('with lateness allowed the pane of the end is the last all the same', diagram({
      operator: sessions({ allowedLateness: 10 }),
      source: '-a-w----|', given: { a: el('/', 10), w: end },
      result: '-a-(P1w)|', expected: { a: changed(10, 20), P: pane(10, 20, [a]), 1: closed(10, 20), w: end },
    }));

    test('an early deadline dies with its window', diagram({
      operator: triggered(5),
      source: 'a-w-------|', given: { a: el('/', 10), w: end },
      result: '--(P1w)---|', expected: { P: pane(10, 20, [a]), 1: closed(10, 20), w: end },
    }));
  });

  describe('drain', () => {
    test('it closes every session as it stands, says so, does not move the watermark and leaves no closed marks', marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a--------b-w', { a: el('/', 10), b: el('/buy', 15), w: watermark(25) });
      const drain = cold(' ----d', { d: 'drain' });
      const consumer = '   ^-------------!';
      const result = '     -a--(P1)--b-(Q2w)';

      expectObservable(source.pipe(sessions({ drain })), consumer).toBe(result, {
        a: changed(10, 20), P: pane(10, 20, [a], { forced: 'drain' }), 1: closed(10, 20),
        b: changed(15, 25), Q: pane(15, 25, [b]), 2: closed(15, 25), w: watermark(25),
      });
      expectSubscriptions(drain.subscriptions).toBe(consumer);
    }));

    test('historic sessions too, each with its end told at once', marbles(({ cold, expectObservable }) => {
      const source = cold('w-a-', { w: watermark(1_000), a: el('/', 10) });
      const drain = cold(' ----d', { d: 'drain' });
      const result = '     w-a-(P1)';

      expectObservable(source.pipe(sessions({ drain }))).toBe(result, {
        w: watermark(1_000), a: changed(10, 20), P: pane(10, 20, [a], { forced: 'drain', historic: true }), 1: closed(10, 20),
      });
    }));

    test('the end of the source without a Watermark Infinity is a drain', diagram({
      operator: sessions(),
      source: '-a-|', given: { a: el('/', 10) },
      result: '-a-(P1|)', expected: { a: changed(10, 20), P: pane(10, 20, [a], { forced: 'drain' }), 1: closed(10, 20) },
    }));
  });

  describe('draw', () => {
    const drawn = (options: Options = {}) => new Drive((scheduler) => windows({ ...options, scheduler }));
    const lastChanged = (drive: ReturnType<typeof drawn>): Changed<string, Hits> => {
      const out = drive.taken().at(-1);
      if (out?._tag !== 'Changed') throw new Error('no window was announced');
      return out;
    };

    test('each call takes the next early pane of the window as it then stands; a closed window gives none', () => {
      const drive = drawn();
      const first = lastChanged(drive.send(el('/', 10)));
      expect(first.draw()).toStrictEqual(early(10, 20, [a]));

      const second = lastChanged(drive.send(el('/buy', 15)));
      expect(second.draw()).toStrictEqual(early(10, 25, [a, b], { index: 1 }));
      expect(second.draw()).toStrictEqual(early(10, 25, [a, b], { index: 2 }));

      drive.send(watermark(25));
      expect(() => second.draw()).toThrow(/window/);
      expect(drive.taken().at(0)).toStrictEqual(pane(10, 25, [a, b], { index: 3 }));
    });

    test('DISCARDING, it empties the window', () => {
      const change = lastChanged(drawn({ accumulation: 'DISCARDING' }).send(el('/', 10)));

      expect([change.draw(), change.draw()]).toStrictEqual([early(10, 20, [a]), early(10, 20, [], { index: 1 })]);
    });

    test('a pane of a historic window says so', () => {
      const change = lastChanged(drawn().send(watermark(1_000), el('/', 10)));

      expect(change.draw()).toStrictEqual(early(10, 20, [a], { historic: true }));
    });
  });

  describe('restart', () => {
    /** Sessions with a state that was restored from a snapshot, or is new. */
    const kept = (options: Options = {}, state: SessionWindowSlot<string, Hits> = new StateSlot(), clock = new HandClock()) => ({
      state, drive: new Drive((scheduler) => windows({ ...options, state, scheduler }), clock),
    });
    const again = (before: ReturnType<typeof kept>, options: Options = {}) =>
      kept(options, new StateSlot(before.state.snapshot()), new HandClock(before.drive.clock.now()));

    test('every open window with undrawn hits is announced again, at once', () => {
      const before = kept();
      before.drive.send(watermark(100), el('/', 105, 'open'), el('/', 106, 'drawn'), el('/', 10, 'historic'));
      for (const out of before.drive.taken()) if (out._tag === 'Changed' && out.key === 'drawn') out.draw();

      const announced = again(before).drive.taken().map(plain);
      expect(announced).toHaveLength(2);
      expect(announced).toContainEqual(changed(105, 115, [], 'open'));
      expect(announced).toContainEqual(changed(10, 20, [], 'historic'));
    });

    test('what is held, fired, numbered, remembered and waited for goes on', () => {
      const options = { allowedLateness: 10, historicTimeout: 30 };
      const before = kept(options);
      before.drive.send(el('/', 10, 'fired'), el('/', 0, 'closed'), watermark(22), el('/', 30, 'held'), el('/', -50, 'historic')).advanceTo(7);

      const { drive } = again(before, options);
      drive.taken();
      drive.send(el('/late', 3, 'closed'), el('/buy', 11, 'fired')).advanceTo(29);
      drive.advanceTo(30).send(watermark(40));
      expect(drive.taken().map(plain)).toStrictEqual([
        late(hit('/late', 3, 'closed'), 22),
        pane(10, 21, [hit('/', 10, 'fired'), hit('/buy', 11, 'fired')], { key: 'fired', timing: 'LATE', index: 1, isLast: false }),
        pane(-50, -40, [hit('/', -50, 'historic')], { key: 'historic', historic: true }),
        closed(10, 21, 'fired'),
        pane(30, 40, [hit('/', 30, 'held')], { key: 'held', isLast: false }),
        watermark(40),
      ]);
    });

    test('a snapshot stays as it was taken', () => {
      const before = kept();
      before.drive.send(el('/', 10));
      const snapshot = before.state.snapshot();
      const copy = structuredClone(snapshot);
      before.drive.send(el('/buy', 15), watermark(25));

      expect(snapshot).toStrictEqual(copy);
    });
  });
});
