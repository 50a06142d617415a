import type { SessionCounts } from '../../operators/index.js';
import type { Reason } from '../model/deadLetter.js';

/** Where every message went. */
export interface Counts {
  readonly received: number;
  /** Known by message id, or by page and time within a session. */
  readonly duplicates: number;
  readonly deadLetters: Readonly<Partial<Record<Reason, number>>>;
  /** In sessions that are held. */
  readonly held: number;
  /** In sessions that were let go. */
  readonly closed: number;
  /** Events whose two timestamps disagree; they went one of the ways above. */
  readonly contradictions: number;
}

/** What is counted outside the session windows. */
export type Tally = Omit<Counts, 'held' | 'closed'>;

/** The account, and which of the duplicates were known by their message id. */
export interface Account {
  readonly counts: Counts;
  readonly duplicateIds: number;
}

/** Counts what happens outside the session windows. */
export class Ledger {
  private received: number;
  private duplicates: number;
  private contradictions: number;
  private readonly deadLetters: Partial<Record<Reason, number>>;

  constructor(committed?: Tally) {
    this.received = committed?.received ?? 0;
    this.duplicates = committed?.duplicates ?? 0;
    this.contradictions = committed?.contradictions ?? 0;
    this.deadLetters = { ...committed?.deadLetters };
  }

  receive(): void {
    this.received += 1;
  }

  duplicate(): void {
    this.duplicates += 1;
  }

  contradiction(): void {
    this.contradictions += 1;
  }

  deadLetter(reason: Reason): void {
    this.deadLetters[reason] = (this.deadLetters[reason] ?? 0) + 1;
  }

  tally(): Tally {
    return { received: this.received, duplicates: this.duplicates, contradictions: this.contradictions, deadLetters: { ...this.deadLetters } };
  }
}

export const NOTHING_COUNTED: Account = { counts: { received: 0, duplicates: 0, deadLetters: {}, held: 0, closed: 0, contradictions: 0 }, duplicateIds: 0 };

/** The whole account: what was counted outside the windows and within. */
export const accountOf = (tally: Tally, { duplicates, held, closed }: SessionCounts): Counts => ({
  ...tally, duplicates: tally.duplicates + duplicates, held, closed,
});

/** Received less everything that was accounted for; anything but 0 is a fault of ours. */
export const unaccounted = ({ received, duplicates, deadLetters, held, closed }: Counts): number =>
  received - duplicates - held - closed - Object.values(deadLetters).reduce((sum, count) => sum + count, 0);
