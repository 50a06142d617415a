import { EMPTY, catchError, concatWith, defer, filter, interval, merge, of, repeat, switchMap, takeUntil, tap, timer, type Observable } from 'rxjs';
import type { SourceEvent } from '../runtime/ports.js';
import type { Machine } from './machine.js';
import type { PubsubCounters } from './pubsubCounters.js';
import type { PubsubLeases, Quantity } from './pubsubLeases.js';
import { LONGEST_WAIT, backOff, causeOf, fatal, isPassing } from './pubsubStatus.js';
import type { Pull } from './pubsubStream.js';

export interface ReadingOptions {
  readonly pull: Pull;
  readonly subscription: string;
  /** Whole seconds. */
  readonly ackDeadline: number;
  /** A stream that has delivered nothing for so long, ms, while nothing was held, is opened anew. */
  readonly silentAfter: number;
  readonly limit: () => Quantity;
  readonly leases: PubsubLeases;
  readonly counters: PubsubCounters;
  readonly machine: Machine;
  /** Tells a late subscriber too. */
  readonly stop$: Observable<unknown>;
}

/** A stream is opened anew when that makes its limit so many times greater. */
const WORTH_REOPENING = 1.5;

/**
 * One stream after the other until `stop$` emits: `Opened` and `Delivered` of each, and
 * `Interrupted` with its cause when one ends, also when it could not be opened.
 *
 * A stream's limit is fixed when it is opened, to what is held then leaves of ours; with nothing
 * left none is opened. It is opened anew when what it was opened beside has been acked (or the
 * limit has been raised), when it is silent, and when it was lost: that with growing waits.
 */
export const keepReading = ({ pull, subscription, ackDeadline, silentAfter, limit, leases, counters, machine, stop$ }: ReadingOptions): Observable<SourceEvent> =>
  defer(() => {
    const { timers, monotonic, fraction } = machine;
    const clientId = machine.uniqueName();
    let wasOpen = false;
    let failures = 0;

    /** What a stream may have now; undefined: nothing. */
    const room = (): Quantity | undefined => {
      const left = leases.roomWithin(limit());
      return left.messages > 0 && left.bytes > 0 ? left : undefined;
    };

    const grownFrom = (given: Quantity) => (): true | undefined => {
      const left = leases.roomWithin(limit());
      return (left.messages / given.messages) * (left.bytes / given.bytes) >= WORTH_REOPENING ? true : undefined;
    };

    const silence$ = defer(() => {
      let seen = counters.delivered;
      let quietTenths = 0;
      return interval(silentAfter / 10, timers).pipe(
        filter(() => {
          quietTenths = counters.delivered === seen && leases.isEmpty ? quietTenths + 1 : 0;
          seen = counters.delivered;
          return quietTenths === 10;
        }),
        tap(() => (counters.silentReopened += 1)),
      );
    });

    const stream = (given: Quantity): Observable<SourceEvent> =>
      defer(() => {
        const startedAt = monotonic();
        let cause = 'the server ended the stream';
        let lost = true;
        const ours = (why: string) =>
          tap(() => {
            cause = why;
            lost = false;
          });
        const close$ = merge(
          stop$,
          leases.when(grownFrom(given)).pipe(ours('opened anew with more room')),
          silence$.pipe(ours('opened anew after silence')),
        );
        const request = {
          subscription,
          clientId, // the same every time: the service then carries over what it knows of the former stream
          streamAckDeadlineSeconds: ackDeadline,
          maxOutstandingMessages: given.messages,
          maxOutstandingBytes: given.bytes,
        };

        return pull(request, close$).pipe(
          tap((event) => {
            if (event._tag === 'Opened') {
              if (wasOpen) counters.reopened += 1;
              wasOpen = true;
            } else {
              leases.hold(event.messages);
              failures = 0;
            }
          }),
          catchError((error: unknown) => {
            if (!isPassing(error)) throw fatal(subscription, error);
            cause = causeOf(error);
            return EMPTY;
          }),
          concatWith(
            defer(() => {
              if (!lost || monotonic() - startedAt > LONGEST_WAIT) failures = 0;
              if (lost) failures += 1;
              return of<SourceEvent>({ _tag: 'Interrupted', cause, lost }).pipe(takeUntil(stop$));
            }),
          ),
        );
      });

    return defer(() => leases.when(room).pipe(takeUntil(stop$), switchMap(stream))).pipe(
      repeat({ delay: () => timer(failures === 0 ? 0 : backOff(failures, fraction), timers).pipe(takeUntil(stop$)) }),
    );
  });
