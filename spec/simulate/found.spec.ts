import { lastValueFrom } from 'rxjs';
import type { Fault } from '../../src/simulate/faults.js';
import type { Scenario, ScenarioMessage } from '../../src/simulate/scenario.js';
import { simulatedConfig } from '../../src/simulate/simulatedConfig.js';
import { lived } from '../../src/simulate/world.js';

const view = (n: number, at: number, poison: ScenarioMessage['poison'] = 'never'): ScenarioMessage => ({
  n, at, delays: [0], poison, content: { _tag: 'View', due: 'result', view: { session: 'visitor', page: `View ${n}`, ago: 0 } },
});

const failuresOf = async (messages: readonly ScenarioMessage[], ...faults: readonly { readonly at: number; readonly fault: Fault }[]): Promise<readonly string[]> => {
  const subscription = { exactlyOnce: true, retry: undefined, maxDeliveryAttempts: undefined };
  const scenario: Scenario = { seed: 1, subscription, messages, faults: faults.map((it, n) => ({ ...it, n })) };
  return (await lastValueFrom(lived(scenario, simulatedConfig()))).failures;
};

/** What the simulator has found in the runtime, each as the least that brought it about. */
describe('found by simulation', () => {
  test('a process that stood still while it took over does not end for good, since the one before it is no successor', async () => {
    expect(
      await failuresOf(
        [],
        { at: 15_000, fault: { name: 'pause', ambush: { request: 'send', arrives: true }, lasts: 12_000 } },
        { at: 16_000, fault: { name: 'crash', ambush: undefined, down: 5_000 } },
      ),
    ).toEqual([]);
  });

  test('two processes that take the job from each other do not both end for good', async () => {
    expect(
      await failuresOf(
        [view(0, 1_000), view(1, 5_000, 'once'), view(2, 40_000), view(3, 60_000)],
        // Between its look at the owner, when its pipeline has broken, and its takeover.
        { at: 4_000, fault: { name: 'fence', ambush: { request: 'read', arrives: true }, lasts: 19_000 } },
      ),
    ).toEqual([]);
  });
});
