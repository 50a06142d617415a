import { DeadlineQueue, type Timed } from './deadlineQueue.js';
import type { Holder } from './holder.js';
import { Line } from './line.js';
import type { PubsubMessage, ReceivedMessage } from './wire.js';

/** What a subscription's settings mean for its deliveries. Durations in ms. */
export interface DeliveryRules {
  /** An ack id is valid only while its lease lasts. */
  readonly exactlyOnce: boolean;
  /** The wait before a redelivery: `minimum`, doubled with each failed delivery up to `maximum`. Undefined: none. */
  readonly retry: { readonly minimum: number; readonly maximum: number } | undefined;
  /** After so many failed deliveries a message is forwarded. Undefined: never. */
  readonly maxDeliveryAttempts: number | undefined;
}

/** How a subscription's messages stand. */
export interface Standing {
  /** Waiting for a delivery, the first or another. */
  readonly undelivered: number;
  /** Delivered, with a lease that runs. */
  readonly outstanding: number;
  readonly acked: number;
  /** Given up and sent to the dead-letter topic. */
  readonly forwarded: number;
  /** How many deliveries were a first, second, third, … attempt. */
  readonly deliveries: readonly number[];
}

interface Held extends Timed {
  readonly message: PubsubMessage;
  readonly bytes: number;
  state: 'ready' | 'waiting' | 'leased' | 'gone';
  attempts: number;
  /** The handle of the last delivery, while it still means something. */
  ackId: string | undefined;
  holder: Holder | undefined;
}

/** One response carries at most so much (one message may exceed the bytes). */
const MAX_BATCH_MESSAGES = 1000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * The unacknowledged messages of one subscription: which are due for delivery, who has leased which
 * and until when, and which have failed too often. Reads no clock: `now` is ms on any steady scale.
 *
 * Redeliveries go before first deliveries, each in the order they became due. A lease ends by an
 * ack, a nack (deadline 0) or by lapsing; the last two count as a failed delivery.
 */
export class Backlog {
  private readonly unacked = new Set<Held>();
  private readonly byAckId = new Map<string, Held>();
  private readonly again = new Line<Held>();
  private readonly fresh = new Line<Held>();
  /** Leases by their deadline, and waiting messages by the end of their wait. */
  private readonly timed = new DeadlineQueue<Held>();
  private readonly deliveries: number[] = [];
  private leased = 0;
  private acked = 0;
  private forwarded = 0;
  private receipts = 0;

  /**
   * @param id sets the ack ids of this subscription apart from those of all others
   * @param forward takes a message that has failed too often; false keeps it here
   */
  constructor(
    private readonly id: number,
    public rules: DeliveryRules,
    private readonly forward: (message: PubsubMessage, attempts: number, now: number) => boolean,
  ) {}

  /** Takes a message in; `dueAt` may hold its first delivery back. */
  offer(message: PubsubMessage, bytes: number, now: number, dueAt = now): void {
    const held: Held = { message, bytes, state: 'ready', attempts: 0, ackId: undefined, holder: undefined, dueAt, slot: -1 };
    this.unacked.add(held);
    this.enqueue(held, now, dueAt);
  }

  /** Leases messages to the holder for `deadline` ms, as many as it has room for and one response carries. */
  lease(holder: Holder, deadline: number, now: number): ReceivedMessage[] {
    this.advance(now);
    const batch: ReceivedMessage[] = [];
    let bytes = 0;
    while (batch.length < MAX_BATCH_MESSAGES && bytes < MAX_BATCH_BYTES && holder.hasRoom) {
      const held = this.again.shift() ?? this.fresh.shift();
      if (held === undefined) break;
      if (held.state !== 'ready') continue; // acked while it stood in line
      batch.push(this.deliver(held, holder, now + deadline));
      bytes += held.bytes;
    }
    return batch;
  }

  /** Whether the ack id was valid; if so its message is done with. */
  acknowledge(ackId: string, now: number): boolean {
    this.advance(now);
    const held = this.byAckId.get(ackId);
    if (held === undefined) return false;
    this.acked += 1;
    this.forget(held);
    return true;
  }

  /** Lets a lease last for `deadline` ms from now; 0 gives it back. Whether the ack id had a lease. */
  modifyDeadline(ackId: string, deadline: number, now: number): boolean {
    this.advance(now);
    const held = this.byAckId.get(ackId);
    if (held?.state !== 'leased') return false;
    if (deadline > 0) {
      this.timed.set(held, now + deadline);
    } else {
      this.revoke(held);
      this.fail(held, now);
    }
    return true;
  }

  /** Does what time has brought: leases lapse, waits end. */
  advance(now: number): void {
    for (let held = this.timed.takeDue(now); held; held = this.timed.takeDue(now)) {
      if (held.state === 'leased') this.lapse(held, now);
      else this.enqueue(held, now, now);
    }
  }

  /** When `advance` next has something to do; Infinity for never. */
  get nextDue(): number {
    return this.timed.nextDue;
  }

  /** Lets every lease lapse at once. */
  expireLeases(now: number): void {
    for (const held of [...this.unacked]) if (held.state === 'leased') this.lapse(held, now);
  }

  get standing(): Standing {
    return {
      undelivered: this.unacked.size - this.leased,
      outstanding: this.leased,
      acked: this.acked,
      forwarded: this.forwarded,
      deliveries: [...this.deliveries],
    };
  }

  /** Delivery attempts so far of every message that is neither acked nor forwarded, by message id. */
  get attempts(): ReadonlyMap<string, number> {
    return new Map([...this.unacked].map((held) => [held.message.messageId, held.attempts]));
  }

  private deliver(held: Held, holder: Holder, deadline: number): ReceivedMessage {
    this.revoke(held);
    const ackId = `${this.id}:${(this.receipts += 1)}`;
    this.byAckId.set(ackId, held);
    held.ackId = ackId;
    held.state = 'leased';
    held.holder = holder;
    held.attempts += 1;
    this.deliveries[held.attempts - 1] = (this.deliveries[held.attempts - 1] ?? 0) + 1;
    this.leased += 1;
    holder.take(held.bytes);
    this.timed.set(held, deadline);
    return { ackId, message: held.message, deliveryAttempt: this.rules.maxDeliveryAttempts === undefined ? 0 : held.attempts };
  }

  /** Without exactly-once delivery a late ack still counts until the message is delivered again. */
  private lapse(held: Held, now: number): void {
    if (this.rules.exactlyOnce) this.revoke(held);
    this.fail(held, now);
  }

  private fail(held: Held, now: number): void {
    const { retry, maxDeliveryAttempts = Infinity } = this.rules;
    this.release(held);
    if (held.attempts >= maxDeliveryAttempts && this.forward(held.message, held.attempts, now)) {
      this.forwarded += 1;
      this.forget(held);
      return;
    }
    const wait = retry === undefined ? 0 : Math.min(retry.maximum, retry.minimum * 2 ** (held.attempts - 1));
    this.enqueue(held, now, now + wait);
  }

  private enqueue(held: Held, now: number, dueAt: number): void {
    if (dueAt > now) {
      held.state = 'waiting';
      this.timed.set(held, dueAt);
    } else {
      held.state = 'ready';
      (held.attempts > 0 ? this.again : this.fresh).push(held);
    }
  }

  private forget(held: Held): void {
    this.revoke(held);
    this.release(held);
    held.state = 'gone';
    this.unacked.delete(held);
  }

  private revoke(held: Held): void {
    if (held.ackId === undefined) return;
    this.byAckId.delete(held.ackId);
    held.ackId = undefined;
  }

  private release(held: Held): void {
    this.timed.delete(held);
    if (held.state !== 'leased') return;
    this.leased -= 1;
    held.holder?.free(held.bytes);
    held.holder = undefined;
    held.state = 'ready';
  }
}
