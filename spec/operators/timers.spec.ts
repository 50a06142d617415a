import { Subject, VirtualTimeScheduler, map } from 'rxjs';
import { StateSlot, earlyTrigger, type Changed, type EarlyDeadline, type EarlyHeader, type Pane } from '../../operators/index.js';

const window = { start: 0, end: 100 };

const pane = (key: string): Pane<string, string> => ({
  _tag: 'Pane', key, window, value: key, timing: 'EARLY', index: 0, isFirst: true, isLast: false, historic: false, forced: false,
});

const changed = (key: string): Changed<string, string> => ({ _tag: 'Changed', key, window, replaces: [], draw: () => pane(key) });

describe('the timer of an operator', () => {
  test('takes no deadline any more when the stream broke while it rang', () => {
    const scheduler = new VirtualTimeScheduler();
    const source = new Subject<Changed<string, string>>();
    const seen: unknown[] = [];
    source
      .pipe(
        earlyTrigger({ every: 10, scheduler }),
        map(() => {
          throw new Error('broken');
        }),
      )
      .subscribe({ error: (error: unknown) => seen.push(error) });
    source.next(changed('a'));
    scheduler.schedule(() => source.next(changed('b')), 5);
    scheduler.flush();

    expect(seen).toEqual([new Error('broken')]);
    expect(scheduler.frame).toBe(10);
    expect(scheduler.actions).toEqual([]);
  });

  test('draws a restored deadline that has passed as soon as its window is announced', () => {
    const scheduler = new VirtualTimeScheduler();
    const restored = { header: { ordinal: 1 }, entries: [['a', [{ window, at: -5, ordinal: 0 }]]] } as const;
    const state = new StateSlot<string, readonly EarlyDeadline[], EarlyHeader>(restored);
    const source = new Subject<Changed<string, string>>();
    const seen: unknown[] = [];
    source.pipe(earlyTrigger({ every: 30, scheduler, state })).subscribe((it) => seen.push([scheduler.now(), it]));
    scheduler.schedule(() => source.next(changed('a')), 3);
    scheduler.flush();

    expect(seen).toEqual([[3, pane('a')]]);
  });
});
