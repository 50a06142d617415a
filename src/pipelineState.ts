import {
  StateSlot, type Changes, type DedupeEmittedSlot, type EarlyDeadline, type EarlyHeader, type EarlyTriggerSlot, type KeyedEmissions,
  type KeyedSessions, type SessionsHeader, type SessionWindowSlot, type Saved, type WatermarkState, type WatermarksSlot,
} from '../operators/index.js';
import type { Outcome } from './model/outcome.js';

/** The state of the pipeline's four stateful operators, each with what is kept of it. */
interface Parts<Watermarks, Sessions, Early, Emitted> {
  readonly watermarks: Watermarks;
  readonly sessions: Sessions;
  readonly early: Early;
  readonly emitted: Emitted;
}

/** A: what a session accumulates. */
export type PipelineSlots<A> = Parts<WatermarksSlot, SessionWindowSlot<string, A>, EarlyTriggerSlot<string>, DedupeEmittedSlot<string, Outcome>>;

/** What is undefined has never been committed. */
export type PipelineSnapshot<A> = Parts<
  Saved<never, never, WatermarkState> | undefined,
  Saved<string, KeyedSessions<A>, SessionsHeader> | undefined,
  Saved<string, readonly EarlyDeadline[], EarlyHeader> | undefined,
  Saved<string, KeyedEmissions<Outcome>, undefined> | undefined
>;

export type PipelineChanges<A> = Parts<
  Changes<never, never, WatermarkState>,
  Changes<string, KeyedSessions<A>, SessionsHeader>,
  Changes<string, readonly EarlyDeadline[], EarlyHeader>,
  Changes<string, KeyedEmissions<Outcome>, undefined>
>;

/** What a cut takes of a pipeline. */
export interface PipelineCut<A> extends PipelineChanges<A> {
  /** The running state itself, to be walked over. */
  readonly slots: PipelineSlots<A>;
}

export const slotsFrom = <A>(restored?: PipelineSnapshot<A>): PipelineSlots<A> => ({
  watermarks: new StateSlot(restored?.watermarks),
  sessions: new StateSlot(restored?.sessions),
  early: new StateSlot(restored?.early),
  emitted: new StateSlot(restored?.emitted),
});

export const changesOf = <A>(slots: PipelineSlots<A>): PipelineCut<A> => {
  const { watermarks, sessions, early, emitted } = slots;
  return { watermarks: watermarks.changes(), sessions: sessions.changes(), early: early.changes(), emitted: emitted.changes(), slots };
};

/** The pipeline's last committed state while it is kept in memory: the running pipeline itself knows what it was at its last cut. */
export class PipelineStore<A> {
  private slots: PipelineSlots<A> | undefined;

  apply({ slots }: PipelineCut<A>): void {
    this.slots = slots;
  }

  /** No cut may have been taken after the one that was applied last. */
  snapshot(): PipelineSnapshot<A> {
    const { slots } = this;
    return { watermarks: slots?.watermarks.former(), sessions: slots?.sessions.former(), early: slots?.early.former(), emitted: slots?.emitted.former() };
  }
}
