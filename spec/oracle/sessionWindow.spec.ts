import * as fc from 'fast-check';
import type { Changed, Millis, Window } from '../../operators/index.js';
import { Drive } from '../operators/drive.js';
import { triggered, windows, type Input, type Options, type Output } from '../operators/sessions.js';
import { element, plain, watermark, type Hits } from '../operators/values.js';
import { NaiveSessions } from './naiveSessions.js';
import { rules, steps, type Step } from './steps.js';
import { told } from './told.js';
import { anyTrigger, someTrigger } from './triggerRules.js';

const RUNS = 300;

/** What is played to: the operator, or the operators, under test. */
interface Player {
  send(value: Input): unknown;
  advanceTo(time: Millis): unknown;
  complete(): unknown;
  /** Takes an early pane of an announced window. */
  draw(key: string, window: Window): unknown;
  taken(): readonly Output[];
}

const withTrigger = (every: Millis, options: Options): Player => {
  const drive = new Drive((scheduler) => triggered(every, { ...options, scheduler }));
  return { send: (value) => drive.send(value), advanceTo: (time) => drive.advanceTo(time), complete: () => drive.complete(), draw: () => undefined, taken: () => drive.taken() };
};

const byHand = (options: Options): Player => {
  const drive = new Drive((scheduler) => windows({ ...options, scheduler }));
  const announced: Changed<string, Hits>[] = [];
  return {
    send: (value) => drive.send(value),
    advanceTo: (time) => drive.advanceTo(time), complete: () => drive.complete(),
    draw: (key, { start, end }) => announced.findLast((it) => it.key === key && it.window.start === start && it.window.end === end)?.draw(),
    taken: () => drive.taken().map((out) => {
      if (out._tag === 'Changed') announced.push(out);
      return plain(out);
    }),
  };
};

/** Plays a stream to both and compares, step by step, what it brings. */
const play = (steps: readonly Step[], naive: NaiveSessions, real: Player): void => {
  const [expected, actual] = [new Set<string>(), new Set<string>()];
  for (const step of steps) {
    switch (step.kind) {
      case 'hit':
        naive.element(step.value);
        real.send(element(step.value));
        break;
      case 'watermark':
        naive.watermarkTo(step.timestamp);
        real.send(watermark(step.timestamp));
        break;
      case 'wait':
        naive.advanceTo(naive.now + step.for);
        real.advanceTo(naive.now);
        break;
      case 'draw': {
        const open = naive.drawable().at(step.nth);
        if (open) expect({ step, pane: real.draw(open.key, open.window) }).toStrictEqual({ step, pane: open.draw() });
        break;
      }
    }
    expect({ step, told: told(real.taken(), actual) }).toStrictEqual({ step, told: told(naive.taken(), expected) });
  }
};

describe('sessionWindow and its oracle agree, output by output, on any stream under any rules', () => {
  test('when panes are drawn by hand', () => {
    fc.assert(fc.property(rules, steps({ draws: true }), (options, played) => {
      play(played, new NaiveSessions(options), byHand(options));
    }), { numRuns: RUNS });
  });

  test('when panes are drawn early', () => {
    fc.assert(fc.property(rules, fc.constantFrom(5, 8, 20), steps(), (options, every, played) => {
      play(played, new NaiveSessions(options, every), withTrigger(every, options));
    }), { numRuns: RUNS });
  });

  test('when a trigger draws', () => {
    fc.assert(fc.property(rules, anyTrigger, steps(), (options, trigger, played) => {
      play(played, new NaiveSessions(options, Infinity, trigger), byHand({ ...options, trigger }));
    }), { numRuns: 2 * RUNS });
  });

  test('when a key closes more sessions than it remembers one by one', () => {
    const remembering = rules.map((all) => ({ ...all, closedSessionMemory: 1_000_000, maxSessionEvents: 10_000, maxSessionDuration: 1_000_000 }));
    fc.assert(fc.property(remembering, steps({ maxLength: 400 }), (options, played) => {
      play(played, new NaiveSessions(options), byHand(options));
    }), { numRuns: RUNS / 10 });
  });

  test('at the end of the stream, and when it is drained', () => {
    fc.assert(fc.property(rules, someTrigger, steps(), fc.boolean(), (options, trigger, played, isDrain) => {
      const naive = new NaiveSessions(options, Infinity, trigger);
      const real = byHand({ ...options, trigger });
      play(played, naive, real);
      if (isDrain) {
        naive.drain();
        real.complete();
      } else {
        naive.watermarkTo(Infinity);
        real.send(watermark(Infinity));
      }
      const panes = (out: readonly Output[]): unknown => out.filter((it) => it._tag !== 'Closed');

      expect(panes(real.taken())).toStrictEqual(panes(naive.taken()));
    }), { numRuns: RUNS });
  });
});
