import * as fc from 'fast-check';
import type { Changed, Millis, Window } from '../../operators/index.js';
import { Drive } from '../operators/drive.js';
import { triggered, windows, type Input, type Options } from '../operators/sessions.js';
import { element, hit, plain, watermark, type Hits } from '../operators/values.js';
import { NaiveSessions } from './naiveSessions.js';
import { rules, steps, type Step } from './steps.js';

const RUNS = 1_000;

/** What is played to: the operator, or the operators, under test. */
interface Player {
  send(value: Input): unknown;
  advanceTo(time: Millis): unknown;
  /** Takes an early pane of an announced window. */
  draw(key: string, window: Window): unknown;
  taken(): readonly unknown[];
}

const withTrigger = (every: Millis, options: Options): Player => {
  const drive = new Drive<Input, unknown>((scheduler) => triggered(every, { ...options, scheduler }));
  return { send: (value) => drive.send(value), advanceTo: (time) => drive.advanceTo(time), draw: () => undefined, taken: () => drive.taken() };
};

const byHand = (options: Options): Player => {
  const drive = new Drive((scheduler) => windows({ ...options, scheduler }));
  const announced: Changed<string, Hits>[] = [];
  return {
    send: (value) => drive.send(value),
    advanceTo: (time) => drive.advanceTo(time),
    draw: (key, { start, end }) => announced.findLast((it) => it.key === key && it.window.start === start && it.window.end === end)?.draw(),
    taken: () => drive.taken().map((out) => {
      if (out._tag === 'Changed') announced.push(out);
      return plain(out);
    }),
  };
};

/** Plays one step to both and compares what it brought. */
const playStep = (step: Step, naive: NaiveSessions, real: Player): void => {
  const at = Math.max(0, naive.watermark);
  switch (step.kind) {
    case 'hit': {
      const value = hit(step.page, at + step.from, step.key);
      naive.element(value);
      real.send(element(value));
      break;
    }
    case 'watermark':
      naive.watermarkTo(at + step.by);
      real.send(watermark(at + step.by));
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
  expect({ step, out: real.taken() }).toStrictEqual({ step, out: naive.taken() });
};

describe('sessionWindow and its oracle agree, output by output, on any stream under any rules', () => {
  test('when panes are drawn by hand', () => {
    fc.assert(fc.property(rules, steps({ draws: true }), (options, played) => {
      const naive = new NaiveSessions(options);
      const real = byHand(options);
      for (const step of played) playStep(step, naive, real);
    }), { numRuns: RUNS });
  });

  test('when panes are drawn early', () => {
    fc.assert(fc.property(rules, fc.constantFrom(5, 8, 20), steps({ draws: false }), (options, every, played) => {
      const naive = new NaiveSessions(options, every);
      const real = withTrigger(every, options);
      for (const step of played) playStep(step, naive, real);
    }), { numRuns: RUNS });
  });

  test('at the end of the stream', () => {
    fc.assert(fc.property(rules, steps({ draws: false }), (options, played) => {
      const naive = new NaiveSessions(options);
      const real = byHand(options);
      for (const step of played) playStep(step, naive, real);
      naive.watermarkTo(Infinity);
      real.send(watermark(Infinity));

      expect(real.taken()).toStrictEqual(naive.taken());
    }), { numRuns: RUNS });
  });
});
