import { status } from '@grpc/grpc-js';
import { Broker, type Subscribed } from './broker.js';
import { Dispatcher } from './dispatcher.js';
import { notFound, Refusal } from './refusal.js';

/** The broker, its clock and its dispatchers: what the services share. */
export class Emulation {
  readonly broker: Broker;
  private readonly dispatchers = new Map<Subscribed, Dispatcher>();

  /** @param clock ms since the epoch, never going back */
  constructor(readonly clock: () => number) {
    this.broker = new Broker(clock(), (subscribed) => this.dispatcher(subscribed).wake());
  }

  dispatcher(subscribed: Subscribed): Dispatcher {
    const known = this.dispatchers.get(subscribed);
    if (known) return known;
    const dispatcher = new Dispatcher(subscribed.backlog, this.clock);
    this.dispatchers.set(subscribed, dispatcher);
    return dispatcher;
  }

  deleteSubscription(name: string): void {
    const subscribed = this.broker.deleteSubscription(name);
    const dispatcher = this.dispatcher(subscribed);
    dispatcher.cut(notFound(name));
    dispatcher.close();
    this.dispatchers.delete(subscribed);
  }

  /** Ends every open stream and waiting pull. */
  cutStreams(): void {
    const reason = new Refusal(status.UNAVAILABLE, 'The emulator has ended the call.');
    for (const dispatcher of this.dispatchers.values()) dispatcher.cut(reason);
  }

  close(): void {
    this.cutStreams();
    for (const dispatcher of this.dispatchers.values()) dispatcher.close();
  }
}
