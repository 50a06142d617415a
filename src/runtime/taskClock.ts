import type { Millis } from '../../operators/index.js';
import type { Message } from '../model/message.js';

/** Why task time stands still. */
export type Standstill = 'disconnected' | 'rebuilding' | 'stalled' | 'holding';

/** Task time: never goes back, but for what has to be done again. */
export interface TaskClock {
  now(): Millis;
  /** What the calendar says when task time is `now`. */
  wall(now: Millis): Millis;
  /** A message is about to be processed. */
  observe(message: Message): void;
  /**
   * Goes on from `at`: the task time of a restored state, or of the last cut when what came after it
   * will happen again. Else deadlines would be past before the messages that put them off come again.
   */
  goOnFrom(at: Millis): void;
  stop(why: Standstill): void;
  go(why: Standstill): void;
  /** Why it stands still now; nothing: it runs. */
  standstill(): readonly Standstill[];
}

/** It is asked for far more often; what passes beyond that passed while the process did not run. */
const LONGEST_STEP: Millis = 1_000;

/** Follows a monotonic clock, except for pauses of the whole process, and except while there is a reason to stand still: silence through a fault is no idleness. */
export const systemClock = (wallClock: () => Millis, monotonic: () => Millis): TaskClock => {
  const reasons = new Set<Standstill>();
  let reached = wallClock();
  let lookedAt = monotonic();
  const now = (): Millis => {
    const at = monotonic();
    if (reasons.size === 0) reached += Math.min(at - lookedAt, LONGEST_STEP);
    lookedAt = at;
    return reached;
  };
  return {
    now,
    wall: wallClock,
    observe: () => undefined,
    goOnFrom(at) {
      now();
      reached = at;
    },
    stop(why) {
      now();
      reasons.add(why);
    },
    go(why) {
      now();
      reasons.delete(why);
    },
    standstill: () => [...reasons],
  };
};

/** Follows the recording: the greatest publish time so far. Early panes and historic sessions come out the same at every run. */
export const recordedClock = (): TaskClock => {
  let reached: Millis = 0;
  return {
    now: () => reached,
    wall: (now) => now,
    observe({ publishTime, receipt }) {
      if (publishTime === undefined) throw new MissingPublishTime(receipt);
      if (publishTime > reached) reached = publishTime;
    },
    goOnFrom: (at) => void (reached = at),
    stop: () => undefined,
    go: () => undefined,
    standstill: () => [],
  };
};

/** The recorded clock was asked for, but the recording does not say when. */
export class MissingPublishTime extends Error {
  readonly fatal = true;

  constructor(receipt: Message['receipt']) {
    super(`clock: with "recorded" every message needs a publish_time; the one on line ${receipt} has none`);
    this.name = 'MissingPublishTime';
  }
}
