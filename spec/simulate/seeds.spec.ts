import { lastValueFrom, map, toArray } from 'rxjs';
import { FAULT_NAMES } from '../../src/simulate/faults.js';
import { scenarioOf } from '../../src/simulate/scenario.js';
import { simulatedConfig } from '../../src/simulate/simulatedConfig.js';
import { lived } from '../../src/simulate/world.js';
import { told } from './told.js';

const SEEDS = 1_000;

jest.setTimeout(600_000);

test(`in the worlds of ${SEEDS} seeds, with all faults, everything comes out as it should`, async () => {
  const { text, failure } = await told({ seed: 1, seeds: SEEDS, faults: FAULT_NAMES });
  expect(failure === undefined ? 'PASSED' : text).toBe('PASSED');
});

test.each(FAULT_NAMES.map((fault) => ({ fault })))('with $fault alone, too', async ({ fault }) => {
  const { text, failure } = await told({ seed: 1, seeds: 5, faults: [fault] });
  expect(failure === undefined ? 'PASSED' : text).toBe('PASSED');
});

test('the same seed makes the same world, byte for byte', async () => {
  const trace = (seed: number): Promise<string> => lastValueFrom(lived(scenarioOf(seed, FAULT_NAMES), simulatedConfig()).pipe(map((it) => it.trace.join('\n')), toArray(), map((all) => all.join())));
  for (const seed of [3, 185, 777]) {
    const first = await trace(seed);
    expect(first.length).toBeGreaterThan(10_000);
    expect(await trace(seed)).toBe(first);
    expect(await trace(seed + 1)).not.toBe(first);
  }
});
