import type { Millis } from '../../operators/index.js';

/** What a publication is; `view` is an ordinary page view. */
export type Kind = 'view' | keyof Shares;

/** One message on its way to a topic, or in a recording. */
export interface Publication {
  readonly publishAt: Millis;
  /** The message id where ours counts, as in a recording; a broker gives its own. */
  readonly id: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly kind: Kind;
}

/** How much of the traffic is out of the ordinary, each from 0 to 1: a share of all views, or of all sessions where it says so. */
export interface Shares {
  /** Delivered once more, under the same id. */
  readonly redelivered: number;
  /** Published once more, under a new id. */
  readonly republished: number;
  /** No page view at all: not JSON, no session, an impossible date, … */
  readonly invalid: number;
  /** Another event beside the view: a scroll, a click. */
  readonly otherEvent: number;
  /** Published two to four minutes after it happened. */
  readonly late: number;
  /** Of all sessions: buffered on a phone without a connection, published at once minutes to hours later. */
  readonly offline: number;
  /** Of all sessions: days old, as when a query is restarted from an earlier point. */
  readonly historic: number;
  /** By a clock that is an hour to a year fast. */
  readonly future: number;
}

export const DEFAULT_SHARES: Shares = {
  redelivered: 0.01,
  republished: 0.01,
  invalid: 0.005,
  otherEvent: 0.05,
  late: 0.005,
  offline: 0.01,
  historic: 0.005,
  future: 0.0005,
};
