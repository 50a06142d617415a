import { VirtualAction, VirtualTimeScheduler } from 'rxjs';
import type { Millis } from '../../operators/index.js';

/** Processing time inside one task: it moves only when it is told to, and then runs what has become due, in order and at its instant. */
export class TaskScheduler extends VirtualTimeScheduler {
  constructor(start: Millis) {
    super(VirtualAction, start);
    this.frame = start;
  }

  advanceTo(now: Millis): void {
    if (now <= this.frame) return;
    this.maxFrames = now;
    this.flush();
    this.frame = now;
  }
}
