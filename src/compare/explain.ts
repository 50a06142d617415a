import type { Millis } from '../../operators/index.js';
import { REASONS, type Reason } from './reasons.js';
import type { SessionSide } from './sessionSide.js';
import type { Standing } from './standing.js';
import type { Side } from './told.js';

/** How far apart what is the same may be, in ms. */
export interface Tolerances {
  /** Of two instants. */
  readonly instant: Millis;
  /** Of two times on a page. */
  readonly spent: Millis;
}

/** A view that a side has refused, by its dead letters. */
export interface Refused {
  readonly entry: Millis;
  readonly reason: string;
}

/** A side as it looks on one session. */
export interface Observer {
  readonly side: Side;
  readonly session: SessionSide;
  readonly refused: readonly Refused[];
  /** Whether it has any last pages at all, in whatever session. */
  readonly hasLastPages: boolean;
}

/** A result and whose it is. */
export interface Seen extends Observer {
  readonly result: Standing;
}

type Rule = (one: Seen, other: Seen, tolerances: Tolerances) => Reason | undefined;

const SECOND: Millis = 1_000;

const leftAt = ({ result: { entry, spent } }: Seen): Millis => entry + spent;

/** Whether the view that ended the page has a result of its own, as it has where last pages have one. */
const knowsNextView = (it: Seen): boolean => it.session.hasViewAt(leftAt(it)) || !it.hasLastPages;

/** Each is asked with the sides both ways round; the first that knows a reason has the word. */
const RULES: readonly Rule[] = [
  ({ side, session, result }, { session: otherSession, result: other }) => {
    if (result.spent % SECOND !== 0 || other.spent % SECOND === 0 || Math.abs(result.spent - other.spent) >= SECOND) return undefined;
    // A rule may come close to a measurement.
    return session.isLast(result) === otherSession.isLast(other) ? REASONS.wholeSeconds(side) : undefined;
  },

  ({ side, result: { spent } }, { side: otherSide, result: { replaced } }, { spent: tolerance }) =>
    replaced.some((it) => Math.abs(it.spent - spent) <= tolerance) ? REASONS.earlierRevision(side, otherSide) : undefined,

  ({ side, session, result }) => (session.isProvisional(result) ? REASONS.provisional(side) : undefined),

  (one, other) => (one.session.isLast(one.result) && other.session.isLast(other.result) ? REASONS.lastPageRule() : undefined),

  (one, other) => {
    if (!one.session.isLast(one.result) || other.session.isLast(other.result)) return undefined;
    if (one.session.hasViewAt(leftAt(other))) return REASONS.goesOn(other.side, one.side);
    return knowsNextView(other) ? REASONS.nextNotCounted(one.side) : undefined;
  },

  (one, other) => {
    if (one.session.isLast(one.result) || other.session.isLast(other.result) || one.result.spent < other.result.spent) return undefined;
    return knowsNextView(other) && !one.session.hasViewAt(leftAt(other)) ? REASONS.nextNotCounted(one.side) : undefined;
  },
];

/** Why the two differ; undefined if they do not. */
export const explainPair = (left: Seen, right: Seen, tolerances: Tolerances): Reason | undefined => {
  if (Math.abs(left.result.spent - right.result.spent) <= tolerances.spent) return hasOtherWindow(left, right, tolerances) ? REASONS.otherWindow() : undefined;
  for (const rule of RULES) {
    const reason = rule(left, right, tolerances) ?? rule(right, left, tolerances);
    if (reason !== undefined) return reason;
  }
  return REASONS.unexplained();
};

const hasOtherWindow = (left: Seen, right: Seen, { instant: tolerance }: Tolerances): boolean => {
  const [one, other] = [left, right].map(({ session, result }) => session.windowOf(result));
  if (one === undefined || other === undefined) return false;
  return Math.abs(one.start - other.start) > tolerance || (one.isEndKnown && other.isEndKnown && Math.abs(one.end - other.end) > tolerance);
};

/** Why `other` has no counterpart of what `one` has. */
export const explainMissing = (one: Seen, other: Observer, { instant: tolerance }: Tolerances): Reason => {
  const { side, session, refused, hasLastPages } = other;
  const { entry, pane } = one.result;
  const refusal = refused.find((it) => Math.abs(it.entry - entry) <= tolerance);
  if (refusal !== undefined) return REASONS.refused(side, refusal.reason);
  if (session.runsOver(entry)) return REASONS.notCounted(side);
  const isCountedAsLast = session.isLeftAt(entry) && !session.hasViewAt(leftAt(one));
  if (isCountedAsLast || (!hasLastPages && one.session.isLast(one.result))) return REASONS.lastPageOmitted(side);
  if (pane?.historic === true) return REASONS.onlyHistoric(side, one.side);
  return session.results.length === 0 ? REASONS.noSession(side) : REASONS.noResult(side);
};
