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

/** One operator's last committed state. */
class Folded<K, V, H> {
  private header: { readonly value: H } | undefined;
  private readonly entries = new Map<K, V>();

  apply({ header, entries }: Changes<K, V, H>): void {
    this.header = { value: header };
    for (const [key, value] of entries) {
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, value);
    }
  }

  snapshot(): Saved<K, V, H> | undefined {
    return this.header && { header: this.header.value, entries: [...this.entries] };
  }
}

/** The pipeline's last committed state: changes are folded into it, and it is what a new pipeline starts from. */
export class PipelineStore {
  private readonly watermarks = new Folded<never, never, WatermarkState>();
  private readonly sessions = new Folded<string, KeyedSessions<Visits>, SessionsHeader>();
  private readonly early = new Folded<string, readonly EarlyDeadline[], EarlyHeader>();
  private readonly emitted = new Folded<string, KeyedEmissions<PageTime>, undefined>();

  apply({ watermarks, sessions, early, emitted }: PipelineChanges): void {
    this.watermarks.apply(watermarks);
    this.sessions.apply(sessions);
    this.early.apply(early);
    this.emitted.apply(emitted);
  }

  snapshot(): PipelineSnapshot {
    return { watermarks: this.watermarks.snapshot(), sessions: this.sessions.snapshot(), early: this.early.snapshot(), emitted: this.emitted.snapshot() };
  }
}
