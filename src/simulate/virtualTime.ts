import type { Millis } from '../../operators/index.js';
import { Agenda } from '../traffic/agenda.js';

interface Due {
  run: (() => void) | undefined;
}

/** The time of a simulated world: it moves from one thing that is due to the next, and never by itself. */
export class VirtualTime {
  /** Since the world began. */
  now: Millis = 0;
  private readonly agenda = new Agenda<Due>();

  /** Runs something after a delay, behind what is due at the same instant already. What it returns takes it back. */
  after(delay: Millis, run: () => void): () => void {
    const due: Due = { run };
    this.agenda.put(this.now + Math.max(0, delay), due);
    return () => (due.run = undefined);
  }

  /** Runs what is due next; false when there is nothing. */
  step(): boolean {
    while (!this.agenda.isEmpty) {
      const { at, item } = this.agenda.take();
      if (!item.run) continue;
      this.now = at;
      item.run();
      return true;
    }
    return false;
  }
}
