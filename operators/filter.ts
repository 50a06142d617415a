import type { OperatorFunction } from 'rxjs';
import { operate } from './internal/operate.js';
import type { Either } from './types.js';

/**
 * Moves what the predicate does not want to the other rail, with its reason.
 *
 * Shape: one `Either` per `Either`, in order; a `Left` passes untouched. State: none.
 *
 * Errors: a throw in a callback becomes `error`.
 *
 * Source: RxJS's `filter`, which drops what it excludes; here nothing is dropped.
 */
export const filter = <E, A>(predicate: (value: A) => boolean, onExcluded: (value: A) => E): OperatorFunction<Either<E, A>, Either<E, A>> =>
  operate((out) => ({
    next(either) {
      if (either._tag === 'Left' || predicate(either.right)) out.next(either);
      else out.next({ _tag: 'Left', left: onExcluded(either.right) });
    },
  }));
