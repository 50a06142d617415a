import { connect as connectTo, createServer, type Socket } from 'node:net';
import { Subject, type Subscription } from 'rxjs';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { ensureSubscription, ensureTopic, type SubscriptionSettings } from '../../src/io/pubsubAdmin.js';
import { createPublisher, type OutgoingMessage } from '../../src/io/pubsubPublisher.js';
import { pubsubSource, type PubsubSource, type PubsubSourceOptions } from '../../src/io/pubsubSource.js';
import type { Message } from '../../src/model/message.js';
import type { SourceEvent } from '../../src/runtime/ports.js';

/** Resolves when the condition holds; rejects, with what stood in its place, after 30 s. */
export const until = async (condition: () => boolean, state: () => unknown = () => '', patience = 30_000): Promise<void> => {
  const giveUpAt = performance.now() + patience;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${patience} ms in vain: ${condition.toString()} ${JSON.stringify(state())}`);
    await pause(10);
  }
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A source being read: what it emitted so far, and acks on demand. */
export class Reading {
  readonly events: SourceEvent[] = [];
  readonly messages: Message[] = [];
  error: unknown;
  isOver = false;
  /** Delivered, and its ack not yet asked for: now, and at most so far. */
  unacked = 0;
  mostUnacked = 0;
  private readonly stop$ = new Subject<void>();
  private readonly subscription: Subscription;
  private readonly acks: Promise<void>[] = [];

  constructor(
    readonly source: PubsubSource,
    control: { readonly maxOutstandingMessages: number },
    private readonly onDelivered: (messages: readonly Message[], reading: Reading) => void = () => undefined,
  ) {
    const { stop$ } = this;
    const withStop = {
      stop$,
      get maxOutstandingMessages() {
        return control.maxOutstandingMessages;
      },
    };
    this.subscription = source.open(withStop).subscribe({
      next: (event) => this.note(event),
      error: (error: unknown) => {
        this.error = error;
        this.isOver = true;
      },
      complete: () => (this.isOver = true),
    });
  }

  ack(messages: readonly Message[]): Promise<void> {
    this.unacked -= messages.length;
    const acked = new Promise<void>((resolve, reject) => this.source.ack(messages).subscribe({ complete: resolve, error: reject }));
    acked.catch(() => undefined); // whoever waits for it hears of it
    this.acks.push(acked);
    return acked;
  }

  /** Every ack asked for so far has been told. */
  async allTold(): Promise<void> {
    await Promise.all(this.acks);
  }

  tags(): string[] {
    return this.events.map((event) => event._tag);
  }

  causes(): string[] {
    return this.events.flatMap((event) => (event._tag === 'Interrupted' ? [event.cause] : []));
  }

  stop(): void {
    this.stop$.next();
  }

  leave(): void {
    this.subscription.unsubscribe();
  }

  async over(): Promise<void> {
    await until(() => this.isOver, () => ({ counters: this.source.counters, tags: this.tags().slice(-5) }));
    if (this.error instanceof Error) throw this.error;
  }

  private note(event: SourceEvent): void {
    this.events.push(event);
    if (event._tag !== 'Delivered') return;
    this.messages.push(...event.messages);
    this.unacked += event.messages.length;
    this.mostUnacked = Math.max(this.mostUnacked, this.unacked);
    this.onDelivered(event.messages, this);
  }
}

/** Acks each delivery as it comes. */
export const ackAll = (messages: readonly Message[], reading: Reading): void => void reading.ack(messages);

export interface LogEntry {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An emulator with one topic and one subscription of its own, all gone after `close`. */
export class Bench {
  readonly log: LogEntry[] = [];
  private readonly readings: Reading[] = [];

  private constructor(
    readonly emulator: Emulator,
    readonly topic: string,
    readonly subscription: string,
  ) {}

  static async start(settings: SubscriptionSettings = {}): Promise<Bench> {
    const emulator = await startEmulator();
    const apiEndpoint = emulator.address;
    const bench = new Bench(emulator, 'projects/shop/topics/views', 'projects/shop/subscriptions/views');
    await ensureTopic(bench.topic, { apiEndpoint });
    if (settings.deadLetter) await ensureTopic(settings.deadLetter.topic, { apiEndpoint });
    await ensureSubscription(bench.subscription, bench.topic, { ...settings, apiEndpoint });
    return bench;
  }

  source(options: Partial<PubsubSourceOptions> = {}): PubsubSource {
    const log = (level: string, event: string, fields: Readonly<Record<string, unknown>>): void => void this.log.push({ level, event, fields });
    return pubsubSource({ subscription: this.subscription, apiEndpoint: this.emulator.address, ackDeadline: 10, log, ...options });
  }

  read(source: PubsubSource, maxOutstandingMessages: number, onDelivered?: (messages: readonly Message[], reading: Reading) => void): Reading {
    return this.readWithin(source, { maxOutstandingMessages }, onDelivered);
  }

  readWithin(
    source: PubsubSource,
    control: { readonly maxOutstandingMessages: number },
    onDelivered?: (messages: readonly Message[], reading: Reading) => void,
  ): Reading {
    const reading = new Reading(source, control, onDelivered);
    this.readings.push(reading);
    return reading;
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const publisher = createPublisher({ projectTopic: this.topic, apiEndpoint: this.emulator.address });
    await publisher.publish(messages);
    await publisher.close();
  }

  inspect(): ReturnType<Emulator['inspect']> {
    return this.emulator.inspect(this.subscription);
  }

  async close(): Promise<void> {
    for (const reading of this.readings) reading.leave();
    await this.emulator.close();
  }
}

/** `count` messages with the bodies `0`, `1`, …, each padded to `bytes`. */
export const numbered = (count: number, bytes = 0): OutgoingMessage[] =>
  Array.from({ length: count }, (_, index) => ({ data: String(index).padEnd(bytes), attributes: { index: String(index) } }));

/** The different numbers among messages made by `numbered`. */
export const numbers = (messages: readonly Message[]): Set<number> => new Set(messages.map(({ body }) => Number(body.toString())));

/** The way to a server, which can be blocked and freed. */
export class Road {
  private readonly sockets = new Set<Socket>();
  private server = createServer();
  private port = 0;

  private constructor(private readonly to: string) {}

  static async to(address: string): Promise<Road> {
    const road = new Road(address);
    await road.free(0);
    return road;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async free(port = this.port): Promise<void> {
    const [host, targetPort] = this.to.split(':');
    this.server = createServer((near) => {
      const far = connectTo(Number(targetPort), host);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    const bound = this.server.address();
    if (bound !== null && typeof bound === 'object') this.port = bound.port;
  }

  /** Breaks all connections and refuses new ones. */
  async block(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
