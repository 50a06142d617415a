import type { Millis } from '../../operators/index.js';
import type { TaskClock } from './taskClock.js';

export interface UncleanStartSettings {
  readonly clock: TaskClock;
  /** Real time. */
  readonly monotonic: () => Millis;
  /** How long to hold once the input is open. */
  readonly holdFor: () => Millis;
  /** Messages that may be outstanding when all is well. */
  readonly maxOutstandingMessages: number;
}

/** So few messages share the lot of one that kills the process. */
const FEW = 100;

/**
 * How a task goes on after an instance that died. What that had been given and not acked comes again
 * only later: until then event time and processing time stand still, or it would be late. And only few
 * messages are taken at first, twice as many after every commit.
 */
export class UncleanStart {
  private isOver = true;
  private openedAt: Millis | undefined;
  private limit: number;

  constructor(private readonly settings: UncleanStartSettings) {
    this.limit = settings.maxOutstandingMessages;
  }

  get isHolding(): boolean {
    return !this.isOver;
  }

  get maxOutstandingMessages(): number {
    return this.limit;
  }

  begin(): void {
    this.isOver = false;
    this.limit = Math.min(FEW, this.limit);
    this.settings.clock.stop('holding');
  }

  /** The input is open: what is to come again will come from now on. */
  opened(): void {
    this.openedAt ??= this.settings.monotonic();
    this.onTick();
  }

  /** Time has passed. */
  onTick(): void {
    const { monotonic, holdFor, clock } = this.settings;
    if (this.isOver || this.openedAt === undefined || monotonic() < this.openedAt + holdFor()) return;
    this.isOver = true;
    clock.go('holding');
  }

  committed(): void {
    this.limit = Math.min(2 * this.limit, this.settings.maxOutstandingMessages);
  }
}
