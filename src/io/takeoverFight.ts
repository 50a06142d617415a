import { defer, ignoreElements, timer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { Owner } from '../changelog/owner.js';
import type { Log } from './kafkaLog.js';
import { thisMachine, type Machine } from './machine.js';

/** So many takeovers by others within so long are a fight. */
const TAKEOVERS = 3;
export const FIGHT_WITHIN: Millis = 60_000;

/** How long to stay away from it: at random, or both would come back at once. */
const LEAST: Millis = 30_000;
const MOST: Millis = 90_000;

/**
 * Instances that take one job from each other, newest last; undefined when there is no fight. There
 * is none when the last owner is known to be gone: after a process that keeps dying the next one is
 * to be there at once.
 */
export const fightIn = (owners: readonly Owner[], now: Millis, isGone: (owner: Owner) => boolean = thisMachine.isGone): readonly Owner[] | undefined => {
  const successive = owners.filter((owner, place) => owners[place + 1]?.instance !== owner.instance);
  const recent = successive.filter(({ startedAt }) => startedAt > now - FIGHT_WITHIN);
  const former = successive.at(-2);
  return former === undefined || isGone(former) || recent.length < TAKEOVERS ? undefined : recent;
};

/** Says who is fighting, and completes after a while. */
export const quarantine = (fight: readonly Owner[], log: Log, { fraction, timers }: Pick<Machine, 'fraction' | 'timers'> = thisMachine): Observable<never> => defer(() => {
  const wait = LEAST + fraction() * (MOST - LEAST);
  log('warn', 'takeover_fight', { instances: fight.map(({ instance }) => instance).join(), seconds: Math.round(wait / 1_000), advice: 'only one instance may run a job: stop the others' });
  return timer(wait, timers).pipe(ignoreElements());
});
