import type { Millis } from '../../operators/index.js';
import { Backlog, type DeliveryRules } from '../emulator/backlog.js';
import type { Holder } from '../emulator/holder.js';
import type { ReceivedMessage } from '../emulator/wire.js';
import type { VirtualTime } from './virtualTime.js';

/** A stream as the service sees it. */
export interface ModelStream {
  readonly holder: Holder;
  /** How long what it gets is leased. */
  readonly deadline: Millis;
  /** What was leased to it sets out. */
  readonly send: (messages: readonly ReceivedMessage[]) => void;
}

/** What is published. */
export interface Draft {
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * One Pub/Sub subscription. Which message is due, leased, lapsed or acked is the embedded emulator's own
 * bookkeeping, which knows no time; time and streams are the simulation's.
 */
export class PubsubModel {
  readonly backlog: Backlog;
  private readonly streams = new Set<ModelStream>();
  private published = 0;
  private isWoken = false;
  private stopTimer: () => void = () => undefined;

  /** @param epoch what the calendar says when the world begins */
  constructor(
    private readonly time: VirtualTime,
    private readonly epoch: Millis,
    readonly rules: DeliveryRules,
  ) {
    this.backlog = new Backlog(1, rules, () => false);
  }

  /** Each delay brings a delivery of its own; the message has one id. Returns it. */
  publish({ data, attributes }: Draft, delays: readonly Millis[] = [0]): string {
    const { now } = this.time;
    const body = Buffer.from(data);
    const messageId = `${(this.published += 1)}`;
    const at = this.epoch + now;
    const publishTime = { seconds: Math.floor(at / 1_000), nanos: Math.floor((at % 1_000) * 1e6) };
    for (const delay of delays) this.backlog.offer({ messageId, data: body, attributes, publishTime, orderingKey: '' }, body.length, now, now + delay);
    this.wake();
    return messageId;
  }

  open(stream: ModelStream): void {
    this.streams.add(stream);
    this.wake();
  }

  close(stream: ModelStream): void {
    this.streams.delete(stream);
  }

  /** Of these ack ids, those that have no lease any more: under exactly-once delivery that is an error. */
  acknowledge(ackIds: readonly string[]): readonly string[] {
    return this.refused(ackIds, (ackId) => this.backlog.acknowledge(ackId, this.time.now));
  }

  /** The same of deadlines; 0 gives a message back. */
  modifyDeadline(ackIds: readonly string[], deadline: Millis): readonly string[] {
    return this.refused(ackIds, (ackId) => this.backlog.modifyDeadline(ackId, deadline, this.time.now));
  }

  /** Every lease ends, whoever has it. */
  expireLeases(): void {
    this.backlog.expireLeases(this.time.now);
    this.wake();
  }

  private refused(ackIds: readonly string[], act: (ackId: string) => boolean): readonly string[] {
    const failed = ackIds.filter((ackId) => !act(ackId));
    this.wake();
    return this.rules.exactlyOnce ? failed : [];
  }

  private wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    this.time.after(0, () => this.deliver());
  }

  private deliver(): void {
    this.isWoken = false;
    const { now } = this.time;
    this.backlog.advance(now);
    // Whoever was served goes to the end of the set, where this loop meets it again: it ends when nobody can be served.
    for (const stream of this.streams) {
      const messages = this.backlog.lease(stream.holder, stream.deadline, now);
      if (messages.length === 0) continue;
      this.streams.delete(stream);
      this.streams.add(stream);
      stream.send(messages);
    }
    this.stopTimer();
    const { nextDue } = this.backlog;
    if (nextDue < Infinity) this.stopTimer = this.time.after(nextDue - now, () => this.deliver());
  }
}
