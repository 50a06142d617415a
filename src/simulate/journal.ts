import type { Millis } from '../../operators/index.js';
import type { VirtualTime } from './virtualTime.js';

/** What happens in a world, as it happens. */
export class Journal {
  /** One line each, with the second. */
  readonly lines: string[] = [];
  /** What should not have happened. */
  readonly failures: string[] = [];
  private ended = false;

  constructor(private readonly time: VirtualTime) {}

  get isOver(): boolean {
    return this.ended;
  }

  note(what: string): void {
    this.lines.push(`${(this.time.now / SECOND).toFixed(3).padStart(8)} ${what}`);
  }

  fault(what: string): void {
    this.note(`FAILURE ${what}`);
    this.failures.push(what);
  }

  /** The world ends, with a failure or without. */
  end(failure?: string): void {
    if (failure !== undefined) this.fault(failure);
    this.ended = true;
  }
}

const SECOND: Millis = 1_000;
