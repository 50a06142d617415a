import * as t from 'io-ts';
import { FAULT_NAMES } from '../simulate/faults.js';
import { choice, integer, list, optional, text, toggle } from './kind.js';
import { logLevel } from './names.js';
import { setting } from './setting.js';

const item = text('m12', 'a message as m12 or a fault as f1', /^[mf]\d+$/);

/** Every setting of `pages-viewed simulate`. */
export const simulateSettings = {
  seed: setting(integer({ min: 0, max: 4_294_967_295 }), { group: 'Simulation', default: 1, description: 'The first seed. The same seed makes the same world, to the byte.' }),
  seeds: setting(integer({ min: 1, max: 1_000_000 }), { group: 'Simulation', default: 1, description: 'So many seeds are tried, one after the other, up to the first that fails.' }),
  faults: setting(optional({ ...list(choice([...FAULT_NAMES, 'none'])), placeholder: 'fault,…' }), {
    group: 'Simulation', otherwise: 'all of them', description: `What may go wrong: ${FAULT_NAMES.join(', ')}; or none.`,
  }),
  keep: setting(optional(list(item)), { group: 'Simulation', description: 'Only these messages and faults of the seed happen, as a failure names them: m12,m14,f1.' }),
  trace: setting(toggle, { group: 'Simulation', default: false, description: 'Prints all that happens: requests, commits, logs, faults.' }),
  log_level: setting(logLevel, { group: 'General', default: 'info', description: 'Least level that is logged: JSON lines on stderr.' }),
};

export const SimulateSettings = t.type(simulateSettings);
export type SimulateSettings = t.TypeOf<typeof SimulateSettings>;
