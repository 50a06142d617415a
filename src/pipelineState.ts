import {
  StateSlot, type Changes, type DedupeEmittedSlot, type EarlyDeadline, type EarlyHeader, type EarlyTriggerSlot, type KeyedEmissions,
  type KeyedSessions, type SessionsHeader, type SessionWindowSlot, type Saved, type WatermarkState, type WatermarksSlot,
} from '../operators/index.js';
import type { PageTime } from './model/pageTime.js';
import type { Visits } from './model/visits.js';

/** The state of the pipeline's four stateful operators, each with what is kept of it. */
interface Parts<Watermarks, Sessions, Early, Emitted> {
  readonly watermarks: Watermarks;
  readonly sessions: Sessions;
  readonly early: Early;
  readonly emitted: Emitted;
}

export type PipelineSlots = Parts<WatermarksSlot, SessionWindowSlot<string, Visits>, EarlyTriggerSlot<string>, DedupeEmittedSlot<string, PageTime>>;

/** What is undefined has never been committed. */
export type PipelineSnapshot = Parts<
  Saved<never, never, WatermarkState> | undefined,
  Saved<string, KeyedSessions<Visits>, SessionsHeader> | undefined,
  Saved<string, readonly EarlyDeadline[], EarlyHeader> | undefined,
  Saved<string, KeyedEmissions<PageTime>, undefined> | undefined
>;

export type PipelineChanges = Parts<
  Changes<never, never, WatermarkState>,
  Changes<string, KeyedSessions<Visits>, SessionsHeader>,
  Changes<string, readonly EarlyDeadline[], EarlyHeader>,
  Changes<string, KeyedEmissions<PageTime>, undefined>
>;

/** What a cut takes of a pipeline. */
export interface PipelineCut extends PipelineChanges {
  /** The running state itself, to be walked over. */
  readonly slots: PipelineSlots;
}

export const slotsFrom = (restored?: PipelineSnapshot): PipelineSlots => ({
  watermarks: new StateSlot(restored?.watermarks),
  sessions: new StateSlot(restored?.sessions),
  early: new StateSlot(restored?.early),
  emitted: new StateSlot(restored?.emitted),
});

export const changesOf = (slots: PipelineSlots): PipelineCut => {
  const { watermarks, sessions, early, emitted } = slots;
  return { watermarks: watermarks.changes(), sessions: sessions.changes(), early: early.changes(), emitted: emitted.changes(), slots };
};

/** The pipeline's last committed state while it is kept in memory: the running pipeline itself knows what it was at its last cut. */
export class PipelineStore {
  private slots: PipelineSlots | undefined;

  apply({ slots }: PipelineCut): void {
    this.slots = slots;
  }

  /** No cut may have been taken after the one that was applied last. */
  snapshot(): PipelineSnapshot {
    const { slots } = this;
    return { watermarks: slots?.watermarks.former(), sessions: slots?.sessions.former(), early: slots?.early.former(), emitted: slots?.emitted.former() };
  }
}
