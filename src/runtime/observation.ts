import type { EarlyDeadline, Emission, HeldSession, Mark, Millis, Timing } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Message } from '../model/message.js';
import type { Outcome, Result } from '../model/outcome.js';
import type { Counts } from './conservation.js';
import type { Standstill } from './taskClock.js';

/** How many panes were drawn. */
export type PaneCounts = Readonly<Record<Timing, number>>;

/** How many sessions there are. */
export interface SessionSizes {
  readonly open: number;
  /** Those of the open ones that processing time drives. */
  readonly historic: number;
  /** Closed ones that are remembered. */
  readonly remembered: number;
}

/**
 * Where a task is in its life. `restoring`: its state is being read. `rebuilding`: its pipeline broke, and the next one is not there yet.
 * `ending`: nothing more is read.
 */
export type Phase = 'restoring' | 'running' | 'rebuilding' | 'ending';

/** A task as it is when it is asked: numbers that are there anyway. */
export interface TaskObservation {
  readonly phase: Phase;
  /** Why task time stands still; when nothing is named it runs. */
  readonly standstill: readonly Standstill[];
  readonly source: {
    readonly isOpen: boolean;
    /** How often it was lost, and why it was lost last. */
    readonly losses: number;
    readonly cause: string | undefined;
  };
  readonly taskTime: Millis;
  /** What the calendar says. */
  readonly wallTime: Millis;
  /** -Infinity before the first, Infinity at the end of the input. */
  readonly watermark: Millis;
  /** What became of all that was processed: it goes back when a broken pipeline has to do it again. */
  readonly counts: Counts;
  /** Those of the duplicates that were known by their message id. */
  readonly duplicateIds: number;
  /** What became of all that is committed: it never goes back. */
  readonly committed: Committed;
  readonly sessions: SessionSizes;
  readonly messages: {
    /** Delivered, and still to be processed. */
    readonly waiting: number;
    /** Processed, in the epoch that is being collected. */
    readonly collected: number;
    /** In the epoch that is being committed. */
    readonly committing: number;
    /** That may be delivered and not yet acked. */
    readonly limit: number;
  };
  readonly commit: {
    /** How long the epoch that is being committed has been on its way; 0 when none is. */
    readonly pending: Millis;
    /** Since the last one succeeded, or since the start. */
    readonly age: Millis;
    /** Of the epoch that is being committed, so far; with what the last one failed. */
    readonly failures: number;
    readonly failure: string | undefined;
  };
  /** Pipelines built anew after a failure, since the start. */
  readonly restarts: number;
  /** Why the last one was. */
  readonly failure: string | undefined;
}

export interface Committed {
  readonly counts: Counts;
  readonly duplicateIds: number;
  /** Since the start of the process, as all below. */
  readonly panes: PaneCounts;
  readonly results: number;
  /** Those of the results that correct an earlier one. */
  readonly revisions: number;
  readonly epochs: number;
}

/** All that there is of one session id at this moment. */
export interface LiveSession {
  /** Open ones, by start, with what the product accumulates. */
  readonly sessions: readonly HeldSession<unknown>[];
  /** Closed ones that are remembered. */
  readonly closed: readonly Mark[];
  /** When their early results are due, in task time. */
  readonly early: readonly EarlyDeadline[];
  /** Results that were emitted of what is open or may be corrected. */
  readonly emitted: readonly Emission<Outcome>[];
}

/** A running task, as somebody outside may ask it, between two messages. It costs the same however much it holds. */
export interface ObservedTask {
  observe(): TaskObservation;
  /** Undefined when nothing is known of it, or no pipeline is there to be asked. */
  session(id: string): LiveSession | undefined;
}

/** An epoch that is durable. */
export interface CommittedEpoch {
  readonly number: number;
  readonly messages: readonly Message[];
  readonly results: readonly Result[];
  readonly deadLetters: readonly DeadLetter[];
  /** From its cut to its commit. */
  readonly took: Millis;
  /** When the oldest of its messages was published; undefined where none says so. */
  readonly oldestPublishTime: Millis | undefined;
  /** By the calendar. */
  readonly committedAt: Millis;
}

/** Whoever watches a task. What it is told it must not alter, and it must not throw. */
export interface TaskObserver {
  /** Once, at the start. */
  attached(task: ObservedTask): void;
  committed(epoch: CommittedEpoch): void;
  /** An attempt to commit has failed. */
  commitFailed(): void;
}
