import { EMPTY, Subject, catchError, defer, exhaustMap, filter, from, ignoreElements, interval, map, mergeMap, startWith, take, tap, type Observable } from 'rxjs';
import type { Message } from '../model/message.js';
import type { Machine } from './machine.js';
import { REQUESTS_AT_ONCE, portions, refusedAckIds, type RefusedAckIds } from './pubsubAckIds.js';
import type { SubscriberCalls } from './pubsubClients.js';
import type { PubsubCounters } from './pubsubCounters.js';
import type { PubsubLog } from './pubsubLog.js';
import { causeOf } from './pubsubStatus.js';

/** Messages and bytes. */
export interface Quantity {
  readonly messages: number;
  readonly bytes: number;
}

export interface ExtendOptions {
  readonly client: SubscriberCalls;
  readonly subscription: string;
  /** Whole seconds. */
  readonly ackDeadline: number;
  readonly machine: Machine;
  readonly log: PubsubLog;
}

/** The deliveries that are held: passed on and not yet acked, whichever stream they came by. */
export class PubsubLeases {
  private readonly bytesOf = new Map<string, number>();
  /** Those whose lease has ended: held still, but there is nothing to extend. */
  private readonly ended = new Set<string>();
  private readonly releases = new Subject<void>();

  constructor(private readonly counters: PubsubCounters) {
    counters.held = 0;
    counters.heldBytes = 0;
  }

  hold(messages: readonly Message[]): void {
    const { bytesOf, counters } = this;
    for (const message of messages) {
      const ackId = ackIdOf(message);
      const bytes = sizeOf(message);
      if (bytesOf.has(ackId)) continue;
      bytesOf.set(ackId, bytes);
      counters.heldBytes += bytes;
    }
    counters.held = bytesOf.size;
    counters.delivered += messages.length;
  }

  release(messages: readonly Message[]): void {
    const { bytesOf, counters } = this;
    for (const message of messages) {
      const ackId = ackIdOf(message);
      counters.heldBytes -= bytesOf.get(ackId) ?? 0;
      bytesOf.delete(ackId);
      this.ended.delete(ackId);
    }
    counters.held = bytesOf.size;
    this.releases.next();
  }

  /** What the limit leaves beside what is held. */
  roomWithin(limit: Quantity): Quantity {
    return { messages: limit.messages - this.counters.held, bytes: limit.bytes - this.counters.heldBytes };
  }

  get isEmpty(): boolean {
    return this.bytesOf.size === 0;
  }

  /** Emits `value()` as soon as it is defined: at once, or after a release. */
  when<A>(value: () => A | undefined): Observable<A> {
    return this.releases.pipe(
      startWith(undefined),
      map(value),
      filter((it) => it !== undefined),
      take(1),
    );
  }

  /** Extends all leases every third of the deadline, so that two rounds may fail. Emits nothing and does not end by itself. */
  extend({ client, subscription, ackDeadline, machine, log }: ExtendOptions): Observable<never> {
    const period = (ackDeadline * 1_000) / 3;
    const extendSome = (ackIds: string[]) =>
      defer(() => client.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: ackDeadline }, { timeout: period, retry: null })).pipe(
        tap(() => (this.counters.extended += ackIds.length)),
        catchError((error: unknown) => {
          const refused = refusedAckIds(error);
          if (refused === undefined) log('warn', 'leases_not_extended', { subscription, leases: ackIds.length, cause: causeOf(error) });
          else this.noteRefused(ackIds.length, refused);
          return EMPTY;
        }),
      );
    return interval(period, machine.timers).pipe(
      exhaustMap(() => from(portions(this.extendable())).pipe(mergeMap(extendSome, REQUESTS_AT_ONCE))),
      ignoreElements(),
    );
  }

  private noteRefused(asked: number, { ended, passing }: RefusedAckIds): void {
    this.counters.extended += asked - ended.length - passing.length;
    this.counters.extensionsRefused += ended.length;
    for (const ackId of ended) if (this.bytesOf.has(ackId)) this.ended.add(ackId);
  }

  private extendable(): Iterable<string> {
    return this.ended.size === 0 ? this.bytesOf.keys() : [...this.bytesOf.keys()].filter((ackId) => !this.ended.has(ackId));
  }
}

export const ackIdOf = ({ receipt }: Message): string => String(receipt);

const sizeOf = ({ body, attributes }: Message): number => {
  let bytes = body.length;
  for (const name in attributes) bytes += name.length + (attributes[name]?.length ?? 0);
  return bytes;
};
