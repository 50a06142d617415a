import * as fc from 'fast-check';
import { mergeMap, pipe, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { assignWatermarks, branch, dedupeEmitted, earlyTrigger, sessionWindow, type AssignWatermarksOptions } from '../../operators/index.js';
import { timesSpent, type Spent } from '../laws/chain.js';
import { Drive } from './drive.js';
import { diagram, marbles } from './marbles.js';
import type { Options } from './sessions.js';
import { hit, hits, type Hit, type Hits } from './values.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type ChainOptions = Omit<Options, 'key' | 'aggregate' | 'state'> & Partial<Omit<AssignWatermarksOptions<Hit>, 'state' | 'scheduler'>> & { readonly scheduler?: SchedulerLike };

/** Time on page in production's measures, told in words: who reads a result sees page, seconds, revision and timing. */
const timeOnPage = ({ maxOutOfOrderness = 10 * SECOND, idleTimeout, maxFutureSkew, wallClock, idleResets, scheduler, ...rules }: ChainOptions = {}): OperatorFunction<Hit, string> =>
  pipe(
    assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness, idleTimeout, maxFutureSkew, wallClock, idleResets, scheduler }),
    branch('Future', () => undefined),
    sessionWindow<string, Hit, Hits>({ key: (it) => it.key, gap: MINUTE, aggregate: hits, scheduler, ...rules }),
    earlyTrigger({ every: 30 * SECOND, scheduler }),
    dedupeEmitted({ results: timesSpent, identity: ({ page, at }: Spent) => `${page} ${at}`, same: (a, b) => a.spent === b.spent }),
    mergeMap((it) => {
      if (it._tag === 'Late') return [`late ${it.value.page}`];
      return it._tag === 'Emitted' ? [`${it.value.page} ${it.value.spent / SECOND}s #${it.revision} ${it.pane.timing}`] : [];
    }),
  );

/** What is told of hits that come at once, one after the other. */
const told = (input: readonly Hit[], options: ChainOptions = {}): string[] => {
  const drive = new Drive((scheduler) => timeOnPage({ scheduler, ...options }));
  return drive.send(...input).complete().taken();
};

const a = hit('/', 0);
const b = hit('/buy', 20 * SECOND);
const c = hit('/look', 10 * SECOND);

/** What went wrong with other engines, and must not with this one. */
describe('pitfalls', () => {
  test('two hits exactly one gap apart are two sessions', () => {
    expect(told([a, hit('/next', MINUTE)])).toStrictEqual(['/ 60s #0 ON_TIME', '/next 60s #0 ON_TIME']);
    expect(told([a, hit('/next', MINUTE - 1)])).toStrictEqual(['/ 59.999s #0 ON_TIME', '/next 60s #0 ON_TIME']);
  });

  test('a late hit that bridges two sessions already told gives revisions of their results, under the same identities', () => {
    const [first, bridge, second, clock] = [a, hit('/bridge', 45 * SECOND), hit('/second', 90 * SECOND), hit('/', 200 * SECOND, 'another')];

    expect(told([first, second, clock, bridge], { maxOutOfOrderness: 0, allowedLateness: 10 * MINUTE })).toStrictEqual([
      '/ 60s #0 ON_TIME', '/second 60s #0 ON_TIME', '/ 45s #1 LATE', '/bridge 45s #0 LATE', '/ 60s #0 ON_TIME',
    ]);
  });

  test('one event dated 2099 changes nothing for the others', () => {
    const others = [a, b, hit('/', 3 * MINUTE), c, hit('/pay', 4 * MINUTE)];
    const doomsday = hit('/', Date.UTC(2099, 0));
    const options = { maxFutureSkew: 5 * MINUTE, wallClock: () => 5 * MINUTE };

    expect(told([a, doomsday, ...others.slice(1)], options)).toStrictEqual(told(others, options));
  });

  test('the last session of the day closes without a further event: idle timeout, disorder and gap after its last one', diagram({
    operator: timeOnPage({ idleTimeout: MINUTE }),
    source: '  a', given: { a },
    consumer: '^ 200s !',
    result: '  130s p', expected: { p: '/ 60s #0 ON_TIME' },
  }));

  test('silence is no idleness while the source comes and goes', marbles(({ cold, expectObservable }) => {
    const source = cold('         a', { a });
    const opened = cold('         59s o 58s o', { o: 'a stream was opened' }); // at 59 and 117.001 s
    const consumer = '            ^ 300s !';
    const result = '              247001ms p'; // 117.001 + 130 s; nothing at 130 s

    expectObservable(source.pipe(timeOnPage({ idleTimeout: MINUTE, idleResets: opened })), consumer).toBe(result, { p: '/ 60s #0 ON_TIME' });
  }));

  test('early results come once per change, and the last page\'s time when it is known', diagram({
    operator: timeOnPage(),
    source: '  a 19999ms b 29999ms c 39999ms |', given: { a, b, c }, // early panes at 30 s and, c being new, at 80 s
    result: '  30s p 49999ms (qr) 9996ms (s|)', expected: { p: '/ 20s #0 EARLY', q: '/ 10s #1 EARLY', r: '/look 10s #0 EARLY', s: '/buy 60s #0 ON_TIME' },
  }));

  test('a clock that leaps an hour forward loses no timer and fires none twice', () => {
    const drive = new Drive((scheduler) => timeOnPage({ scheduler, idleTimeout: MINUTE }));
    drive.send(a, b).clock.jumpTo(HOUR);

    expect(drive.send(hit('/next day', HOUR)).taken()).toStrictEqual(['/ 20s #0 EARLY', '/buy 60s #0 ON_TIME']);
    expect(drive.advanceTo(2 * HOUR).taken()).toStrictEqual(['/next day 60s #0 ON_TIME']);
  });

  test('hits at the same time give the same results in any order of arrival', () => {
    const [x, y, z] = [hit('/x', 5), hit('/y', 5), hit('/z', 5)];
    const orders = [[x, y, z], [x, z, y], [y, x, z], [y, z, x], [z, x, y], [z, y, x]];

    expect(new Set(orders.map((order) => told(order).join()))).toStrictEqual(new Set(['/x 0s #0 ON_TIME,/y 0s #0 ON_TIME,/z 60s #0 ON_TIME']));
  });

  test('no time on a page is negative, or no number, whatever fractions of a millisecond come', () => {
    const times = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 20 });
    fc.assert(fc.property(times, (all) => {
      const seconds = told(all.map((at) => hit('/', at))).map((line) => Number(/^\S+ (\S+)s/.exec(line)?.[1] ?? 0));

      expect(seconds.filter((it) => !(it >= 0 && it < 60.001))).toStrictEqual([]);
    }));
  });

  test('45.5 seconds are 45.5 seconds', () => {
    expect(told([a, hit('/next', 45_500)])).toStrictEqual(['/ 45.5s #0 ON_TIME', '/next 60s #0 ON_TIME']);
  });

  test('the revision tells a consumer that a provisional time has changed', () => {
    const drive = new Drive((scheduler) => timeOnPage({ scheduler }));
    expect(drive.send(a, b).advanceTo(30 * SECOND).taken()).toStrictEqual(['/ 20s #0 EARLY']);

    expect(drive.send(c).advanceTo(60 * SECOND).taken()).toStrictEqual(['/ 10s #1 EARLY', '/look 10s #0 EARLY']);
  });
});
