import * as fc from 'fast-check';
import { map, pipe, type OperatorFunction } from 'rxjs';
import { StateSlot, type AfterWatermark, type Changes, type Millis, type Pane, type SessionWindowSlot, type Snapshot, type StateSlot as Slot, type Window, type WindowSlot } from '../../operators/index.js';
import { fixed, sliding } from '../operators/aligned.js';
import { Drive, HandClock } from '../operators/drive.js';
import { sessions, type Input, type Output } from '../operators/sessions.js';
import { element, plain, watermark, type Hits } from '../operators/values.js';
import type { Step } from '../oracle/steps.js';
import { someTrigger } from '../oracle/triggerRules.js';

/** The rules that windows of all kinds have. */
export interface CommonRules {
  readonly kind: 'fixed' | 'sliding' | 'session';
  readonly allowedLateness: Millis;
  readonly accumulation: 'ACCUMULATING' | 'DISCARDING';
  readonly trigger: AfterWatermark | undefined;
}

export const commonRules: fc.Arbitrary<CommonRules> = fc.record({
  kind: fc.constantFrom('fixed' as const, 'sliding' as const, 'session' as const),
  allowedLateness: fc.constantFrom(0, 5, 15),
  accumulation: fc.constantFrom('ACCUMULATING' as const, 'DISCARDING' as const),
  trigger: someTrigger,
});

/** Windows of one kind, with a state that can be asked, perhaps restored from the text of a snapshot. */
export interface Kept {
  readonly drive: Drive<Input, Output>;
  snapshot(): string;
  /** Folds what has changed over what was there. */
  follow(): readonly string[];
  entries(): readonly string[];
  /** What there was at the last follow. */
  former(): readonly string[];
}

/** All windows are 10 ms long, or end 10 ms after their last hit; sliding ones begin every 4 ms. Sessions are remembered. */
export const kept = ({ kind, ...rules }: CommonRules, clock = new HandClock(), saved?: string): Kept => {
  if (kind === 'session') {
    const state: SessionWindowSlot<string, Hits> = slotFrom(saved);
    return keptIn(state, (scheduler) => sessions({ ...rules, historicTimeout: 20, closedSessionMemory: 1e9, scheduler, state }), clock);
  }
  const state: WindowSlot<string, Hits> = slotFrom(saved);
  const options = { ...rules, state };
  return keptIn(state, (scheduler) => pipe(kind === 'fixed' ? fixed({ ...options, scheduler }) : sliding({ ...options, every: 4, scheduler }), map(plain)), clock);
};

/** The order of a key's windows does not matter. */
const byAge = (_: string, value: unknown): unknown => (Array.isArray(value) && value.every(hasAge) ? [...value].sort((a, b) => a.ordinal - b.ordinal) : value);

const hasAge = (value: unknown): value is { readonly ordinal: number } => typeof value === 'object' && value !== null && 'ordinal' in value;

const slotFrom = <K, V, H>(text?: string): Slot<K, V, H> => {
  if (text === undefined) return new StateSlot();
  const saved: Snapshot<K, V, H> = JSON.parse(text);
  return new StateSlot(saved);
};

const keptIn = <K, V, H>(state: Slot<K, V, H>, operator: (clock: HandClock) => OperatorFunction<Input, Output>, clock: HandClock): Kept => {
  const drive = new Drive<Input, Output>(operator, clock);
  const followed = new Map<K, V>();
  const text = (entries: Iterable<readonly [K, V]>): readonly string[] => [...entries].map((entry) => JSON.stringify(entry, byAge)).sort();
  const fold = ({ entries }: Changes<K, V, H>): void => {
    for (const [key, value] of entries) {
      if (value === undefined) followed.delete(key);
      else followed.set(key, value);
    }
  };
  return {
    drive,
    snapshot: () => JSON.stringify(state.snapshot()),
    follow: () => {
      fold(state.changes());
      return text(followed);
    },
    entries: () => text(state.snapshot().entries),
    former: () => text(state.former().entries),
  };
};

/** Plays one step. */
export const send = (drive: Drive<Input, Output>, step: Step): void => {
  if (step.kind === 'wait') drive.advanceTo(drive.clock.now() + step.for);
  if (step.kind === 'watermark') drive.send(watermark(step.timestamp));
  if (step.kind === 'hit') drive.send(element(step.value));
};

/** All that a stream and its end bring. */
export const played = (rules: CommonRules, stream: readonly Step[]): Output[] => {
  const { drive } = kept(rules);
  for (const step of stream) send(drive, step);
  return drive.send(watermark(Infinity)).complete().taken();
};

export const panesIn = (out: readonly Output[]): Pane<string, Hits>[] => out.filter((it): it is Pane<string, Hits> => it._tag === 'Pane');

interface Of {
  readonly key: string;
  readonly window: Window;
}

/** Whether a pane shows a window as it was earlier: sessions grow, other windows stay as they are. */
export const isOf = (kind: CommonRules['kind'], later: Of, earlier: Of): boolean =>
  later.key === earlier.key
  && (kind === 'session' ? later.window.start <= earlier.window.start && earlier.window.end <= later.window.end : later.window.start === earlier.window.start);
