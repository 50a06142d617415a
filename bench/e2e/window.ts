import { measure, type Cost } from '../measure.js';

/** What the messages of a window have cost. */
export interface WindowCost extends Cost {
  readonly messages: number;
}

/**
 * The part of a run that is measured: from the first commit after a quarter of the messages, when
 * code is compiled and as many sessions close as open, to the first one at which the last message
 * had been taken. At both ends as much is on its way to its commit.
 */
export class Window {
  private from: { readonly taken: number; readonly cost: () => Cost } | undefined;

  constructor(private readonly count: number) {}

  get hasBegun(): boolean {
    return this.from !== undefined;
  }

  /** To be called after every commit, with the messages taken so far; tells the cost once, at the end. */
  committed(taken: number): WindowCost | undefined {
    if (taken >= this.count / 4) this.from ??= { taken, cost: measure() };
    return this.from && taken >= this.count ? { messages: taken - this.from.taken, ...this.from.cost() } : undefined;
  }
}
