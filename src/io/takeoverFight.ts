import { hostname } from 'node:os';
import { defer, ignoreElements, timer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { Owner } from '../changelog/owner.js';
import type { Log } from './kafkaLog.js';

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
export const fightIn = (owners: readonly Owner[], now: Millis, isGone: (owner: Owner) => boolean = isGoneHere): readonly Owner[] | undefined => {
  const successive = owners.filter((owner, place) => owners[place + 1]?.instance !== owner.instance);
  const recent = successive.filter(({ startedAt }) => startedAt > now - FIGHT_WITHIN);
  const former = successive.at(-2);
  return former === undefined || isGone(former) || recent.length < TAKEOVERS ? undefined : recent;
};

/** On this machine, or in this container, where a process may have the pid that its predecessor had. */
const isGoneHere = ({ host, pid }: Owner): boolean => host === hostname() && (pid === process.pid || !isRunning(pid));

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // There is one, but it is not ours to signal.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
};

/** Says who is fighting, and completes after a while. */
export const quarantine = (fight: readonly Owner[], log: Log): Observable<never> => defer(() => {
  const wait = LEAST + Math.random() * (MOST - LEAST);
  log('warn', 'takeover_fight', { instances: fight.map(({ instance }) => instance).join(), seconds: Math.round(wait / 1_000), advice: 'only one instance may run a job: stop the others' });
  return timer(wait).pipe(ignoreElements());
});
