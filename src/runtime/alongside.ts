import { Subject, defer, finalize, merge, takeUntil, type MonoTypeOperatorFunction, type Observable } from 'rxjs';

/** Keeps something else going from just before the source starts until it is over; an error of either ends both. */
export const alongside =
  <A>(side$: Observable<never>): MonoTypeOperatorFunction<A> =>
  (main$) =>
    defer(() => {
      const over$ = new Subject<void>();
      return merge(side$.pipe(takeUntil(over$)), main$.pipe(finalize(() => over$.next())));
    });
