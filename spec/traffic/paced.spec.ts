import { EMPTY, lastValueFrom, NEVER, of, take, tap, throwError, timer, toArray, VirtualTimeScheduler, type Observable } from 'rxjs';
import { paced } from '../../src/traffic/paced.js';
import { liveTraffic } from '../../src/traffic/liveTraffic.js';
import type { Publication } from '../../src/traffic/publication.js';

/** Runs in virtual time until nothing more happens, or until `until`. */
const run = <A>(build: (scheduler: VirtualTimeScheduler) => Observable<A>, until = Infinity): { values: A[]; end: string } => {
  const scheduler = new VirtualTimeScheduler(undefined, until);
  const values: A[] = [];
  let end = 'open';
  const subscription = build(scheduler).subscribe({ next: (it) => values.push(it), error: (error) => (end = String(error)), complete: () => (end = 'complete') });
  scheduler.flush();
  subscription.unsubscribe();
  return { values, end };
};

const at = (time: number) => time;

describe('paced', () => {
  test('sends what is due at once, each later item when its time has come, and completes', () => {
    const sent: { now: number; due: readonly number[] }[] = [];
    const { values, end } = run((scheduler) =>
      paced({ items: [-5, 0, 100, 101, 1_000].values(), at, scheduler, send: (due) => { sent.push({ now: scheduler.now(), due }); return EMPTY; } }),
    );
    expect(sent).toEqual([
      { now: 0, due: [-5, 0] },
      { now: 100, due: [100] },
      { now: 150, due: [101] },
      { now: 1_000, due: [1_000] },
    ]);
    expect(values).toEqual([2, 1, 1, 1]);
    expect(end).toBe('complete');
  });

  test('without items it completes', () => {
    expect(run((scheduler) => paced({ items: [].values(), at, scheduler, send: () => EMPTY }))).toEqual({ values: [], end: 'complete' });
  });

  test('asks nothing of a receiver that is still busy, and takes nothing from the items meanwhile', () => {
    let taken = 0;
    const items = (function* () { for (;;) yield taken++; })();
    const busy = run((scheduler) => paced({ items, at, scheduler, send: () => NEVER }), 60_000);
    expect(busy).toEqual({ values: [], end: 'open' });
    expect(taken).toBe(2);
  });

  test('sends a backlog in portions, one after the other', () => {
    let open = 0;
    let most = 0;
    const send = (scheduler: VirtualTimeScheduler) =>
      timer(10, scheduler).pipe(tap({ subscribe: () => (most = Math.max(most, (open += 1))), finalize: () => (open -= 1) }));
    const { values } = run((scheduler) => paced({ items: Array<number>(2_500).fill(0).values(), at, scheduler, send: () => send(scheduler) }));
    expect(values).toEqual([1_000, 1_000, 500]);
    expect(most).toBe(1);
  });

  test('passes on what went wrong', () => {
    const failed = run((scheduler) => paced({ items: [0, 1].values(), at, scheduler, send: () => throwError(() => new Error('full')) }));
    expect(failed).toEqual({ values: [], end: 'Error: full' });
  });
});

describe('liveTraffic', () => {
  test('starts with the backlog and follows the clock until nobody is subscribed', () => {
    const sent: { now: number; due: readonly Publication[] }[] = [];
    run(
      (scheduler) => liveTraffic({ seed: 1, rate: 20, backlog: 300_000, scheduler, send: (due) => { sent.push({ now: scheduler.now(), due }); return of(0); } }),
      10_000,
    );
    const backlog = sent.filter(({ now }) => now === 0).flatMap(({ due }) => due);
    const live = sent.filter(({ now }) => now > 0);
    expect(backlog.length).toBeGreaterThan(5_000);
    expect(backlog.length).toBeLessThan(7_000);
    expect(Math.min(...backlog.map(({ publishAt }) => publishAt))).toBeLessThan(-298_000);
    expect(live.flatMap(({ due }) => due).length).toBeGreaterThan(100);
    for (const { now, due } of live) for (const { publishAt } of due) expect(Math.abs(now - publishAt)).toBeLessThanOrEqual(50);
  });

  test('follows the system clock by default', async () => {
    const counts = await lastValueFrom(liveTraffic({ seed: 1, rate: 100, backlog: 1_000, send: () => of(0) }).pipe(take(2), toArray()));
    expect(counts).toHaveLength(2);
    expect(counts.every((it) => it > 0)).toBe(true);
  });
});
