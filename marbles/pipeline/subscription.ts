import { BehaviorSubject, concat, defer, filter, ignoreElements, map, of, take, takeUntil, tap, type Observable } from 'rxjs';
import type { Message } from '../../src/model/message.js';
import type { Source, SourceEvent } from '../../src/runtime/ports.js';
import type { Mark } from '../mark.js';

/** Words that are no business of the subscription. */
const OF_THE_PROCESS: readonly string[] = ['KILL', 'START', 'STOP'];

/**
 * A Pub/Sub subscription with an ack deadline of 30 s, as one reader sees it: each mark is delivered
 * as a message when it comes. At `LOST` the connection is gone, at `OPEN` it is there again.
 */
export const subscription = (marks$: Observable<Mark>, messageOf: (mark: Mark) => Message, onAck: (messages: readonly Message[]) => void): Source => {
  const unacked$ = new BehaviorSubject(0);
  const eventOf = (mark: Mark): SourceEvent => {
    if (mark.name === 'LOST') return { _tag: 'Interrupted', cause: 'the connection is lost', lost: true };
    if (mark.name === 'OPEN') return { _tag: 'Opened' };
    unacked$.next(unacked$.value + 1);
    return { _tag: 'Delivered', messages: [messageOf(mark)] };
  };
  return {
    backlog: 'in_any_order',
    redeliveredWithin: () => 30_000,
    open: ({ stop$ }) => defer(() => {
      let complete = true;
      return concat(
        of<SourceEvent>({ _tag: 'Opened' }),
        marks$.pipe(filter(({ name }) => !OF_THE_PROCESS.includes(name)), takeUntil(stop$.pipe(tap(() => (complete = false)))), map(eventOf)),
        defer(() => of<SourceEvent>({ _tag: 'Ended', complete })),
        unacked$.pipe(filter((count) => count === 0), take(1), ignoreElements()),
      );
    }),
    ack: (messages) => defer(() => {
      onAck(messages);
      unacked$.next(unacked$.value - messages.length);
      return of([]);
    }),
  };
};
