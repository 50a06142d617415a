import * as fc from 'fast-check';
import { lastValueFrom, of } from 'rxjs';
import { FAULT_NAMES } from '../../src/simulate/faults.js';
import { scenarioOf, type Scenario } from '../../src/simulate/scenario.js';
import { shrunk } from '../../src/simulate/shrink.js';
import { MUTANTS, plant } from './mutants.js';
import { told } from './told.js';

jest.setTimeout(120_000);

const namesOf = ({ messages, faults }: Scenario): string[] => [...messages.map(({ n }) => `m${n}`), ...faults.map(({ n }) => `f${n}`)];

test('law: of a scenario only that is left without which it does not fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), async (seed, picks) => {
      const scenario = scenarioOf(seed, FAULT_NAMES);
      const all = namesOf(scenario);
      const needed = new Set(picks.map((pick) => all[pick % all.length]));
      const left = await lastValueFrom(shrunk(scenario, (smaller) => of([...needed].every((name) => namesOf(smaller).includes(name ?? '')))));
      expect(new Set(namesOf(left))).toEqual(needed);
    }),
    { numRuns: 50 },
  );
});

test('a failure names its seed, the least that brings it about, and a command that brings it about again, until the fault is mended', async () => {
  const mutant = MUTANTS.find(({ fault }) => fault === 'messages are acked before the commit');
  if (!mutant) throw new Error('the fault is not in the list any more');
  let first = '';
  let again = '';
  const keepIn = (text: string): string[] => (/--keep (\S+) --trace/.exec(text)?.[1] ?? '').split(',');
  const seedIn = (text: string): number => Number(/FAILED at seed (\d+):/.exec(text)?.[1]);
  await jest.isolateModulesAsync(async () => {
    const takeOut = plant(mutant);
    const { told: toldWithFault } = await import('./told.js');
    ({ text: first } = await toldWithFault({ seed: 1, seeds: 1_000, faults: FAULT_NAMES }));
    ({ text: again } = await toldWithFault({ seed: seedIn(first), seeds: 1, faults: FAULT_NAMES, keep: keepIn(first) }));
    takeOut();
  });
  const whole = namesOf(scenarioOf(seedIn(first), FAULT_NAMES));
  expect(keepIn(first).length).toBeLessThan(whole.length / 4);
  expect(seedIn(again)).toBe(seedIn(first));

  const mended = await told({ seed: seedIn(first), seeds: 1, faults: FAULT_NAMES, keep: keepIn(first) });
  expect(mended).toMatchObject({ failure: undefined });
  expect(mended.text).toContain('PASSED');
});
