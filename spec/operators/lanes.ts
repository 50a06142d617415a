import type { OperatorFunction } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** Compares what came with what was drawn, and throws when they differ: `assert.deepStrictEqual`, jest's `toStrictEqual`, … */
export type AssertEqual = (actual: unknown, expected: unknown) => void;

/** One operator on one source, drawn as aligned lanes. One frame is 1 ms of processing time. */
export interface Diagram<In, Out> {
  readonly operator: OperatorFunction<In, Out>;
  /** What arrives, cold: it starts when the operator subscribes. */
  readonly source: string;
  /** What the letters of `source` stand for. */
  readonly given?: Readonly<Record<string, In>>;
  readonly result: string;
  /** What the letters of `result` stand for. */
  readonly expected?: Readonly<Record<string, Out>>;
  /** When the consumer comes and goes, e.g. `'^ 10s !'`: needed where a periodic timer would go on for ever. Default: it stays. */
  readonly consumer?: string;
  /** When the operator holds its source, e.g. `'^---!'`. Default: not compared. */
  readonly subscription?: string;
}

/** Runs a diagram in virtual time. The caller brings the comparison, so that any test runner will do. */
export const run = <In, Out>(diagram: Diagram<In, Out>, assertEqual: AssertEqual): void => {
  marbles(assertEqual, ({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold<In>(diagram.source, diagram.given);
    expectObservable(source.pipe(diagram.operator), diagram.consumer).toBe(diagram.result, diagram.expected);
    if (diagram.subscription !== undefined) expectSubscriptions(source.subscriptions).toBe(diagram.subscription);
  });
};

/** Runs `body` in virtual time, for what one lane in and one lane out cannot show. */
export const marbles = (assertEqual: AssertEqual, body: (helpers: RunHelpers) => void): void => {
  new TestScheduler(assertEqual).run(body);
};
