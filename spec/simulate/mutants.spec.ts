import { MUTANTS, plant, type Mutant } from './mutants.js';

const MOST_SEEDS = 1_000;

jest.setTimeout(600_000);

/** The first seed at which the simulation fails with the mutant in the program. */
const foundAt = async (mutant: Mutant): Promise<{ readonly seed: number; readonly failure: string | undefined }> => {
  let found: { readonly seed: number; readonly failure: string | undefined } = { seed: NaN, failure: undefined };
  await jest.isolateModulesAsync(async () => {
    const takeOut = plant(mutant);
    const { lastValueFrom } = await import('rxjs');
    const { FAULT_NAMES } = await import('../../src/simulate/faults.js');
    const { scenarioOf } = await import('../../src/simulate/scenario.js');
    const { simulatedConfig } = await import('../../src/simulate/simulatedConfig.js');
    const { lived } = await import('../../src/simulate/world.js');
    const config = simulatedConfig();
    for (let seed = 1; seed <= MOST_SEEDS && found.failure === undefined; seed += 1) {
      const { failures: [failure] } = await lastValueFrom(lived(scenarioOf(seed, FAULT_NAMES), config));
      found = { seed, failure };
    }
    takeOut();
  });
  return found;
};

describe(`within ${MOST_SEEDS} seeds the simulation finds that`, () => {
  test.each(MUTANTS)('$fault', async (mutant) => {
    const { seed, failure } = await foundAt(mutant);
    process.stdout.write(`${mutant.fault}: seed ${seed}: ${failure?.slice(0, 200) ?? 'not found'}\n`);
    expect(failure).toBeDefined();
  });
});

test('a fault whose line is not there any more is not planted in silence', () => {
  expect(() => plant({ fault: 'none', file: 'runtime/task', line: 'this is no line of it', instead: '' })).toThrow('runtime/task.ts has 0 lines that are: this is no line of it');
});
