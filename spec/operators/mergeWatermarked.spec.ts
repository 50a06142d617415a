import * as fc from 'fast-check';
import { concat, EMPTY, from, NEVER, Observable, of, Subject, take, throwError, VirtualTimeScheduler } from 'rxjs';
import { mergeWatermarked, type Element, type Watermark } from '../../operators/index.js';
import { HandClock } from './drive.js';
import { marbles } from './marbles.js';
import { el, type Input } from './sessions.js';
import { watermark } from './values.js';

const [a, b, c] = [el('/', 10), el('/buy', 20), el('/pay', 30)];
const end = watermark(Infinity);

/** All that several inputs bring, one after the other. */
const through = (...sources: readonly (readonly Input[])[]): Input[] => {
  const out: Input[] = [];
  mergeWatermarked(...sources.map((source) => from(source))).subscribe((it) => out.push(it));
  return out;
};

describe('mergeWatermarked', () => {
  test('elements pass at once; the watermark is the least, when it has risen', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const one = cold<Input>('  a-w-----------x-|', { a, w: watermark(10), x: watermark(30) });
    const other = cold<Input>('--b---v---y-|', { b, v: watermark(5), y: watermark(20) });
    const result = '           a-b---v---w---x-(i|)';

    expectObservable(mergeWatermarked(one, other)).toBe(result, { a, b, v: watermark(5), w: watermark(10), x: watermark(30), i: end });
    expectSubscriptions(one.subscriptions).toBe('  ^---------------!');
    expectSubscriptions(other.subscriptions).toBe('^-----------!');
  }));

  test('an input that is silent holds the others back until it is idle, and again when it speaks', marbles(({ cold, expectObservable }) => {
    const one = cold<Input>('  -w----x-----y', { w: watermark(10), x: watermark(20), y: watermark(30) });
    const other = cold<Input>('-----------c-------v', { c, v: watermark(25) });
    const result = '           ----------xc-------v', expected = { x: watermark(20), c, v: watermark(25) };

    expectObservable(mergeWatermarked(one, other, { idleTimeout: 10 }), '^-------------------!').toBe(result, expected);
  }));

  test('without an idle timeout that ends it waits', marbles(({ cold, expectObservable }) => {
    const one = cold<Input>('  -w', { w: watermark(10) });

    expectObservable(mergeWatermarked(one, NEVER, { idleTimeout: Infinity }), '^ 10m !').toBe('-');
    expectObservable(mergeWatermarked(one, NEVER), '^ 10m !').toBe('59999ms -w', { w: watermark(10) });
  }));

  test('an input becomes idle before what comes at the same time', marbles(({ cold, expectObservable }) => {
    const one = cold<Input>('  -w', { w: watermark(10) });
    const other = cold<Input>('----------b', { b });

    expectObservable(mergeWatermarked(one, other, { idleTimeout: 10 }), '^---------------!').toBe('----------(wb)', { w: watermark(10), b });
  }));

  test('an error of one passes at once and ends the others', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const one = cold<Input>('--a---a', { a });
    const other = cold('       ---#');
    expectObservable(mergeWatermarked(one, other)).toBe('--a#', { a });
    expectSubscriptions(one.subscriptions).toBe('^--!');
  }));

  test('when the consumer leaves, all are left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const [one, other] = [cold<Input>('--a---a', { a }), cold<Input>('-----b', { b })];
    expectObservable(mergeWatermarked(one, other), '^---!').toBe('--a', { a });
    expectSubscriptions(one.subscriptions).toBe('^---!');
    expectSubscriptions(other.subscriptions).toBe('^---!');
  }));

  test('each subscription has its own state', marbles(({ cold, expectObservable }) => {
    const shared = mergeWatermarked(cold<Input>('-w', { w: watermark(10) }), cold<Input>('--v', { v: watermark(5) }));
    expectObservable(shared, '^----!').toBe('--v', { v: watermark(5) });
    expectObservable(shared, '---^----!').toBe('-----v', { v: watermark(5) });
  }));

  test('one timer serves all inputs; when the consumer has left, none is left', () => {
    const scheduler = new VirtualTimeScheduler();
    const subscription = mergeWatermarked(NEVER, concat(of(a), NEVER), NEVER, { scheduler }).subscribe();
    expect(scheduler.actions).toHaveLength(1);

    subscription.unsubscribe();
    expect(scheduler.actions).toHaveLength(0);
  });

  test('the timer looks again when it rings, and rests while all are idle', () => {
    const clock = new HandClock();
    const [one, other] = [new Subject<Input>(), new Subject<Input>()];
    const out: [number, Input][] = [];
    mergeWatermarked(one, other, { idleTimeout: 10, scheduler: clock }).subscribe((it) => out.push([clock.now(), it]));
    one.next(watermark(1));
    clock.advanceTo(8);
    other.next(watermark(2));
    clock.advanceTo(30);
    expect(clock.actions).toHaveLength(0);
    one.next(watermark(5));
    other.next(watermark(7));
    clock.advanceTo(35);
    one.next(watermark(6));
    clock.advanceTo(60);

    expect(out).toStrictEqual([[8, watermark(1)], [10, watermark(2)], [30, watermark(5)], [35, watermark(6)], [45, watermark(7)]]);
  });

  describe('synchronous sources', () => {
    test('bring what they have one after the other, and the watermarks when all have them', () => {
      expect(through([a, watermark(10), watermark(20)], [b, watermark(15)], [c, watermark(12)])).toStrictEqual([a, b, c, watermark(12), end]);
    });

    test.each([0, 1, 100])('%p of them', (count) => {
      const sources = Array.from({ length: count }, () => [a, end]);
      expect(through(...sources)).toStrictEqual([...sources.map(() => a), end]);
    });

    test('that complete without a word have come to the end', () => {
      let completed = false;
      const out: Watermark[] = [];
      mergeWatermarked(EMPTY, EMPTY).subscribe({ next: (it) => out.push(it), complete: () => { completed = true; } });

      expect([out, completed]).toStrictEqual([[end], true]);
    });

    test('stop when the consumer has enough; those after them are not asked', () => {
      let sent = 0;
      let asked = 0;
      const endless = new Observable<Element<unknown>>((out) => {
        while (!out.closed && sent < 100) {
          sent += 1;
          out.next(a);
        }
      });
      const next = new Observable<Element<unknown>>(() => { asked += 1; });
      mergeWatermarked(endless, next).pipe(take(2)).subscribe();

      expect([sent, asked]).toStrictEqual([2, 0]);
    });

    test('that fail end it before those after them are asked', () => {
      const seen: unknown[] = [];
      mergeWatermarked(of(a), throwError(() => 'broken'), of(b)).subscribe({ next: (it) => seen.push(it), error: (error: unknown) => seen.push(error) });

      expect(seen).toStrictEqual([a, 'broken']);
    });
  });

  test('law: whatever comes, elements pass in order, watermarks rise, and none is ahead of an input that speaks', () => {
    const moves = fc.array(fc.oneof(
      fc.record({ from: fc.nat(2), at: fc.integer({ min: -50, max: 50 }), isElement: fc.boolean() }),
      fc.record({ wait: fc.integer({ min: 1, max: 15 }) }),
    ), { maxLength: 40 });
    fc.assert(fc.property(moves, (played) => {
      const clock = new HandClock();
      const sources = [new Subject<Input>(), new Subject<Input>(), new Subject<Input>()] as const;
      const told = sources.map(() => ({ watermark: -Infinity, heardAt: 0 }));
      const out: Input[] = [];
      mergeWatermarked(...sources, { idleTimeout: 10, scheduler: clock }).subscribe((it) => out.push(it));
      let last = -Infinity;
      for (const move of played) {
        const before = out.length;
        if ('wait' in move) clock.advanceTo(clock.now() + move.wait);
        else {
          const input: Input = move.isElement ? el('/', move.at) : watermark(move.at);
          const known = told[move.from];
          if (known) Object.assign(known, { heardAt: clock.now(), watermark: move.isElement ? known.watermark : Math.max(known.watermark, move.at) });
          sources[move.from]?.next(input);
          if (move.isElement) expect(out.at(-1)).toBe(input);
        }
        const active = told.filter(({ heardAt }) => heardAt + 10 > clock.now());
        const expected = active.length > 0 ? Math.min(...active.map((it) => it.watermark)) : Math.max(...told.map((it) => it.watermark));
        const rises = out.slice(before).flatMap((it) => (it._tag === 'Watermark' ? [it.timestamp] : []));
        for (const rise of rises) {
          expect(rise).toBeGreaterThan(last);
          last = rise;
        }
        expect(last).toBe(Math.max(last, expected));
      }
    }));
  });

  test.each([0, -1, NaN])('an idle timeout of %p is refused', (idleTimeout) => {
    expect(() => mergeWatermarked(NEVER, { idleTimeout })).toThrow(RangeError);
    expect(() => mergeWatermarked(NEVER, { idleTimeout })).toThrow(new RegExp(`idleTimeout.*${idleTimeout}`));
  });
});
