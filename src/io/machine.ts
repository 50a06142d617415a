import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Millis } from '../../operators/index.js';

/** What the parts of this folder have of the machine they run on; a simulation gives them another one. */
export interface Machine {
  readonly host: string;
  readonly pid: number;
  /** Real time. */
  readonly timers: SchedulerLike;
  /** Never goes back; counts from anywhere. */
  readonly monotonic: () => Millis;
  /** Since the epoch. */
  readonly calendar: () => Millis;
  /** By chance, evenly from [0, 1). */
  readonly fraction: () => number;
  /** Another one every time: tells a process from every other, and people where to look for it. */
  readonly uniqueName: () => string;
  /** Whether a process is known to have ended. Of another machine that cannot be known. */
  readonly isGone: (other: { readonly host: string; readonly pid: number }) => boolean;
}

export const thisMachine: Machine = {
  host: hostname(),
  pid: process.pid,
  timers: asyncScheduler,
  monotonic: () => performance.now(),
  calendar: () => Date.now(),
  fraction: () => Math.random(),
  uniqueName: () => `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
  // In a container a process may have the pid that its predecessor had.
  isGone: ({ host, pid }) => host === hostname() && (pid === process.pid || !isRunning(pid)),
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // There is one, but it is not ours to signal.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
};
