import type { OperatorFunction } from 'rxjs';
import { operate } from './internal/operate.js';
import type { Right, Tagged } from './types.js';

/** What stays in the stream. */
export type Rest<T, Tag> = Tag extends 'Left' ? (T extends Right<infer A> ? A : Exclude<T, { readonly _tag: 'Left' }>) : Exclude<T, { readonly _tag: Tag }>;

/** Takes what was sent aside: a function, or the `next` of an observer. Completion and errors stay in the main stream. */
export type Aside<T> = ((value: T) => void) | { next(value: T): void };

/**
 * Sends the values with one tag aside and lets the rest pass; `branch('Left', …)` also unwraps the
 * `Right`s it lets pass, which ends the railway.
 *
 * ```marble railway/branch
 * time    0s    10s            20s   30s
 * source  view  torn           view  |
 * out     view                 view
 * late          left{invalid}
 * ```
 *
 * Shape: every value goes exactly one way, in order and before the next one comes. State: none.
 *
 * Errors: a throw in the observer becomes `error`; an error of the source passes through.
 *
 * Source: `branch` of Kafka Streams and Bytewax; Flink's side outputs.
 */
export function branch<T extends Tagged, Tag extends T['_tag']>(tag: Tag, aside: Aside<Extract<T, { readonly _tag: Tag }>>): OperatorFunction<T, Rest<T, Tag>>;
export function branch(tag: string, aside: Aside<Tagged>): OperatorFunction<Tagged, unknown> {
  const send = typeof aside === 'function' ? aside : (value: Tagged) => aside.next(value);
  const unwraps = tag === 'Left';
  return operate((out) => ({
    next(value) {
      if (value._tag === tag) send(value);
      else out.next(unwraps && isRight(value) ? value.right : value);
    },
  }));
}

const isRight = (value: Tagged): value is Right<unknown> => value._tag === 'Right';
