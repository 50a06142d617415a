import type { EarlyDeadline, HeldSession, KeyedEmissions, Millis, Window } from '../../operators/index.js';
import type { Restored } from '../changelog/changelogReader.js';
import type { CommittedState } from '../changelog/committedState.js';
import type { ProductCodec } from '../changelog/productCodec.js';
import type { Outcome } from '../model/outcome.js';
import { instant, stateReport } from './report.js';

/**
 * A state as JSON texts: the head (what holds for all of it, as `state inspect --json` tells it), then
 * one text for each open session. What is remembered of closed sessions and of messages is counted in the head.
 */
export function* exportLines<A>(job: string, state: CommittedState<A>, restored: Restored, codec: ProductCodec<A>): Generator<string, void> {
  yield JSON.stringify({ kind: 'head', job, epoch: state.epoch, ...stateReport(state, restored) });
  const early = new Map(state.flow.early?.entries);
  const emitted = new Map(state.flow.emitted?.entries);
  for (const [key, { sessions }] of state.flow.sessions?.entries ?? []) {
    for (const session of sessions) yield JSON.stringify(sessionOf(key, session, codec.shown(session.accumulator), early.get(key) ?? [], emitted.get(key) ?? []));
  }
}

/** An open session as an export shows it. */
export const sessionOf = (key: string, { window, mode, events, index, fresh, arrivedAt }: HeldSession<unknown>, accumulated: object, early: readonly EarlyDeadline[], emitted: KeyedEmissions<Outcome>) => ({
  kind: 'session' as const,
  session_id: key,
  window: windowOf(window),
  mode,
  events,
  /** Of its next pane, and whether there is anything that none has shown. */
  pane_index: index,
  unseen: fresh,
  arrived_at: instant(arrivedAt),
  early_result_at: firstOf(early.filter((it) => isOf(it.window, window))),
  ...accumulated,
  results: [...emitted].filter(([, it]) => isOf(it.window, window)).map(([, { revision, value }]) => ({ ...value.shown(), revision })),
});

export const windowOf = ({ start, end }: Window) => ({ start: instant(start), end: instant(end) });

/** Whether what was known of an earlier window is about this session: a session's start only moves back. */
const isOf = (earlier: Window, { start, end }: Window): boolean => start <= earlier.start && earlier.start < end;

const firstOf = (deadlines: readonly EarlyDeadline[]): string | null => {
  const at = deadlines.reduce<Millis>((least, it) => Math.min(least, it.at), Infinity);
  return at === Infinity ? null : instant(at);
};
