import type { HeldSession, Millis } from '../../operators/index.js';
import type { CommittedState } from '../changelog/committedState.js';
import type { ProductCodec } from '../changelog/productCodec.js';
import { sessionOf, windowOf } from '../stateCommand/exportLines.js';
import { instant } from '../stateCommand/report.js';

/** What a state knows of a session; times are ISO 8601. */
export interface SessionExplanation {
  readonly session_id: string;
  /** Processing time of the state. */
  readonly task_time: string;
  /** Null before the first event. */
  readonly watermark: string | null;
  /** As `state export` has them, and what each waits for. */
  readonly open: readonly (ReturnType<typeof sessionOf> & { readonly waits_for: string })[];
  /** What is remembered of those that have closed: an event that would overlap one of these is late. */
  readonly closed: readonly { readonly window: ReturnType<typeof windowOf>; readonly closed_at: string }[];
}

/** What a state (of a changelog, or of a running instance) knows of a session; undefined when it knows nothing. Pure. */
export const explainSession = <A>(
  { taskTime, flow }: Pick<CommittedState<A>, 'taskTime' | 'flow'>,
  sessionId: string,
  codec: Pick<ProductCodec<A>, 'shown'>,
): SessionExplanation | undefined => {
  const known = entryOf(flow.sessions?.entries, sessionId);
  if (!known) return undefined;
  const early = entryOf(flow.early?.entries, sessionId) ?? [];
  const emitted = entryOf(flow.emitted?.entries, sessionId) ?? [];
  const watermark = flow.watermarks?.header.sent ?? null;
  return {
    session_id: sessionId,
    task_time: instant(taskTime),
    watermark: watermark === null ? null : instant(watermark),
    open: known.sessions.map((session) => ({
      ...sessionOf(sessionId, session, codec.shown(session.accumulator), early, emitted),
      waits_for: waitsFor(session, watermark ?? -Infinity),
    })),
    closed: known.closed.map(({ start, end, closedAt }) => ({ window: windowOf({ start, end }), closed_at: instant(closedAt) })),
  };
};

const entryOf = <V>(entries: Iterable<readonly [string, V]> = [], key: string): V | undefined => {
  for (const [it, value] of entries) if (it === key) return value;
  return undefined;
};

const waitsFor = ({ mode, window: { end } }: HeldSession<unknown>, watermark: Millis): string => {
  switch (mode) {
    case 'live':
      return `the watermark to reach ${instant(end)}${Number.isFinite(watermark) ? `, ${(end - watermark) / 1_000} s ahead` : ''}`;
    case 'fired':
      return 'late events, for as long as --allowed_lateness has it';
    case 'historic':
      return 'nothing but the clock: its events were old when they came; it closes --historic_timeout after the last of them';
  }
};
