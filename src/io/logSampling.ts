import { asyncScheduler, Subscription, type SchedulerLike } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { LogLevel } from '../config/names.js';

export interface LogSamplingOptions {
  /** How many of one event are let through in an interval. */
  readonly burst: number;
  readonly interval: Millis;
  readonly scheduler?: SchedulerLike;
  /** Told at the end of an interval how many of an event were held back in it, if any were. */
  readonly report: (level: LogLevel, event: string, suppressed: number) => void;
}

/**
 * Lets the first few of every event through and counts the others, interval by interval. It keeps
 * one number per event seen in the interval, and one timer while there is any.
 */
export class LogSampling {
  private readonly seen = new Map<string, { readonly level: LogLevel; count: number }>();
  private timer = Subscription.EMPTY;

  constructor(private readonly options: LogSamplingOptions) {}

  /** Whether this one is let through. */
  admits(level: LogLevel, event: string): boolean {
    const { burst, interval, scheduler = asyncScheduler } = this.options;
    if (this.seen.size === 0) this.timer = scheduler.schedule(() => this.close(), interval);
    const known = this.seen.get(event);
    if (known === undefined) this.seen.set(event, { level, count: 1 });
    else known.count += 1;
    return (known?.count ?? 1) <= burst;
  }

  /** Ends the interval now, with its reports; the next event begins another. */
  close(): void {
    const { burst, report } = this.options;
    this.timer.unsubscribe();
    const ended = [...this.seen];
    this.seen.clear();
    for (const [event, { level, count }] of ended) if (count > burst) report(level, event, count - burst);
  }
}
