import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { Machine } from '../io/machine.js';
import type { VirtualTime } from './virtualTime.js';

export interface ProcessSurroundings {
  readonly time: VirtualTime;
  /** What the calendar says when the world begins. */
  readonly epoch: Millis;
  readonly fraction: () => number;
  readonly isGone: (pid: number) => boolean;
}

const HOST = 'simulated';

/**
 * A process on a simulated machine. Once it is killed nothing of it runs any more, and nothing reaches it; while it
 * is stopped, what is due waits, as under SIGSTOP or in a long pause of the virtual machine.
 */
export class SimulatedProcess {
  isAlive = true;
  readonly machine: Machine;
  stoppedUntil: Millis = 0;
  private names = 0;

  constructor(
    private readonly around: ProcessSurroundings,
    readonly pid: number,
  ) {
    const { time, epoch, fraction, isGone } = around;
    this.machine = {
      host: HOST,
      pid,
      timers: new ProcessTimers(this, time),
      monotonic: () => time.now,
      calendar: () => epoch + time.now,
      fraction,
      uniqueName: () => `${HOST}-${pid}-${(this.names += 1)}`,
      isGone: (other) => isGone(other.pid),
    };
  }

  kill(): void {
    this.isAlive = false;
  }

  stopFor(duration: Millis): void {
    this.stoppedUntil = Math.max(this.stoppedUntil, this.around.time.now + duration);
  }

  /** Runs something in this process after a delay. What it returns takes it back. */
  after(delay: Millis, run: () => void): () => void {
    const { time } = this.around;
    let cancel: () => void;
    const attempt = (): void => {
      if (!this.isAlive) return;
      if (time.now < this.stoppedUntil) cancel = time.after(this.stoppedUntil - time.now, attempt);
      else run();
    };
    cancel = time.after(delay, attempt);
    return () => cancel();
  }
}

/** RxJS's own virtual time keeps every round of an interval, and overflows the stack when a long one ends. */
class ProcessTimers implements SchedulerLike {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly time: VirtualTime,
  ) {}

  now(): Millis {
    return this.time.now;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay: Millis = 0, state?: T): Subscription {
    return new ProcessAction(this.process, work).schedule(state, delay);
  }
}

class ProcessAction<T> extends Subscription implements SchedulerAction<T> {
  private cancel: (() => void) | undefined;

  constructor(
    private readonly process: SimulatedProcess,
    private readonly work: (this: SchedulerAction<T>, state?: T) => void,
  ) {
    super(() => this.cancel?.());
  }

  schedule(state?: T, delay: Millis = 0): Subscription {
    if (this.closed) return this;
    this.cancel?.();
    this.cancel = this.process.after(delay, () => this.work(state));
    return this;
  }
}
