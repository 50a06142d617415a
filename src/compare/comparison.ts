import type { Millis } from '../../operators/index.js';
import type { Differences } from './differences.js';
import { explainMissing, explainPair, type Observer, type Refused, type Tolerances } from './explain.js';
import { matches } from './matches.js';
import { REASONS, type Reason } from './reasons.js';
import { SessionSide } from './sessionSide.js';
import { standing, type Standing } from './standing.js';
import { entered, type Side, type TimestampMeaning, type Told } from './told.js';

/** What there is of one session. */
export interface SessionRecords {
  readonly told: Readonly<Record<Side, readonly Told[]>>;
  readonly refused: Readonly<Record<Side, readonly Refused[]>>;
}

export interface ComparisonRules {
  readonly tolerances: Tolerances;
  /** Only results whose page was entered at `since` or later, and before `until`. */
  readonly since: Millis;
  readonly until: Millis;
}

/** What is known of a side as a whole. */
export interface SideNature {
  readonly meaning: TimestampMeaning;
  readonly hasLastPages: boolean;
}

/** What was compared of a side. */
export interface SideCounts {
  sessions: number;
  results: number;
  /** Records that another record of the same result has replaced. */
  replaced: number;
  historic: number;
  lastPages: number;
  /** When the first and the last page was entered. */
  first: Millis;
  last: Millis;
}

const none = (): SideCounts => ({ sessions: 0, results: 0, replaced: 0, historic: 0, lastPages: 0, first: Infinity, last: -Infinity });

/** Takes one session after the other and counts what is the same and what differs. Keeps nothing of them but counts and examples. */
export class Comparison {
  /** Results that are the same on both sides. */
  same = 0;
  readonly counts: Readonly<Record<Side, SideCounts>> = { left: none(), right: none() };

  constructor(
    private readonly rules: ComparisonRules,
    private readonly natures: Readonly<Record<Side, SideNature>>,
    private readonly differences: Differences,
  ) {}

  session(session: string, { told, refused }: SessionRecords): void {
    const { tolerances } = this.rules;
    const left = this.observer('left', told.left, refused.left);
    const right = this.observer('right', told.right, refused.right);
    const { pairs, renamed, onlyLeft, onlyRight } = matches(left.session.results, right.session.results, tolerances.instant);
    const differs = (reason: Reason, one?: Standing, other?: Standing): void => this.differences.add(reason, { _tag: 'Result', session, left: one, right: other });

    for (const [one, other] of pairs) {
      if (!this.isWithin(one)) continue;
      const reason = explainPair({ ...left, result: one }, { ...right, result: other }, tolerances);
      if (reason === undefined) this.same += 1;
      else differs(reason, one, other);
    }
    for (const [one, other] of renamed) if (this.isWithin(one)) differs(REASONS.renamed(), one, other);
    for (const result of onlyLeft) if (this.isWithin(result)) differs(explainMissing({ ...left, result }, right, tolerances), result);
    for (const result of onlyRight) if (this.isWithin(result)) differs(explainMissing({ ...right, result }, left, tolerances), undefined, result);
  }

  private observer(side: Side, told: readonly Told[], refused: readonly Refused[]): Observer {
    const { meaning, hasLastPages } = this.natures[side];
    const session = new SessionSide(standing(told.map((it) => entered(it, meaning))), this.rules.tolerances.instant);
    this.count(this.counts[side], session);
    return { side, session, refused, hasLastPages };
  }

  private count(counts: SideCounts, session: SessionSide): void {
    const within = session.results.filter((result) => this.isWithin(result));
    if (within.length > 0) counts.sessions += 1;
    counts.results += within.length;
    for (const result of within) {
      counts.replaced += result.replaced.length;
      if (result.pane?.historic === true) counts.historic += 1;
      if (session.isLast(result)) counts.lastPages += 1;
      counts.first = Math.min(counts.first, result.entry);
      counts.last = Math.max(counts.last, result.entry);
    }
  }

  private isWithin({ entry }: Standing): boolean {
    return entry >= this.rules.since && entry < this.rules.until;
  }
}
