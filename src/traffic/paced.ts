import { asyncScheduler, concat, defer, EMPTY, from, ignoreElements, of, repeat, timer, type Observable, type ObservableInput, type SchedulerLike } from 'rxjs';
import type { Millis } from '../../operators/index.js';

export interface PacedOptions<A> {
  /** By time; taken from only as far as the clock has come. */
  readonly items: Iterator<A, unknown>;
  readonly at: (item: A) => Millis;
  /** Takes items whose time has come, and completes when it has taken them. Nothing more is asked of it before. */
  readonly send: (due: readonly A[]) => ObservableInput<unknown>;
  /** Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** How often the clock is looked at. */
const TICK: Millis = 50;

/** What is long due is sent in portions of this size. */
const MOST_AT_ONCE = 1_000;

/**
 * Sends each item when its time has come, what is past already at once. A receiver that is slower
 * than that is waited for: the items stay in their iterator, and memory stays flat.
 *
 * Shape: emits after every send how many items that were; completes after the last one.
 *
 * Errors: those of `send` and of the iterator.
 */
export const paced = <A>({ items, at, send, scheduler = asyncScheduler }: PacedOptions<A>): Observable<number> =>
  defer(() => {
    let next = items.next();
    const takeDue = (): A[] => {
      const due: A[] = [];
      while (next.done !== true && due.length < MOST_AT_ONCE && at(next.value) <= scheduler.now()) {
        due.push(next.value);
        next = items.next();
      }
      return due;
    };
    return defer(() => {
      const due = takeDue();
      return due.length === 0 ? EMPTY : concat(from(send(due)).pipe(ignoreElements()), of(due.length));
    }).pipe(
      repeat({
        delay: () => {
          if (next.done === true) return EMPTY; // and so it completes
          return timer(at(next.value) <= scheduler.now() ? 0 : TICK, scheduler);
        },
      }),
    );
  });
