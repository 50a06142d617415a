import { startEmulator } from '../../src/emulator/startEmulator.js';

/**
 * The emulator with faults: all the while messages come twice and out of order, and every half minute something happens for five seconds.
 * Argument: the subscription, which is disturbed from the first trouble on.
 */

const [subscription = ''] = process.argv.slice(2);
const emulator = await startEmulator();
process.stdout.write(`PUBSUB_EMULATOR_HOST=${emulator.address}\n`);

const SECOND = 1_000;
const DISTURBED = { duplicates: 0.05, disorder: 500 } as const;

const TROUBLES: readonly (() => void)[] = [
  () => emulator.faults.set(subscription, { ...DISTURBED, acks: 'refused' }),
  () => emulator.faults.cutStreams(),
  () => emulator.faults.set(subscription, { ...DISTURBED, acks: 'lost' }),
];

let turn = 0;
setInterval(() => {
  TROUBLES[turn % TROUBLES.length]?.();
  turn += 1;
  setTimeout(() => emulator.faults.set(subscription, DISTURBED), 5 * SECOND);
}, 30 * SECOND);
process.once('SIGTERM', () => process.exit());
