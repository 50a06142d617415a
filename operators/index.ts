export type * from './types.js';
export { StateSlot, type Changes, type Saved, type Snapshot, type Stateful } from './state.js';
export { validate } from './validate.js';
export { filter } from './filter.js';
export { enrich } from './enrich.js';
export { branch, type Aside, type Rest } from './branch.js';
export { assignWatermarks, type AssignWatermarksOptions, type WatermarksSlot } from './assignWatermarks.js';
export { mergeWatermarked, type Merged, type MergeWatermarkedOptions } from './mergeWatermarked.js';
export type { WatermarkState } from './core/watermarks.js';
export { sessionWindow, type SessionWindowOptions, type SessionWindowSlot } from './sessionWindow.js';
export type { Aggregate, HeldSession, KeyedSessions, Mark, SessionCounts, SessionsHeader } from './core/session.js';
export { fixedWindow, type FixedWindowOptions } from './fixedWindow.js';
export { slidingWindow, type SlidingWindowOptions } from './slidingWindow.js';
export type { AlignedWindowOptions, WindowSlot } from './internal/alignedWindow.js';
export type { HeldWindow, WindowCounts, WindowsHeader } from './core/alignedWindow.js';
export type { Phase, TriggerMemory } from './core/paneTriggers.js';
export {
  afterCount, afterProcessingTime, afterWatermark, repeatedly,
  type AfterCount, type AfterProcessingTime, type AfterWatermark, type OnceTrigger, type PaneTrigger, type Repeatedly,
} from './triggers.js';
export { earlyTrigger, type Drawn, type EarlyTriggerOptions, type EarlyTriggerSlot } from './earlyTrigger.js';
export type { EarlyDeadline, EarlyHeader } from './core/earlyDeadlines.js';
export { dedupeEmitted, type Deduped, type DedupeEmittedOptions, type DedupeEmittedSlot } from './dedupeEmitted.js';
export type { Emission, KeyedEmissions } from './core/emission.js';
