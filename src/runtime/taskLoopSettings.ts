import type { Millis } from '../../operators/index.js';
import type { Counts } from './conservation.js';
import type { Source } from './ports.js';
import type { TaskClock } from './taskClock.js';

export interface TaskLoopSettings {
  readonly clock: TaskClock;
  readonly monotonic: () => Millis;
  readonly commitInterval: Millis;
  /** An epoch has at most this many messages. */
  readonly epochMessages: number;
  readonly maxOutOfOrderness: Millis;
  readonly backlog: Source['backlog'];
  /** Messages that the source delivers before it waits for acks. */
  readonly maxOutstandingMessages: number;
  /** After a start from the state of an instance that died: how long to wait for what it had been given. */
  readonly holdFor: () => Millis;
  /** Whether a stop closes what is open, or leaves it as it is. */
  readonly stopsBy: 'drain' | 'park';
  readonly log: Log;
}

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Where a task is. */
export interface TaskReport {
  readonly counts: Counts;
  readonly watermark: Millis;
  /** Commits so far. */
  readonly epochs: number;
  readonly results: number;
}
