import type { SchedulerLike, Subscription } from 'rxjs';
import type { Millis } from '../types.js';

/** Who goes first when several timers are due at one instant. */
export const RANK = { early: 0, historic: 1, forget: 2, idle: 3 } as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

/** One operator's timer: at most one deadline at a time. */
export interface Timer {
  /** Sets the deadline; Infinity: none. */
  arm(at: Millis): void;
  /** Gives the timer back; it takes no deadline any more. */
  release(): void;
}

/** `setTimeout` takes no more than 31 bits; a longer wait wakes up and waits again. */
const LONGEST_WAIT = 2 ** 31 - 1;

class ClockTimer implements Timer {
  at: Millis = Infinity;
  private wake: Subscription | undefined;
  private wakeAt: Millis = Infinity;
  private released = false;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
    readonly rank: Rank,
    readonly run: (at: Millis) => void,
  ) {}

  arm(at: Millis): void {
    // An operator that breaks in its timer is gone before it sets the next one.
    if (at === this.at || this.released) return;
    this.at = at;
    this.clock.armed(at);
    // A wake that comes too early looks again; only an earlier deadline, or none, changes it.
    if (at < this.wakeAt || at === Infinity) this.schedule();
  }

  release(): void {
    this.released = true;
    this.at = Infinity;
    this.schedule();
    this.clock.release(this);
  }

  private schedule(): void {
    this.wake?.unsubscribe();
    this.wake = undefined;
    this.wakeAt = this.at;
    if (this.at === Infinity) return;
    const wait = Math.min(Math.max(0, this.at - this.scheduler.now()), LONGEST_WAIT);
    this.wake = this.scheduler.schedule(() => {
      this.wake = undefined;
      this.wakeAt = Infinity;
      this.clock.catchUp();
      if (this.at < this.wakeAt) this.schedule();
    }, wait);
  }
}

/**
 * The timers of all operators on one scheduler. They know of each other so that everything due at one
 * instant runs in one fixed order (by due time, then {@link RANK}, then age), and always before a
 * value that arrives at that instant, whatever order the scheduler itself has: operators call
 * {@link Clock.catchUp} before they look at a value. Each has its own action on the scheduler.
 */
export class Clock {
  private readonly timers: ClockTimer[] = [];
  private nextAt: Millis = Infinity;
  private running = false;

  constructor(private readonly scheduler: SchedulerLike) {}

  now(): Millis {
    return this.scheduler.now();
  }

  timer(rank: Rank, run: (at: Millis) => void): Timer {
    const timer = new ClockTimer(this, this.scheduler, rank, run);
    this.timers.push(timer);
    return timer;
  }

  /** Runs everything that is due by now. */
  catchUp(): void {
    if (this.nextAt > this.scheduler.now() || this.running) return;
    this.running = true;
    try {
      for (let due = this.firstDue(); due; due = this.firstDue()) {
        const { at } = due;
        due.at = Infinity;
        due.run(at);
      }
    } finally {
      this.running = false;
      this.nextAt = this.timers.reduce((least, timer) => Math.min(least, timer.at), Infinity);
    }
  }

  /** A timer has a new deadline. */
  armed(at: Millis): void {
    if (at < this.nextAt) this.nextAt = at;
  }

  release(timer: ClockTimer): void {
    const place = this.timers.indexOf(timer);
    if (place >= 0) this.timers.splice(place, 1);
    if (this.timers.length === 0) clocks.delete(this.scheduler);
  }

  private firstDue(): ClockTimer | undefined {
    const now = this.scheduler.now();
    let first: ClockTimer | undefined;
    for (const timer of this.timers) {
      if (timer.at > now) continue;
      if (!first || timer.at < first.at || (timer.at === first.at && timer.rank < first.rank)) first = timer;
    }
    return first;
  }
}

/** A clock lives as long as a timer uses it, so one test or pipeline leaves nothing to the next. */
const clocks = new WeakMap<SchedulerLike, Clock>();

export const clockOf = (scheduler: SchedulerLike): Clock => {
  const known = clocks.get(scheduler);
  if (known) return known;
  const clock = new Clock(scheduler);
  clocks.set(scheduler, clock);
  return clock;
};
