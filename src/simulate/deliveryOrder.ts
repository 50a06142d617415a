import type { Message } from '../model/message.js';

/** Watches that a process gives its pipeline the messages in the order in which it got them, also to one that was built anew. */
export class DeliveryOrder {
  private readonly places = new Map<Message['receipt'], number>();
  private last = -1;

  delivered(messages: readonly Message[]): void {
    for (const { receipt } of messages) this.places.set(receipt, this.places.size);
  }

  builtAnew(): void {
    this.last = -1;
  }

  /** Whether it comes after those before it. */
  isNext({ receipt }: Message): boolean {
    const place = this.places.get(receipt) ?? -1;
    const isNext = place > this.last;
    this.last = place;
    return isNext;
  }
}
