import { EMPTY, catchError, concatWith, defer, from, ignoreElements, mergeMap, retry, tap, throwError, timer, type Observable } from 'rxjs';
import { thisMachine, type Machine } from './machine.js';
import { REQUESTS_AT_ONCE, portions, refusedAckIds, type RefusedAckIds } from './pubsubAckIds.js';
import type { SubscriberCalls } from './pubsubClients.js';
import type { PubsubCounters } from './pubsubCounters.js';
import { backOff, fatal, isPassing } from './pubsubStatus.js';

export interface AcknowledgeOptions {
  readonly client: SubscriberCalls;
  readonly subscription: string;
  /** How long to go on trying, ms. */
  readonly patience: number;
  readonly counters: PubsubCounters;
  readonly machine?: Machine;
}

/** The time of one request, ms. */
const TIMEOUT = 10_000;

/**
 * Acks the ids, portion by portion. Emits those that stay unconfirmed: because their leases had ended
 * (told under exactly-once delivery), or because they could not be told in time. Completes when every
 * id is either acked or has been emitted. An error is one that trying again does not mend.
 */
export const acknowledge = (ackIds: Iterable<string>, options: AcknowledgeOptions): Observable<string> =>
  from(portions(ackIds)).pipe(mergeMap((portion) => acknowledgePortion(portion, options), REQUESTS_AT_ONCE));

const acknowledgePortion = (portion: string[], { client, subscription, patience, counters, machine = thisMachine }: AcknowledgeOptions): Observable<string> =>
  defer(() => {
    const { timers, monotonic, fraction } = machine;
    const giveUpAt = monotonic() + patience;
    let untold = portion;
    const unconfirmed: string[] = [];
    const told = ({ ended, passing }: RefusedAckIds): void => {
      counters.acked += untold.length - ended.length - passing.length;
      unconfirmed.push(...ended);
      untold = [...passing];
    };

    return defer(() => client.acknowledge({ subscription, ackIds: untold }, { timeout: TIMEOUT, retry: null })).pipe(
      tap(() => told({ ended: [], passing: [] })),
      catchError((error: unknown) => {
        const refused = refusedAckIds(error);
        if (refused !== undefined) told(refused);
        return untold.length === 0 ? EMPTY : throwError(() => error);
      }),
      retry({
        delay: (error: unknown, failures) => {
          if (refusedAckIds(error) === undefined && !isPassing(error)) throw fatal(subscription, error);
          if (monotonic() < giveUpAt) return timer(backOff(failures, fraction), timers);
          unconfirmed.push(...untold);
          return EMPTY;
        },
      }),
      ignoreElements(),
      concatWith(defer(() => {
        counters.ackUnconfirmed += unconfirmed.length;
        return unconfirmed;
      })),
    );
  });
