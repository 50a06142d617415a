import * as fc from 'fast-check';
import { pipe } from 'rxjs';
import { afterProcessingTime, afterWatermark, earlyTrigger, repeatedly, type Changed } from '../../operators/index.js';
import { aligned, fixed, sliding, type AlignedOptions, type AlignedOutput } from '../operators/aligned.js';
import { Drive } from '../operators/drive.js';
import type { Input } from '../operators/sessions.js';
import { element, plain, watermark, type Hits } from '../operators/values.js';
import { NaiveWindows } from './naiveWindows.js';
import { steps, type Step } from './steps.js';
import { someTrigger } from './triggerRules.js';

const RUNS = 300;

/** Windows that follow upon each other, overlap by half, by parts that do not fit, or begin every millisecond. */
const grids = fc.constantFrom({ size: 10, every: 10 }, { size: 10, every: 5 }, { size: 10, every: 4 }, { size: 3, every: 1 }, { size: 30, every: 30 });

export const windowRules = fc.record({
  grid: grids,
  offset: fc.constantFrom(0, 3, -7),
  allowedLateness: fc.constantFrom(0, 5, 15),
  accumulation: fc.constantFrom('ACCUMULATING' as const, 'DISCARDING' as const),
  trigger: someTrigger,
}).map(({ grid, ...rest }) => ({ ...grid, ...rest }));

/** Plays a stream to both and compares, step by step, what it brings. */
const play = (played: readonly Step[], naive: NaiveWindows, real: Drive<Input, AlignedOutput>): void => {
  for (const step of played) {
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
      case 'draw':
        break;
    }
    expect({ step, out: real.taken() }).toStrictEqual({ step, out: naive.taken() });
  }
};

describe('fixedWindow and slidingWindow agree with their oracle, output by output, on any stream under any rules and trigger', () => {
  test('and at the end of the stream, or when it is drained', () => {
    fc.assert(fc.property(windowRules, steps(), fc.boolean(), (options, played, isDrain) => {
      const naive = new NaiveWindows(options);
      const real = new Drive<Input, AlignedOutput>((scheduler) => aligned({ ...options, scheduler }));
      play(played, naive, real);
      if (isDrain) naive.drain();
      else {
        naive.watermarkTo(Infinity);
        real.send(watermark(Infinity));
      }
      expect(real.complete().taken()).toStrictEqual(naive.taken());
    }), { numRuns: RUNS });
  });

  test('when panes are drawn by hand', () => {
    fc.assert(fc.property(windowRules, steps({ draws: true }), (options, played) => {
      const { every, ...rest } = { ...options, trigger: undefined };
      const naive = new NaiveWindows({ ...options, trigger: undefined });
      const real = new Drive<Input, Changed<string, Hits> | Exclude<AlignedOutput, { readonly _tag: 'Changed' }>>(() => (every === rest.size ? fixed(rest) : sliding({ ...rest, every })));
      const announced: Changed<string, Hits>[] = [];
      for (const step of played) {
        if (step.kind === 'hit') {
          naive.element(step.value);
          real.send(element(step.value));
        }
        if (step.kind === 'watermark') {
          naive.watermarkTo(step.timestamp);
          real.send(watermark(step.timestamp));
        }
        const out = real.taken();
        for (const it of out) if (it._tag === 'Changed') announced.push(it);
        expect({ step, out: out.map(plain) }).toStrictEqual({ step, out: naive.taken() });
        if (step.kind !== 'draw') continue;
        const open = naive.drawable().at(step.nth);
        const same = announced.findLast((it) => it.key === open?.key && it.window.start === open.window.start);
        if (open) expect({ step, pane: same?.draw() }).toStrictEqual({ step, pane: open.draw() });
      }
    }), { numRuns: RUNS });
  });

  test('earlyTrigger draws the panes that repeated processing time would', () => {
    /** What is due at one instant comes in the order of the deadlines here, of the windows there. */
    const byName = (out: readonly AlignedOutput[]): readonly string[] => out.map((it) => JSON.stringify(it)).sort();
    fc.assert(fc.property(windowRules, fc.constantFrom(3, 8, 25), steps(), (options, delay, played) => {
      const rules: AlignedOptions = { ...options, trigger: afterWatermark({ early: repeatedly(afterProcessingTime(delay)) }) };
      const { every, ...rest } = { ...options, trigger: undefined };
      const one = new Drive<Input, AlignedOutput>((scheduler) => aligned({ ...rules, scheduler }));
      const other = new Drive<Input, AlignedOutput>((scheduler) =>
        pipe(every === rest.size ? fixed({ ...rest, scheduler }) : sliding({ ...rest, every, scheduler }), earlyTrigger({ every: delay, scheduler })));
      for (const step of played) {
        for (const drive of [one, other]) {
          if (step.kind === 'hit') drive.send(element(step.value));
          if (step.kind === 'watermark') drive.send(watermark(step.timestamp));
          if (step.kind === 'wait') drive.advanceTo(drive.clock.now() + step.for);
        }
        expect({ step, out: byName(one.taken()) }).toStrictEqual({ step, out: byName(other.taken()) });
      }
    }), { numRuns: RUNS });
  });
});
