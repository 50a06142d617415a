import { Subject, VirtualTimeScheduler, type OperatorFunction } from 'rxjs';
import type { Millis } from '../../operators/index.js';

/** Processing time that a spec moves by hand. */
export class HandClock extends VirtualTimeScheduler {
  constructor(start: Millis = 0) {
    super(undefined, start);
    this.frame = start;
  }

  /** Lets time pass; timers run when they are due. */
  advanceTo(time: Millis): void {
    this.maxFrames = time;
    this.flush();
    this.frame = time;
  }

  /** Lets time pass while no timer gets to run, as when the process was busy with something else. */
  jumpTo(time: Millis): void {
    this.frame = time;
  }
}

/** An operator fed step by step; collects what comes out. */
export class Drive<In, Out> {
  private readonly source = new Subject<In>();
  private out: Out[] = [];
  private failure: Error | undefined;
  completed = false;

  constructor(
    operator: (clock: HandClock) => OperatorFunction<In, Out>,
    readonly clock = new HandClock(),
  ) {
    this.source.pipe(operator(clock)).subscribe({
      next: (value) => { this.out.push(value); },
      error: (err: Error) => { this.failure = err; },
      complete: () => { this.completed = true; },
    });
  }

  send(...values: readonly In[]): this {
    for (const value of values) this.source.next(value);
    return this;
  }

  advanceTo(time: Millis): this {
    this.clock.advanceTo(time);
    return this;
  }

  complete(): this {
    this.source.complete();
    return this;
  }

  /** What has come out since the last call; throws what the stream ended with. */
  taken(): Out[] {
    if (this.failure) throw this.failure;
    const taken = this.out;
    this.out = [];
    return taken;
  }
}
