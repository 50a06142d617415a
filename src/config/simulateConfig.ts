import { FAULT_NAMES, type FaultName } from '../simulate/faults.js';
import type { LogLevel } from './names.js';
import type { SimulateSettings } from './simulateSettings.js';

/** What `pages-viewed simulate` is to do. */
export interface SimulateConfig {
  readonly seed: number;
  readonly seeds: number;
  readonly faults: readonly FaultName[];
  /** Of the scenario only these; undefined: all. */
  readonly keep: readonly string[] | undefined;
  readonly trace: boolean;
  readonly logLevel: LogLevel;
}

export const toSimulateConfig = ({ seed, seeds, faults, keep, trace, log_level: logLevel }: SimulateSettings): SimulateConfig => ({
  seed, seeds, keep, trace, logLevel,
  // In the order of the list, so that the same faults make the same world.
  faults: faults === undefined ? FAULT_NAMES : FAULT_NAMES.filter((name) => faults.includes(name)),
});
