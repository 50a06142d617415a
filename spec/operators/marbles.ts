import * as kit from './lanes.js';

const equal: kit.AssertEqual = (actual, expected) => expect(actual).toStrictEqual(expected);

/** A test body from a diagram, compared by jest. */
export const diagram =
  <In, Out>(drawn: kit.Diagram<In, Out>) =>
  (): void =>
    kit.run(drawn, equal);

/** A test body in virtual time, compared by jest. */
export const marbles =
  (body: Parameters<typeof kit.marbles>[1]) =>
  (): void =>
    kit.marbles(equal, body);
