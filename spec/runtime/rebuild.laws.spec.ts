import * as fc from 'fast-check';
import type { View } from '../pipeline/play.js';
import { pageResults } from '../support/results.js';
import { Rig, expectConserved, type RigOptions } from './rig.js';
import { told, views } from './traffic.js';

/** Counts its calls, and throws at one of them, from 0. */
const caller = (throwsAt?: number) => {
  const caller = {
    calls: 0,
    call: (): void => {
      caller.calls += 1;
      if (caller.calls - 1 === throwsAt) throw new Error('once');
    },
  };
  return caller;
};

/** Somewhere between the first call and the last: where among them, and whether before the pipeline or after it. */
const point = fc.record({ share: fc.double({ min: 0, max: 0.999, noNaN: true }), where: fc.constantFrom('before' as const, 'after' as const) });

/** What comes out undisturbed, and what comes out with a throw. */
const bothWays = <T>({ share, where }: { share: number; where: 'before' | 'after' }, go: (options: RigOptions) => { readonly rig: Rig; readonly outcome: T }): readonly [T, T] => {
  const counting = caller();
  const undisturbed = go({ [where]: counting.call }).outcome;
  const { rig, outcome } = go({ [where]: caller(Math.floor(share * counting.calls)).call });
  expect(rig.builds).toBe(counting.calls === 0 ? 1 : 2);
  return [undisturbed, outcome];
};

/** Plays a recording message by message, with so many seconds of real time after each. */
const record = (sent: readonly View[], pauses: readonly number[], options: RigOptions) => {
  const rig = new Rig({ ...options, clock: 'recorded' }).start();
  sent.forEach((view, n) => {
    rig.view(view);
    rig.pass(pauses[n] ?? 0);
  });
  rig.hand.end();
  rig.pass(5);
  expect(rig.outcome).toBe('complete');
  expectConserved(rig);
  return {
    rig,
    outcome: {
      results: pageResults(rig.sink.results).map(told),
      deadLetters: rig.sink.deadLetters.map(({ reason, message, lateness }) => ({ reason, receipt: message.receipt, lateness })),
      counts: rig.lastReport?.counts,
      acked: rig.hand.acked.map(({ receipt }) => receipt),
    },
  };
};

/** A counterexample is worth more than the minutes that it takes to make it small. */
const runs = (numRuns: number) => ({ numRuns, endOnFailure: true });

const pauses = fc.array(fc.constantFrom(0, 0, 0.05, 0.4, 1, 3), { maxLength: 40 });

describe('laws of the rebuild', () => {
  test('on the recorded clock a throw at any point changes nothing that comes out: early panes, historic closings, revisions and refusals', () => {
    fc.assert(
      fc.property(views, pauses, point, (sent, waits, at) => {
        const [undisturbed, disturbed] = bothWays(at, (options) => record(sent, waits, options));
        expect(disturbed).toEqual(undisturbed);
      }),
      runs(100),
    );
  });

  test('on the recorded clock it does not matter how the messages are cut into deliveries and epochs', () => {
    fc.assert(
      fc.property(views, pauses, pauses, (sent, some, others) => {
        expect(record(sent, some, {}).outcome).toEqual(record(sent, others, {}).outcome);
      }),
      runs(100),
    );
  });

  test('on the system clock a throw at any point leaves the same last revision of every result, and the same refusals', () => {
    // Task time stands still for the rebuild, so idle ticks would come at other messages: without them no refusal depends on a second more or less.
    const rules = { windows: { idleTimeout: Infinity, historicTimeout: 125_000, closedSessionMemory: 605_000 } };
    const live = (sent: readonly View[], options: RigOptions) => {
      const rig = new Rig({ ...options, rules }).start();
      sent.forEach((view, n) => {
        // Messages come every ten seconds, timers end five seconds beside them; ids would be forgotten just as one comes.
        rig.pass(Math.max(0, Math.ceil((view.published ?? 0) / 10) * 10 - rig.now));
        rig.view({ ...view, id: `${n}` });
      });
      rig.pass(300);
      rig.hand.end();
      rig.pass(5);
      expect(rig.outcome).toBe('complete');
      expectConserved(rig);
      const last = new Map(pageResults(rig.sink.results).map(told).map(({ key, value, historic }) => [`${key} ${value.page} ${value.entry} ${historic}`, value.timeSpent]));
      return { rig, outcome: { last, deadLetters: rig.sink.deadLetters.map(({ reason, message: { receipt } }) => `${reason} ${receipt}`), counts: rig.lastReport?.counts } };
    };
    fc.assert(
      fc.property(views, point, (sent, at) => {
        const [undisturbed, disturbed] = bothWays(at, (options) => live(sent, options));
        expect(disturbed).toEqual(undisturbed);
      }),
      runs(60),
    );
  });
});
