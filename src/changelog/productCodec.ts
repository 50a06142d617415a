import type { Outcome } from '../model/outcome.js';
import type { Interning } from './interning.js';

/**
 * How a state has what is a data product's own. All texts are JSON, which has no tab and no end
 * of a line within; what is read throws `Malformed` where it has another shape.
 */
export interface ProductCodec<A> {
  /** What a session has accumulated. */
  readonly accumulatorText: (accumulator: A) => string;
  /** Called for every session of a restored state: reading is best left until somebody asks. */
  readonly accumulatorOf: (text: string, intern: Interning) => A;
  /** What {@link Outcome.written} wrote. */
  readonly outcomeOf: (members: readonly unknown[], intern: Interning) => Outcome;
  /** What `state export` shows of a session beside the window: by names of its own. */
  readonly shown: (accumulator: A) => object;
}
