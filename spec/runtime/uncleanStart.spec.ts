import { SECOND, type View } from '../pipeline/play.js';
import { Disk, Rig, expectConserved, type RigOptions } from './rig.js';

/** What the source says, and the margin: for so long after it was opened. */
const HOLD = 30 + 5;

describe('a start after a run that died', () => {
  let disk: Disk;
  beforeEach(() => {
    disk = new Disk();
  });
  const started = (options: RigOptions = {}): Rig => new Rig({ disk, ...options }).start();

  /** A run that commits what `views` brings, and is then left as if it had been killed. */
  const killed = (views: (rig: Rig) => void): Rig => {
    const rig = started();
    views(rig);
    rig.pass(1);
    return rig;
  };

  test('what the dead run had been given and comes again later is as on time as it would have been', () => {
    const outcome = (options: RigOptions) => {
      disk = new Disk();
      const dead = killed((rig) => rig.view({ page: 'A', id: 'a' }));
      dead.view({ page: 'B', at: 50, id: 'b' });
      const next = started({ startsAt: 100, ...options });
      next.view({ session: 't', page: 'X', id: 'x' });
      next.pass(20);
      next.view({ page: 'B', at: 50, id: 'b' });
      next.pass(1);
      next.hand.end();
      expectConserved(next);
      return { spent: next.spent.filter(([session]) => session === 's'), late: next.sink.deadLetters.map(({ reason }) => reason) };
    };
    expect(outcome({})).toEqual({ spent: [['s', 'A', 50], ['s', 'B', 60]], late: [] });
    expect(outcome({ holdFor: 0 })).toEqual({ spent: [['s', 'A', 60]], late: ['late'] });
  });

  test('event time stands still until what had been leased has come again, and then goes on from where it is', () => {
    killed((rig) => rig.view({ page: 'A' }, { session: 't', page: 'X' }));
    const rig = started({ startsAt: 200 });
    rig.view({ session: 'u', page: 'U' });
    rig.pass(HOLD - 0.1);
    expect(rig.spent).toEqual([]);
    const stood = rig.lastReport?.watermark;
    rig.pass(0.1);
    rig.view({ session: 'u', page: 'V' });
    rig.pass(2);
    expect(rig.lastReport?.watermark).toBeGreaterThan(stood ?? Infinity);
    expect(rig.spent).toEqual([['s', 'A', 60], ['t', 'X', 60]]);
  });

  test.each([
    { what: 'no early result comes', views: [{ page: 'A' }, { page: 'B', at: 5 }], after: 30 },
    { what: 'no historic session closes', views: [{ session: 'new', page: 'N' }, { page: 'A', at: -500 }], after: 120 },
    { what: 'no silence counts', views: [{ page: 'A' }], after: 60 + 10 + 60 },
  ])('$what meanwhile, and the time until then counts from its end', ({ views, after }) => {
    killed((rig) => rig.view(...views));
    const rig = started({ startsAt: 1 });
    rig.pass(HOLD + after - 2);
    expect(rig.spent).toEqual([]);
    rig.pass(4);
    expect(rig.spent.length).toBeGreaterThan(0);
  });

  test('the wait is as long as it is told to be, and none for none', () => {
    const closedAfter = (holdFor: number): number => {
      disk = new Disk();
      killed((rig) => rig.view({ page: 'A' }));
      const rig = started({ startsAt: 100, holdFor: holdFor * SECOND });
      rig.view({ session: 't', page: 'X' });
      while (rig.spent.length === 0) {
        rig.view({ session: 't', page: `${rig.now}` });
        rig.pass(1);
      }
      return rig.now;
    };
    expect(closedAfter(0)).toBeLessThanOrEqual(2);
    expect(closedAfter(100)).toBeGreaterThanOrEqual(100);
    expect(closedAfter(100)).toBeLessThanOrEqual(102);
  });

  test('the wait counts from when the source is open', () => {
    killed((rig) => rig.view({ page: 'A' }));
    const rig = new Rig({ disk, startsAt: 100 });
    rig.hand.opensAtOnce = false;
    rig.start();
    rig.pass(600);
    rig.hand.opened();
    rig.view({ session: 't', page: 'X' });
    rig.pass(HOLD - 1);
    rig.view({ session: 't', page: 'Y' });
    rig.pass(0.5);
    expect(rig.spent).toEqual([]);
    rig.pass(1);
    rig.view({ session: 't', page: 'Z' });
    rig.pass(1);
    expect(rig.spent).toContainEqual(['s', 'A', 60]);
  });

  test('a rebuild amid the wait neither ends it nor begins it anew', () => {
    killed((rig) => rig.view({ page: 'A' }));
    let failures = 1;
    const rig = started({ startsAt: 100, before: ({ body }) => { if (failures > 0 && String(body).includes('"X"')) { failures -= 1; throw new Error('broken'); } } });
    rig.pass(20);
    rig.view({ session: 't', page: 'X' });
    rig.pass(HOLD - 20 - 1);
    expect(rig.builds).toBe(2);
    expect(rig.spent).toEqual([]);
    rig.pass(1);
    rig.view({ session: 't', page: 'Y' });
    rig.pass(1);
    expect(rig.spent).toContainEqual(['s', 'A', 60]);
  });

  test('few messages may be outstanding at first, twice as many after every commit, and never more than else', () => {
    killed((rig) => rig.view({ page: 'A' }));
    const rig = started({ maxOutstandingMessages: 1_000 });
    const limits = [rig.hand.control?.maxOutstandingMessages];
    for (let commits = 0; commits < 5; commits += 1) {
      rig.view({ page: `${commits}` });
      rig.pass(1);
      limits.push(rig.hand.control?.maxOutstandingMessages);
    }
    expect(limits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test('after a park there is no such limit', () => {
    killed((rig) => rig.view({ page: 'A' })).stop$.next('SIGTERM');
    expect(started({ maxOutstandingMessages: 1_000 }).hand.control?.maxOutstandingMessages).toBe(1_000);
  });

  test('a message that was committed and not acked comes again as a duplicate', () => {
    killed((rig) => rig.view({ page: 'A', id: 'a' }, { session: 'never', page: null, id: 'b' }));
    const rig = started({ startsAt: 10 });
    rig.view({ page: 'A', at: 0, id: 'a' }, { session: 'never', page: null, at: 0, id: 'b' });
    rig.pass(1);
    expect(rig.lastReport?.counts).toMatchObject({ received: 4, duplicates: 2, held: 1, deadLetters: { invalid: 1 } });
    expect(rig.sink.deadLetters).toEqual([]);
    expect(rig.hand.acked).toHaveLength(2);
    expectConserved(rig);
  });

  test('its id does not grow old while the run waits for it, however long that is', () => {
    killed((rig) => rig.view({ page: 'A', id: 'a' }));
    const rig = started({ startsAt: 10, holdFor: 2_000 * SECOND });
    rig.pass(1_990);
    rig.view({ session: 'again', page: 'A', id: 'a' });
    rig.pass(1);
    expect(rig.lastReport?.counts).toMatchObject({ received: 2, duplicates: 1 });
  });

  test('an id whose ack was not confirmed is known for as long as it takes until it comes again and is acked, over any number of runs', () => {
    const first = started();
    first.hand.unconfirmed.add(1);
    first.view({ page: 'A', id: 'a' }, { session: 't', page: 'X', id: 'x' });
    first.pass(1);
    first.view({ page: 'B' });
    first.pass(1);
    const again = { session: 'again', page: 'A', id: 'a' };
    const counted = (rig: Rig, ...views: readonly Partial<View>[]) => {
      rig.pass(HOLD + 700);
      const before = rig.lastReport?.counts.duplicates ?? 0;
      rig.view(...views);
      rig.pass(2);
      return (rig.lastReport?.counts.duplicates ?? 0) - before;
    };
    const second = started({ startsAt: 10 });
    expect(counted(second, { session: 'v', page: 'V' }, { session: 'again', page: 'X', id: 'x' })).toBe(0);
    const third = started({ startsAt: 20 });
    third.view({ session: 'w', page: 'W' });
    third.pass(1);
    expect(counted(third, again)).toBe(1);
    expect(counted(third, again)).toBe(0);
  });
});

describe('task time', () => {
  test('goes on from where it stood, and stood still while there was no run', () => {
    const disk = new Disk();
    const first = new Rig({ disk }).start();
    first.view({ page: 'A' }, { page: 'B', at: 5 });
    first.pass(20);
    first.stop$.next('SIGTERM');
    const stoodAt = first.epochs.at(-1)!.delta.taskTime;
    const second = new Rig({ disk, startsAt: 86_400 }).start();
    second.pass(9.5);
    expect(second.spent).toEqual([]);
    second.pass(1.5);
    expect(second.spent).toEqual([['s', 'A', 5]]);
    expect(second.epochs[0]!.delta.taskTime - stoodAt).toBeGreaterThanOrEqual(10 * SECOND);
    expect(second.epochs[0]!.delta.taskTime - stoodAt).toBeLessThanOrEqual(11 * SECOND);
    expect(second.sink.results[0]?.processingTime).toBeGreaterThanOrEqual(stoodAt + 86_000 * SECOND);
  });
});
