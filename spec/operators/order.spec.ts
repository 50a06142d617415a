import { merge, NEVER, pipe, type OperatorFunction } from 'rxjs';
import { assignWatermarks, branch, earlyTrigger, type AssignWatermarksOptions, type Millis } from '../../operators/index.js';
import { Drive, HandClock } from './drive.js';
import { diagram, marbles } from './marbles.js';
import { el, sessions, triggered, windows, type Input, type Options } from './sessions.js';
import { changed, closed, early, hit, late, pane, watermark, type Hit } from './values.js';

const old = watermark(1_000);
const a = hit('/', 10);

/** What the whole chain does with hits. */
const chain = (options: Options & Pick<AssignWatermarksOptions<Hit>, 'maxOutOfOrderness' | 'idleTimeout'> & { readonly every: Millis }): OperatorFunction<Hit, unknown> => {
  const { maxOutOfOrderness, idleTimeout, every, ...rest } = options;
  return pipe(
    assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness, ...(idleTimeout !== undefined && { idleTimeout }) }),
    branch('Future', () => undefined),
    windows(rest),
    earlyTrigger({ every }),
  );
};

/** Clock first: all that is due at or before now runs, in one order, before the value that comes now. */
describe('order at one instant', () => {
  test('a historic session that is due closes before a hit that comes at the same time, which is late', diagram({
    operator: sessions({ historicTimeout: 5 }),
    source: 'w-a----b', given: { w: old, a: el('/', 10), b: el('/late', 15) },
    result: 'w-a----(Pl)', expected: { w: old, a: changed(10, 20), P: pane(10, 20, [a], { historic: true }), l: late(hit('/late', 15), 1_000) },
    consumer: '^ 20ms !',
  }));

  test('an early pane that is due does not hold the hit that comes at the same time', diagram({
    operator: triggered(5),
    source: '-a----b-----', given: { a: el('/', 10), b: el('/buy', 15) },
    result: '------A----B', expected: { A: early(10, 20, [a]), B: early(10, 25, [a, hit('/buy', 15)], { index: 1 }) },
  }));

  test('an early pane that is due goes before the on-time pane of the watermark that comes at the same time', diagram({
    operator: triggered(5),
    source: '-a----w-----', given: { a: el('/', 10), w: watermark(20) },
    result: '------(AP1w)', expected: { A: early(10, 20, [a]), P: pane(10, 20, [a], { index: 1 }), 1: closed(10, 20), w: watermark(20) },
  }));

  test('an early pane goes before the historic close that is due with it', diagram({
    operator: triggered(5, { historicTimeout: 5 }),
    source: 'w-a-----', given: { w: old, a: el('/', 10) },
    consumer: '^ 20ms !',
    result: 'w------(AP)', expected: { w: old, A: early(10, 20, [a], { historic: true }), P: pane(10, 20, [a], { historic: true, index: 1 }) },
  }));

  test('also when it is that of a younger session', diagram({
    operator: triggered(5, { historicTimeout: 9 }),
    source: 'w-a--b------', given: { w: old, a: el('/', 10), b: el('/', 10, 'young') },
    consumer: '^-----------!',
    result: 'w------A--BP',
    expected: { w: old, A: early(10, 20, [a], { historic: true }), B: early(10, 20, [hit('/', 10, 'young')], { key: 'young', historic: true }), P: pane(10, 20, [a], { historic: true, index: 1 }) },
  }));

  test('a historic close goes before the end of a memory that is due with it', diagram({
    operator: sessions({ historicTimeout: 6, closedSessionMemory: 3 }),
    source: 'w-a--b-----', given: { w: old, a: el('/', 10), b: el('/', 10, 'young') },
    consumer: '^ 13ms !',
    result: 'w-a--b--P--(Qc)', expected: {
      w: old, a: changed(10, 20), b: changed(10, 20, [], 'young'), P: pane(10, 20, [a], { historic: true }),
      Q: pane(10, 20, [hit('/', 10, 'young')], { key: 'young', historic: true }), c: closed(10, 20),
    },
  }));

  test('an idle tick goes last: first what is due by the clock, then what its watermark closes, then the watermark', marbles(({ cold, expectObservable }) => {
    const source = cold('  (ab)', { a: hit('/', 100_000), b: hit('/', 0, 'old') });
    const consumer = '     ^ 61500ms !';
    const result = '       (w) 60997ms (ABHP1x)';
    const options = { gap: 1_000, maxOutOfOrderness: 0, idleTimeout: 60_000, every: 61_000, historicTimeout: 61_000 };

    expectObservable(source.pipe(chain(options)), consumer).toBe(result, {
      w: watermark(100_000), x: watermark(101_000),
      A: early(100_000, 101_000, [hit('/', 100_000)]), B: early(0, 1_000, [hit('/', 0, 'old')], { key: 'old', historic: true }),
      H: pane(0, 1_000, [hit('/', 0, 'old')], { key: 'old', historic: true, index: 1 }), P: pane(100_000, 101_000, [hit('/', 100_000)], { index: 1 }), 1: closed(100_000, 101_000),
    });
  }));

  test('what is due at one instant in one rank goes oldest first', diagram({
    operator: sessions({ historicTimeout: 5 }),
    source: 'w-(zay)-', given: { w: old, z: el('/', 30, 'z'), a: el('/', 20, 'a'), y: el('/', 10, 'y') },
    consumer: '^ 20ms !',
    result: 'w-(zay)(ZAY)', expected: {
      w: old, z: changed(30, 40, [], 'z'), a: changed(20, 30, [], 'a'), y: changed(10, 20, [], 'y'),
      Z: pane(30, 40, [hit('/', 30, 'z')], { key: 'z', historic: true }), A: pane(20, 30, [hit('/', 20, 'a')], { key: 'a', historic: true }), Y: pane(10, 20, [hit('/', 10, 'y')], { key: 'y', historic: true }),
    },
  }));

  test('a process that was busy past several due times makes up for them in the order of their times', () => {
    const clock = new HandClock();
    const drive = new Drive<Input, unknown>((scheduler) => triggered(30, { scheduler, historicTimeout: 20 }), clock);
    drive.send(old, el('/', 10, 'closes at 20')).advanceTo(5);
    drive.send(el('/', 2_000, 'early at 35')).advanceTo(8);
    drive.send(el('/', 10, 'closes at 28'));
    drive.taken();

    clock.jumpTo(100);
    drive.send(el('/', 3_000, 'now'));
    expect(drive.taken()).toStrictEqual([
      pane(10, 20, [hit('/', 10, 'closes at 20')], { key: 'closes at 20', historic: true }),
      pane(10, 20, [hit('/', 10, 'closes at 28')], { key: 'closes at 28', historic: true }),
      early(2_000, 2_010, [hit('/', 2_000, 'early at 35')], { key: 'early at 35' }),
    ]);
  });

  test('two streams on one scheduler do not share their state', marbles(({ cold, expectObservable }) => {
    const one = cold('a-----w', { a: el('/', 10), w: watermark(20) });
    const two = cold('---b', { b: el('/', 30) });
    const result = ' -----A(P1w)';

    expectObservable(merge(one, NEVER).pipe(triggered(5)), '^ 20ms !').toBe(result, { A: early(10, 20, [a]), P: pane(10, 20, [a], { index: 1 }), 1: closed(10, 20), w: watermark(20) });
    expectObservable(merge(two, NEVER).pipe(triggered(5)), '^ 20ms !').toBe('--------B', { B: early(30, 40, [hit('/', 30)]) });
  }));
});
