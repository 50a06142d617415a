import type { OperatorFunction } from 'rxjs';
import { operate } from './internal/operate.js';
import type { Either } from './types.js';

/**
 * Adds to each value what `f` knows of it, synchronously; `f` may refuse with a `Left`.
 *
 * Shape: one `Either` per `Either`, in order; a `Left` passes untouched. State: none.
 *
 * Errors: a throw in `f` becomes `error`.
 *
 * Source: fp-ts's `Either.chain`. What has to be fetched is refreshed aside and read here.
 */
export const enrich = <E, A, B>(f: (value: A) => Either<E, B>): OperatorFunction<Either<E, A>, Either<E, B>> =>
  operate((out) => ({ next: (either) => out.next(either._tag === 'Left' ? either : f(either.right)) }));
