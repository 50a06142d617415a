import type { DeadLetter } from '../../src/model/deadLetter.js';
import { unaccounted } from '../../src/runtime/conservation.js';
import { MessageIds } from '../../src/runtime/messageIds.js';
import { Task } from '../../src/runtime/task.js';
import { systemClock } from '../../src/runtime/taskClock.js';
import { pageResults } from '../support/results.js';
import { flowWith, messageOf, SECOND, T0, type Changes, type Played, type View } from './play.js';

/** The whole pipeline on clocks that are moved by hand: they start at {@link T0}. */
export class Live {
  private calendar = T0;
  private monotonic = 0;
  private epochs = 0;
  private readonly broken: unknown[] = [];
  private readonly task;

  readonly clock = systemClock(() => this.calendar, () => this.monotonic);

  constructor(changes: Changes = {}) {
    const around = { clock: this.clock, ids: new MessageIds(), poisoned: () => undefined };
    this.task = new Task(flowWith(changes), around, undefined);
    this.task.running$.subscribe({ error: (error: unknown) => this.broken.push(error) });
  }

  send(...views: readonly View[]): this {
    for (const view of views) this.task.process(messageOf(view));
    return this;
  }

  /** Time goes by, second by second, and whatever becomes due happens. */
  wait(seconds: number): this {
    for (let passed = 0; passed < seconds; passed += 1) {
      this.calendar += SECOND;
      this.monotonic += SECOND;
      this.task.advance();
    }
    return this;
  }

  /** Somebody sets the calendar; no time goes by. */
  setCalendar(bySeconds: number): this {
    this.calendar += bySeconds * SECOND;
    this.task.advance();
    return this;
  }

  drain(): this {
    this.task.drain();
    return this;
  }

  end(): this {
    this.task.end();
    return this;
  }

  /** What has come out since the last call. */
  taken(): Played {
    expect(this.broken).toEqual([]);
    const counts = this.task.counts();
    expect(unaccounted(counts)).toBe(0);
    this.epochs += 1;
    const epoch = this.task.cut(this.epochs);
    const results = pageResults(epoch?.results ?? []);
    const deadLetters: readonly DeadLetter[] = epoch?.deadLetters ?? [];
    return { results, deadLetters, counts };
  }
}
