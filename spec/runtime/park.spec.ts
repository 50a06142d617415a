import { pageResults } from '../support/results.js';
import { Disk, Rig, expectConserved } from './rig.js';

describe('a stop of a run whose state outlives it', () => {
  let disk: Disk;
  beforeEach(() => {
    disk = new Disk();
  });
  const started = (options: ConstructorParameters<typeof Rig>[0] = {}): Rig => new Rig({ disk, ...options }).start();

  test('commits and acks what was delivered, closes nothing, and says last of all that it is parked', () => {
    const rig = started();
    rig.view({ page: 'A' }, { page: 'B', at: 5 }, { page: null });
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('complete');
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'ack 1,2,3', 'cut 2', 'commit 2']);
    expect(rig.epochs.map(({ messages, isPark }) => [messages.length, isPark])).toEqual([[3, false], [0, true]]);
    expect(rig.spent).toEqual([]);
    expect(rig.lastReport?.counts).toMatchObject({ received: 3, held: 2, closed: 0, deadLetters: { invalid: 1 } });
    expect(rig.hand.closed).toBe(true);
    expect(rig.isIdle).toBe(true);
    expectConserved(rig);
  });

  test('with nothing to commit is parked all the same', () => {
    const rig = started();
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('complete');
    expect(rig.epochs).toMatchObject([{ number: 1, isPark: true }]);
  });

  test('the next run goes on from there as if there had been none, and waits for nothing', () => {
    const first = started();
    first.view({ page: 'A' }, { session: 't', page: 'X' });
    first.pass(3);
    first.stop$.next('SIGTERM');
    const second = started({ startsAt: 20 });
    second.view({ page: 'B', at: 20 });
    second.hand.end();
    expect(second.logged('holding')).toBe(0);
    expect(second.outcome).toBe('complete');
    expect(second.spent).toEqual([['t', 'X', 60], ['s', 'A', 20], ['s', 'B', 60]]);
    expect(second.epochs[0]?.number).toBe(3);
    expectConserved(second);
  });

  test('with more delivered than one epoch takes: all of it is committed first', () => {
    const rig = started();
    rig.sink.stalled = true;
    rig.hand.deliver(Array.from({ length: 25_000 }, (_, n) => rig.message({ session: `s${n}`, page: 'A' })));
    rig.stop$.next('SIGTERM');
    rig.sink.flow();
    rig.pass(0.05);
    expect(rig.outcome).toBe('complete');
    expect(rig.epochs.map(({ messages, isPark }) => [messages.length, isPark])).toEqual([[10_000, false], [10_000, false], [5_000, false], [0, true]]);
    expect(rig.hand.acked).toHaveLength(25_000);
    expect(rig.spent).toEqual([]);
  });

  test('during a pending commit: that one first, then what was collected since', () => {
    const rig = started();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B', at: 5 });
    rig.stop$.next('SIGTERM');
    rig.pass(3);
    expect(rig.outcome).toBe('running');
    rig.sink.flow();
    expect(rig.outcome).toBe('complete');
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'cut 2', 'ack 1', 'commit 2', 'ack 2', 'cut 3', 'commit 3']);
  });

  test('no early result and no close comes while it is under way', () => {
    const rig = started();
    rig.view({ page: 'A' }, { page: 'B', at: 5 }, { session: 'old', page: 'X', at: -1_000 });
    rig.pass(25);
    rig.sink.stalled = true;
    rig.view({ page: 'C' });
    rig.stop$.next('SIGTERM');
    rig.pass(7);
    rig.sink.flow();
    expect(rig.outcome).toBe('complete');
    expect(rig.spent).toEqual([]);
  });

  test('while the pipeline is being rebuilt: it is built first', () => {
    let failures = 2;
    const rig = started({ before: () => { if (failures > 0) { failures -= 1; throw new Error('broken'); } } });
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    expect(rig.outcome).toBe('running');
    rig.stop$.next('SIGTERM');
    rig.pass(1);
    expect(rig.outcome).toBe('complete');
    expect(rig.epochs.at(-1)?.isPark).toBe(true);
    expect(rig.hand.acked).toHaveLength(2);
  });

  test('with drain closes everything first, flagged, and the next run has nothing to go on with', () => {
    const rig = started({ drain: true });
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('complete');
    expect(pageResults(rig.sink.results).map(({ emitted: { value, pane } }) => [value.page, pane.forced])).toEqual([['A', 'drain'], ['B', 'drain']]);
    expect(rig.epochs.map(({ isPark }) => isPark)).toEqual([false, true]);
    const next = started({ startsAt: 20 });
    next.view({ page: 'C', at: 20 });
    next.hand.end();
    expect(next.logged('holding')).toBe(0);
    expect(next.spent).toEqual([['s', 'C', 60]]);
  });

  test('before the state is restored ends at once, and nothing is opened or written', () => {
    disk.isSilent = true;
    const rig = started();
    rig.pass(1);
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('complete');
    expect(rig.hand.control).toBeUndefined();
    expect(rig.epochs).toEqual([]);
    expect(rig.isIdle).toBe(true);
  });

  test('while commits fail: parks if one succeeds within 8 s', () => {
    const rig = started();
    rig.sink.failures.push(...Array.from({ length: 6 }, () => new Error('away')));
    rig.view({ page: 'A' });
    rig.stop$.next('SIGTERM');
    rig.pass(7);
    expect(rig.outcome).toBe('complete');
    expect(rig.epochs.at(-1)?.isPark).toBe(true);
  });

  test('while commits fail for longer: fails with the reason, having acked nothing, and the next run gets it all again', () => {
    const rig = started();
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.sink.failures.push(...Array.from({ length: 100 }, () => new Error('no broker')));
    rig.view({ page: 'B', at: 5 });
    rig.stop$.next('SIGTERM');
    rig.pass(7.9);
    expect(rig.outcome).toBe('running');
    rig.pass(0.1);
    expect(rig.outcome).toMatchObject({ error: { name: 'NotParked', message: expect.stringContaining('within 8 s: the last commit failed (no broker)') } });
    expect(rig.hand.acked).toHaveLength(1);
    expect(rig.hand.closed).toBe(true);
    expect(rig.isIdle).toBe(true);

    const next = started({ startsAt: 30 });
    expect(next.logged('holding')).toBe(1);
    next.view({ page: 'B', at: 5 });
    next.hand.end();
    expect(next.spent).toEqual([['s', 'A', 5], ['s', 'B', 60]]);
  });

  test.each([
    { name: 'a commit', disturb: (rig: Rig) => (rig.sink.stalled = true) },
    { name: 'an ack', disturb: (rig: Rig) => (rig.hand.isDeaf = true) },
  ])('while $name is never answered: fails after 8 s', ({ disturb }) => {
    const rig = started();
    disturb(rig);
    rig.view({ page: 'A' });
    rig.stop$.next('SIGTERM');
    rig.pass(8);
    expect(rig.outcome).toMatchObject({ error: { name: 'NotParked', message: expect.stringContaining('a commit or an ack has not been answered') } });
  });

  test('while it waits for what a dead run had been given does not end that waiting for the next one', () => {
    started().view({ page: 'A' });
    const second = started();
    second.view({ session: 't', page: 'X' });
    second.pass(5);
    second.stop$.next('SIGTERM');
    expect(second.outcome).toBe('complete');
    expect(second.epochs.map(({ isPark }) => isPark)).toEqual([false]);
    expect(started().logged('holding')).toBe(1);
  });
});

test('a stop of a run in memory takes as long as the output does', () => {
  const rig = new Rig().start();
  rig.sink.stalled = true;
  rig.view({ page: 'A' });
  rig.stop$.next('SIGTERM');
  rig.pass(60);
  expect(rig.outcome).toBe('running');
  rig.sink.flow();
  expect(rig.outcome).toBe('complete');
  expect(rig.epochs.every(({ isPark }) => !isPark)).toBe(true);
});
