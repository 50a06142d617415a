import type * as t from 'io-ts';
import type { Aggregate, Either, Millis, Pane } from '../../operators/index.js';
import type { ProductCodec } from '../changelog/productCodec.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Outcome } from '../model/outcome.js';
import type { SessionEvent, Taken, ValidEvent } from '../model/sessionEvent.js';

/**
 * A data product: all that it has of its own in the flow of `pipeline.ts`, from the events it is made
 * of to what it tells of a session.
 *
 * E: an event; M: what is kept of one; A: what a session accumulates.
 */
export interface Product<E extends SessionEvent, M extends { readonly timestamp: Millis }, A> {
  /** What every event must have, or it is `invalid`. */
  readonly event: t.Type<E>;
  /** The `event_name`s it is made of; all others are excluded. An event without a name, where `event` lets it have none, is taken for one of these. */
  readonly eventNames: readonly string[];
  /** Makes of an event what is kept of it, or refuses it. Two timestamps of an event that disagree are no reason to: that is told to `onContradiction`. */
  readonly enrichment: (onContradiction: () => void) => (valid: ValidEvent<E>) => Either<DeadLetter, Taken<M>>;
  /** A session's accumulator must not depend on the order in which its events came. */
  readonly aggregate: Aggregate<Taken<M>, A>;
  readonly results: (pane: Pane<string, A>) => readonly Outcome[];
  /** How its state is written down, read and shown. */
  readonly codec: ProductCodec<A>;
}
