import * as fc from 'fast-check';
import { MissingPublishTime, recordedClock, systemClock, type Standstill } from '../../src/runtime/taskClock.js';
import { messageOf, T0 } from '../pipeline/play.js';
import { Rig, expectConserved } from './rig.js';

const HOUR = 3_600_000;

describe('task time', () => {
  test('goes with the monotonic clock, and stands still while there is any reason to', () => {
    let monotonic = 0;
    const clock = systemClock(() => T0, () => monotonic);
    const after = (milliseconds: number): number => {
      monotonic += milliseconds;
      return clock.now() - T0;
    };
    expect(after(10)).toBe(10);
    clock.stop('disconnected');
    clock.stop('stalled');
    expect(after(10)).toBe(10);
    clock.go('disconnected');
    clock.go('disconnected');
    expect(after(10)).toBe(10);
    clock.go('stalled');
    expect(after(10)).toBe(20);
  });

  test('law: it has passed exactly the time in which there was no reason to stand still, whenever it is looked at', () => {
    const reasons = fc.constantFrom<Standstill>('disconnected', 'rebuilding', 'stalled');
    const step = fc.record({ wait: fc.nat(1_000), act: fc.constantFrom('stop' as const, 'go' as const, 'look' as const), reason: reasons });
    fc.assert(fc.property(fc.array(step), (steps) => {
      let monotonic = 0;
      let expected = T0;
      const clock = systemClock(() => T0, () => monotonic);
      const standing = new Set<Standstill>();
      for (const { wait, act, reason } of steps) {
        monotonic += wait;
        if (standing.size === 0) expected += wait;
        if (act === 'look') expect(clock.now()).toBe(expected);
        else clock[act](reason);
        if (act === 'stop') standing.add(reason);
        if (act === 'go') standing.delete(reason);
      }
      expect(clock.now()).toBe(expected);
    }));
  });

  test.each([{ step: HOUR }, { step: -HOUR }])('a calendar that is set by $step ms loses no timer, and none rings twice', ({ step }) => {
    const play = (wallStep: number) => {
      const rig = new Rig().start();
      rig.view({ page: 'A' });
      rig.pass(5);
      rig.view({ page: 'B' });
      rig.view({ session: 'old', page: 'X', at: -500 });
      rig.pass(5);
      rig.wallStep = wallStep;
      rig.pass(600);
      expectConserved(rig);
      return { spent: rig.spent, epochs: rig.epochs.map(({ delta }) => delta.taskTime), watermark: rig.lastReport?.watermark };
    };
    expect(play(step)).toEqual(play(0));
    expect(play(step).spent).toEqual([['s', 'A', 5], ['old', 'X', 60], ['s', 'B', 60]]);
  });

  test('only what says when a result was made follows the calendar', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.pass(10);
    rig.wallStep = -HOUR;
    rig.pass(25);
    expect(rig.sink.results.map(({ processingTime }) => processingTime)).toEqual([T0 + 30_000 - HOUR]);
  });

  test('what has to be done again is done at the time at which it was done', () => {
    let monotonic = 0;
    const clock = systemClock(() => T0, () => monotonic);
    monotonic = 500;
    clock.goOnFrom(T0 + 200);
    expect(clock.now()).toBe(T0 + 200);
    monotonic = 600;
    expect(clock.now()).toBe(T0 + 300);
  });
});

describe('the recorded clock', () => {
  test('says the greatest publish time so far, and never goes back', () => {
    const clock = recordedClock();
    const times = [5, 3, 9, 7].map((published) => {
      clock.observe(messageOf({ at: 0, published }));
      return (clock.now() - T0) / 1_000;
    });
    expect(times).toEqual([5, 5, 9, 9]);
    expect(clock.wall(17)).toBe(17);
  });

  test('does not stand still for what happens to the player', () => {
    const clock = recordedClock();
    clock.stop('disconnected');
    clock.observe(messageOf({ at: 0, published: 1 }));
    expect(clock.now()).toBe(T0 + 1_000);
  });

  test('a message that does not say when it was published is an error, which names the line', () => {
    const clock = recordedClock();
    const message = { ...messageOf({ at: 0 }), publishTime: undefined, receipt: 17 };
    expect(() => clock.observe(message)).toThrow(new MissingPublishTime(17));
    expect(new MissingPublishTime(17)).toMatchObject({ fatal: true, message: expect.stringContaining('line 17') });
  });

  test('in the middle of a run the error ends it, also when the message waited for a commit', () => {
    const rig = new Rig({ clock: 'recorded' }).start();
    rig.sink.stalled = true;
    rig.hand.deliver(Array.from({ length: 20_000 }, (_, n) => rig.message({ session: `s${n}`, page: 'A' })));
    rig.hand.deliver([{ ...rig.message({ page: 'A' }), publishTime: undefined }]);
    expect(rig.outcome).toBe('running');
    rig.sink.flow();
    expect(rig.outcome).toEqual({ error: new MissingPublishTime(20_001) });
  });
});
