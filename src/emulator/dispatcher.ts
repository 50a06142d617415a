import type { Backlog } from './backlog.js';
import type { Holder } from './holder.js';
import type { Refusal } from './refusal.js';
import type { ReceivedMessage } from './wire.js';

/** Someone who takes messages: an open stream or a waiting pull. */
export interface Consumer {
  readonly holder: Holder;
  /** How long a lease lasts, ms. */
  readonly deadline: number;
  /** Whether a response can be sent right now. */
  readonly ready: boolean;
  send(messages: readonly ReceivedMessage[]): void;
  /** Ends the call; the consumer removes itself. */
  end(reason: Refusal): void;
}

/** The longest wait a timer can do, ms; waking early does no harm. */
const MAX_TIMER = 2 ** 31 - 1;

/** Brings a subscription's messages to its consumers in turn, and keeps its one timer. */
export class Dispatcher {
  private readonly consumers = new Set<Consumer>();
  private immediate: NodeJS.Immediate | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly backlog: Backlog,
    private readonly clock: () => number,
  ) {}

  get size(): number {
    return this.consumers.size;
  }

  add(consumer: Consumer): void {
    this.consumers.add(consumer);
    this.wake();
  }

  remove(consumer: Consumer): void {
    this.consumers.delete(consumer);
  }

  /** Something has changed that may allow a delivery. Delivers once, soon, however often it is called. */
  wake(): void {
    if (this.closed) return;
    this.immediate ??= setImmediate(() => {
      this.immediate = undefined;
      this.deliver();
    });
  }

  /** Ends all consumers. */
  cut(reason: Refusal): void {
    for (const consumer of this.consumers) consumer.end(reason);
  }

  close(): void {
    this.closed = true;
    clearImmediate(this.immediate);
    clearTimeout(this.timer);
  }

  /** Serves this consumer at once; whether there was anything for it. */
  deliverNow(consumer: Consumer): boolean {
    const messages = this.backlog.lease(consumer.holder, consumer.deadline, this.clock());
    if (messages.length > 0) consumer.send(messages);
    return messages.length > 0;
  }

  private deliver(): void {
    const now = this.clock();
    this.backlog.advance(now);
    // Whoever was served goes to the end of the set, where this loop meets it again: it ends when nobody can be served.
    for (const consumer of this.consumers) {
      if (!consumer.ready) continue;
      const messages = this.backlog.lease(consumer.holder, consumer.deadline, now);
      if (messages.length === 0) continue;
      this.consumers.delete(consumer);
      this.consumers.add(consumer);
      consumer.send(messages);
    }
    this.setTimer(now);
  }

  private setTimer(now: number): void {
    clearTimeout(this.timer);
    const due = this.backlog.nextDue;
    if (due < Infinity) this.timer = setTimeout(() => this.deliver(), Math.min(Math.ceil(due - now), MAX_TIMER));
  }
}
