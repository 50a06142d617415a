import type { OperatorFunction } from 'rxjs';
import { operate } from './internal/operate.js';
import type { Either } from './types.js';

/**
 * Puts every value on one of two rails: what it was decoded to, or why it could not be.
 *
 * Shape: one `Either` per value, in order. State: none. Time: that of `decode`.
 *
 * Errors: bad data is a `Left`, never an error; a throw in `decode` is a broken callback and becomes `error`.
 *
 * Source: the railway of fp-ts; its `Either`s fit as they are.
 */
export const validate = <In, E, A>(decode: (value: In) => Either<E, A>): OperatorFunction<In, Either<E, A>> =>
  operate((out) => ({ next: (value) => out.next(decode(value)) }));
