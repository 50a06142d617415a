import { MarbleMismatch, run, type AssertEqual } from './run.js';
import type { Diagram } from './diagram.js';

/** What jest expects of a matcher. */
interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/**
 * A matcher for jest (and vitest): `expect.extend(marbleMatchers(equal))`, then
 * `expect(diagram).toPlayAsDrawn()`.
 *
 * @param assertEqual `(actual, expected) => expect(actual).toStrictEqual(expected)`
 */
export const marbleMatchers = (assertEqual: AssertEqual): { toPlayAsDrawn(diagram: Diagram): MatcherResult } => ({
  toPlayAsDrawn(diagram) {
    try {
      run(diagram, assertEqual);
      return { pass: true, message: () => `${diagram.id} plays as drawn, and was expected not to` };
    } catch (error) {
      if (!(error instanceof MarbleMismatch)) throw error;
      return { pass: false, message: () => error.message };
    }
  },
});
