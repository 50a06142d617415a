import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { Millis } from '../../operators/index.js';

interface Due {
  at: Millis;
  run(): void;
}

/**
 * Real time that a spec moves by hand, for timers that go round for hours: RxJS' virtual time keeps
 * every round of an `interval` for inspection, and overflows the stack when it ends.
 */
export class HandTimers implements SchedulerLike {
  private queue: Due[] = [];
  private time: Millis = 0;

  get isIdle(): boolean {
    return this.queue.length === 0;
  }

  now(): Millis {
    return this.time;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay: Millis = 0, state?: T): Subscription {
    return new HandAction(this, work).schedule(state, delay);
  }

  /** Runs what becomes due, in order and at its instant. */
  advanceTo(time: Millis): void {
    for (let [next] = this.queue; next && next.at <= time; [next] = this.queue) {
      this.time = next.at;
      this.queue.shift();
      next.run();
    }
    this.time = time;
  }

  enqueue(due: Due): void {
    this.queue = [...this.queue, due].sort((a, b) => a.at - b.at);
  }

  remove(due: Due): void {
    this.queue = this.queue.filter((other) => other !== due);
  }
}

class HandAction<T> extends Subscription implements SchedulerAction<T> {
  private due: Due | undefined;

  constructor(
    private readonly timers: HandTimers,
    private readonly work: (this: SchedulerAction<T>, state?: T) => void,
  ) {
    super(() => { if (this.due) timers.remove(this.due); });
  }

  schedule(state?: T, delay: Millis = 0): Subscription {
    if (this.closed) return this;
    this.due = { at: this.timers.now() + delay, run: () => this.work(state) };
    this.timers.enqueue(this.due);
    return this;
  }
}
