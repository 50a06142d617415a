import { EMPTY, concat, concatMap, defer, map, of, range, switchMap, throwError, type Observable } from 'rxjs';
import type { SimulateConfig } from '../config/simulateConfig.js';
import { NOTHING, failureText, plus, totalText } from './report.js';
import { scenarioOf, type Scenario } from './scenario.js';
import { shrunk } from './shrink.js';
import { COMMAND_LINE, simulatedConfig } from './simulatedConfig.js';
import { lived } from './world.js';

/** A seed has failed. What and why has been told. */
export class SimulationFailed extends Error {
  override readonly name = 'SimulationFailed';
}

/** How often it is told that the simulation goes on, in seeds. */
const PROGRESS = 100;

/**
 * Lives through the worlds of some seeds, up to the first that fails.
 *
 * Shape: texts for stdout.
 *
 * Errors: `SimulationFailed`, after the text that tells the failure, the least that brings it about, and
 * the command to see it again.
 */
export const simulate = ({ seed, seeds, faults, keep, trace }: SimulateConfig): Observable<string> =>
  defer(() => {
    const config = simulatedConfig();
    const begins = `Simulated: pages-viewed ${COMMAND_LINE.join(' ')}\nSeeds: ${seed}${seeds > 1 ? ` to ${seed + seeds - 1}` : ''}. Faults: ${faults.join(', ') || 'none'}.\n\n`;
    const world = (of: number): Observable<string | Parameters<typeof plus>[1]> => {
      const scenario = kept(scenarioOf(of, faults), keep);
      return lived(scenario, config).pipe(
        switchMap((outcome) => {
          const told = trace ? `${outcome.trace.join('\n')}\n\n` : '';
          if (outcome.failures.length > 0) return concat(told === '' ? EMPTY : [told], failed(scenario, outcome.failures));
          const progress = (of - seed + 1) % PROGRESS === 0 ? `${of - seed + 1} of ${seeds} seeds\n` : '';
          return concat(told + progress === '' ? EMPTY : [told + progress], [outcome]);
        }),
      );
    };
    const failed = (scenario: Scenario, failures: readonly string[]): Observable<string> => {
      const fails = (smaller: Scenario): Observable<boolean> => lived(smaller, config).pipe(map((outcome) => outcome.failures.length > 0));
      return (keep === undefined ? shrunk(scenario, fails) : of(scenario)).pipe(
        switchMap((minimal) => concat(of(failureText(failures, minimal, scenario, faults)), throwError(() => new SimulationFailed(`seed ${scenario.seed} failed`)))),
      );
    };
    return concat(of(begins), worldsText(range(seed, seeds).pipe(concatMap(world))));
  });

/** The texts as they come, and the total at the end. */
const worldsText = (worlds$: Observable<string | Parameters<typeof plus>[1]>): Observable<string> =>
  defer(() => {
    let total = NOTHING;
    return concat(
      worlds$.pipe(concatMap((it) => {
        if (typeof it === 'string') return [it];
        total = plus(total, it);
        return [];
      })),
      defer(() => of(totalText(total))),
    );
  });

/** Of a scenario only what is named: `m12` a message, `f1` a fault. */
const kept = (scenario: Scenario, keep: readonly string[] | undefined): Scenario => {
  if (keep === undefined) return scenario;
  const names = new Set(keep);
  return { ...scenario, messages: scenario.messages.filter(({ n }) => names.has(`m${n}`)), faults: scenario.faults.filter(({ n }) => names.has(`f${n}`)) };
};
