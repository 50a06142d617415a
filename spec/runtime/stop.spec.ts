import { Rig, expectConserved } from './rig.js';

describe('a stop', () => {
  test('closes what is open, flagged as drained, commits, acks and completes', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' }, { page: 'B', at: 5 }, { session: 'old', page: 'X', at: -1_000 });
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('complete');
    expect(rig.spent).toEqual([['old', 'X', 60], ['s', 'A', 5], ['s', 'B', 60]]);
    expect(rig.sink.results.map(({ emitted: { pane } }) => [pane.forced, pane.isLast])).toEqual([['drain', true], ['drain', true], ['drain', true]]);
    expect(rig.hand.acked).toHaveLength(3);
    expect(rig.lastReport?.counts).toMatchObject({ received: 3, closed: 3, held: 0 });
    expectConserved(rig);
  });

  test('during a pending commit: that one first, then what was collected since, and the drained sessions', () => {
    const rig = new Rig().start();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B', at: 5 });
    rig.stop$.next('SIGTERM');
    rig.pass(30);
    expect(rig.outcome).toBe('running');
    expect(rig.hand.acked).toEqual([]);
    rig.sink.release();
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'cut 2', 'ack 1']);
    expect(rig.outcome).toBe('running');
    rig.sink.release();
    expect(rig.journal.slice(4)).toEqual(['commit 2', 'ack 2']);
    expect(rig.outcome).toBe('complete');
    expect(rig.spent).toEqual([['s', 'A', 5], ['s', 'B', 60]]);
  });

  test('with more delivered than one epoch takes: all of it is processed before anything is drained', () => {
    const rig = new Rig().start();
    rig.sink.stalled = true;
    rig.hand.deliver(Array.from({ length: 25_000 }, (_, n) => rig.message({ session: `s${n}`, page: 'A' })));
    rig.stop$.next('SIGTERM');
    rig.sink.flow();
    rig.pass(0.05);
    expect(rig.outcome).toBe('complete');
    expect(rig.hand.acked).toHaveLength(25_000);
    expect(rig.sink.results.filter(({ emitted }) => emitted.pane.forced === 'drain')).toHaveLength(25_000);
  });

  test('while commits fail: the last epoch is not given up', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' });
    rig.sink.failures.push(new Error('away'), new Error('away'));
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('running');
    rig.pass(1);
    expect(rig.outcome).toBe('complete');
    expect(rig.spent).toEqual([['s', 'A', 60]]);
  });

  test('before anything has arrived completes at once', () => {
    const rig = new Rig().start();
    rig.stop$.next('SIGTERM');
    expect(rig.outcome).toBe('complete');
    expect(rig.sink.attempts).toEqual([]);
    expect(rig.lastReport).toMatchObject({ epochs: 0, results: 0, counts: { received: 0 } });
  });

  test('no early pane and no idle close comes after the drain', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.pass(1);
    rig.sink.stalled = true;
    rig.stop$.next('SIGTERM');
    rig.pass(600);
    rig.sink.flow();
    expect(rig.outcome).toBe('complete');
    expect(rig.sink.results.every(({ emitted }) => emitted.pane.forced === 'drain')).toBe(true);
  });

  test('leaves no timer behind', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' });
    rig.pass(1);
    expect(rig.isIdle).toBe(false);
    rig.stop$.next('SIGTERM');
    expect(rig.isIdle).toBe(true);
    expect(rig.hand.closed).toBe(true);
  });
});

describe('the end of the input', () => {
  test('closes everything ON_TIME, historic sessions too', () => {
    const rig = new Rig().start();
    rig.pass(100);
    rig.view({ page: 'A' }, { session: 'old', page: 'X', at: -1_000 });
    rig.hand.end();
    expect(rig.outcome).toBe('complete');
    expect(rig.sink.results.map(({ emitted: { key, pane } }) => [key, pane.timing, pane.forced, pane.historic])).toEqual([
      ['old', 'ON_TIME', false, true], ['s', 'ON_TIME', false, false],
    ]);
    expect(rig.lastReport).toMatchObject({ watermark: Infinity, counts: { held: 0, closed: 2 } });
    expectConserved(rig);
  });

  test('of an empty input completes', () => {
    const rig = new Rig().start();
    rig.hand.end();
    expect(rig.outcome).toBe('complete');
    expect(rig.sink.attempts).toEqual([]);
  });

  test('a stop after it changes nothing', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' });
    rig.sink.stalled = true;
    rig.hand.end();
    rig.stop$.next('SIGTERM');
    rig.sink.flow();
    expect(rig.outcome).toBe('complete');
    expect(rig.sink.results[0]?.emitted.pane).toMatchObject({ timing: 'ON_TIME', forced: false });
  });
});
