import { EMPTY, catchError, concat, defer, finalize, ignoreElements, map, merge, of, reduce, retry, shareReplay, switchMap, take, tap, throwError, timer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { alongside } from '../runtime/alongside.js';
import type { Source, SourceControl, SourceEvent } from '../runtime/ports.js';
import { acknowledge } from './pubsubAcks.js';
import { thisMachine, type Machine } from './machine.js';
import { subscriptionFacts, type SubscriptionFacts } from './pubsubAdmin.js';
import { subscriberClient, type PubsubEndpoint, type SubscriberCalls } from './pubsubClients.js';
import { zeroCounters, type PubsubCounters } from './pubsubCounters.js';
import { PubsubLeases, ackIdOf } from './pubsubLeases.js';
import type { PubsubLog } from './pubsubLog.js';
import { keepReading } from './pubsubReading.js';
import { backOff, causeOf, fatal, isPassing } from './pubsubStatus.js';
import { pullStub, streamingPull, type Pull } from './pubsubStream.js';

export interface PubsubSourceOptions extends PubsubEndpoint {
  /** `projects/P/subscriptions/S`. */
  readonly subscription: string;
  /** How long a lease lasts, whole seconds from 10 to 600; it is extended every third of that. Default 30. */
  readonly ackDeadline?: number;
  /** Bytes that may be delivered and not yet acked. Default 256 MiB. */
  readonly maxOutstandingBytes?: number;
  /** A stream that delivers nothing for so long, ms, though nothing is held, is opened anew. Default 5 min. */
  readonly silentAfter?: number;
  readonly log: PubsubLog;
}

/** What the source works with. */
export interface PubsubPort {
  readonly machine: Machine;
  readonly connect: () => Promise<PubsubConnection>;
}

/** A subscription, as far as the source needs it. Failures are gRPC's. */
export interface PubsubConnection {
  readonly client: SubscriberCalls;
  /** Rejects when there is no way to read. */
  readonly pull: () => Promise<Pull>;
  readonly facts: () => Promise<SubscriptionFacts>;
}

export interface PubsubSource extends Source {
  /** Live: they change as the source works. */
  readonly counters: Readonly<PubsubCounters>;
}

/** With fewer delivery attempts a few outages or hard restarts dead-letter good messages. */
const ENOUGH_ATTEMPTS = 20;

/**
 * Messages from a Pub/Sub subscription, by StreamingPull of the generated client.
 *
 * *Back pressure*: the server's. A stream is opened with what is left of the limit of messages and
 * bytes that may be held (delivered and not yet acked), and the server sends nothing beyond that.
 * The transport itself is always read: a message that waits in it is leased, and nobody extends
 * its lease. `maxOutstandingMessages` is looked at after every ack: when it has been raised, the
 * stream is opened anew with the new limit.
 *
 * *Delivery guarantee*: at least once. The leases of what is held are extended until it is acked,
 * also while no stream is open and after a stop. A message may come again under another ack id, so
 * every delivery is to be acked. An ack is retried for as long as its lease lasts; one that could not
 * be told by then, or was refused since the lease had ended, is counted, and the message may come again.
 *
 * *On failure*: a lost stream is `Interrupted` and opened again, for as long as it takes. What
 * trying again does not mend (no such subscription, no permission) is an error that says what to do.
 * A throw of whatever consumes the messages ends this as it ends any Observable, never in silence.
 *
 * To be opened once at a time. Unsubscribing without a stop forgets the leases: what was held comes
 * again when they lapse, and that counts as a failed delivery.
 */
export const pubsubSource = (options: PubsubSourceOptions, { machine, connect }: PubsubPort = generatedClient(options)): PubsubSource => {
  const { subscription, ackDeadline = 30, maxOutstandingBytes = 256 * 1024 * 1024, silentAfter = 300_000, log } = options;
  const counters = zeroCounters();
  /** As far as is known: the subscription's settings need not be readable. */
  let redeliveryWait: Millis = 0;
  let session: { readonly client: SubscriberCalls; readonly leases: PubsubLeases } | undefined;

  const read = ({ client, pull, facts }: PubsubConnection, control: SourceControl, stop$: Observable<unknown>): Observable<SourceEvent> =>
    defer(() => {
      const leases = new PubsubLeases(counters);
      session = { client, leases };
      const limit = () => ({ messages: control.maxOutstandingMessages, bytes: maxOutstandingBytes });
      const reading$ = defer(pull).pipe(
        catchError((error: unknown) => throwError(() => fatal(subscription, error))),
        switchMap((open) => keepReading({ pull: open, subscription, ackDeadline, silentAfter, limit, leases, counters, machine, stop$ })),
      );
      const allAcked$ = leases.when(() => leases.isEmpty || undefined).pipe(ignoreElements());
      return concat(reading$, of<SourceEvent>({ _tag: 'Ended', complete: false }), allAcked$).pipe(
        alongside(merge(leases.extend({ client, subscription, ackDeadline, machine, log }), readFacts(facts))),
      );
    }).pipe(
      finalize(() => {
        session = undefined;
        // It rejects when the client never came to be connected: nothing to close then.
        client.close().catch(() => undefined);
      }),
    );

  const readFacts = (facts: PubsubConnection['facts']): Observable<never> =>
    defer(facts).pipe(
      retry({ delay: (error: unknown, failures) => (isPassing(error) ? timer(backOff(failures, machine.fraction), machine.timers) : throwError(() => error)) }),
      tap(({ maxDeliveryAttempts = Infinity, retryMaximum = 0 }) => {
        redeliveryWait = retryMaximum;
        if (maxDeliveryAttempts >= ENOUGH_ATTEMPTS) return;
        const advice = `let its dead-letter policy allow ${ENOUGH_ATTEMPTS} attempts or more: hard restarts and outages count as failed deliveries`;
        log('warn', 'few_delivery_attempts', { subscription, maxDeliveryAttempts, advice });
      }),
      catchError((error: unknown) => {
        log('info', 'subscription_not_read', { subscription, cause: causeOf(error) });
        return EMPTY;
      }),
      ignoreElements(),
    );

  return {
    backlog: 'in_any_order',
    redeliveredWithin: () => ackDeadline * 1_000 + redeliveryWait,
    counters,
    figures: () => counters,

    open: (control) =>
      defer(() => {
        const stop$ = control.stop$.pipe(take(1), shareReplay({ bufferSize: 1, refCount: true }));
        return defer(connect).pipe(
          switchMap((connection) => read(connection, control, stop$)),
          alongside(stop$.pipe(ignoreElements())), // so that a stop is never missed
        );
      }),

    ack: (messages) =>
      defer(() => {
        if (messages.length === 0) return of([]);
        if (session === undefined) throw new Error(`${subscription}: nothing can be acked while the source is not open`);
        const { client, leases } = session;
        return acknowledge(messages.map(ackIdOf), { client, subscription, patience: ackDeadline * 1_000, counters, machine }).pipe(
          reduce((ids, id) => ids.add(id), new Set<string>()),
          map((unconfirmed) => messages.filter((message) => unconfirmed.has(ackIdOf(message)))),
          tap({ complete: () => leases.release(messages) }),
        );
      }),
  };
};

/** The port by Google's generated client. */
export const generatedClient = ({ subscription, ...endpoint }: PubsubSourceOptions): PubsubPort => ({
  machine: thisMachine,
  async connect() {
    const client = await subscriberClient(subscription, endpoint);
    return { client, pull: async () => streamingPull(await pullStub(client)), facts: () => subscriptionFacts(client, subscription) };
  },
});
