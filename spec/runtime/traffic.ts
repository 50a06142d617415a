import * as fc from 'fast-check';
import type { Outcome, Result } from '../../src/model/outcome.js';
import type { View } from '../pipeline/play.js';

interface Step {
  /** Seconds since the message before it. */
  readonly after: number;
  /** Seconds between view and publication; negative: a clock that is ahead. */
  readonly delay: number;
  readonly session: string;
  readonly page: string | null;
  readonly id: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof({ weight: 4, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.nat(400) }),
  delay: fc.oneof({ weight: 6, arbitrary: fc.nat(12) }, { weight: 2, arbitrary: fc.nat(1_000) }, { weight: 1, arbitrary: fc.constant(-600) }),
  session: fc.constantFrom('ada', 'bob', 'eve'),
  page: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('A', 'B', 'C') }, { weight: 1, arbitrary: fc.constant(null) }),
  id: fc.nat(40),
});

/** Visitors with views that come in disorder, too late, twice, from the future, from long ago or without a page. */
export const views: fc.Arbitrary<readonly View[]> = fc.array(step, { maxLength: 40 }).map((steps) => {
  let published = 0;
  return steps.map(({ after, delay, session, page, id }): View => {
    published += after;
    return { session, page, at: published - delay, published, id: `${id}` };
  });
});

/** All that can be told of a result. */
export const told = <R extends Outcome>({ emitted: { key, value, revision, pane }, processingTime }: Result<R>) => ({
  key, value, revision, processingTime, timing: pane.timing, index: pane.index, window: pane.window, historic: pane.historic, forced: pane.forced, isLast: pane.isLast,
});
