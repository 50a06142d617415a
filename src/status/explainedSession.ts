import type { Millis } from '../../operators/index.js';
import { PageTime, type Rule } from '../model/pageTime.js';
import { isVisits } from '../model/visits.js';
import type { LiveSession, TaskObservation } from '../runtime/observation.js';
import { MASK } from './status.js';

/** What `/session` tells of a session id: where it stands, and why nothing has come of it yet. Instants are ms since the epoch. */
export interface ExplainedSession {
  readonly watermark: Millis | null;
  readonly taskTime: Millis;
  readonly sessions: readonly {
    readonly start: Millis;
    readonly end: Millis;
    readonly mode: 'live' | 'fired' | 'historic';
    readonly views: readonly { readonly page: string; readonly at: Millis }[];
    /** Task time of the newest arrival. */
    readonly arrivedAt: Millis;
    readonly panes: number;
  }[];
  /** Closed ones that are remembered: an event that touches one is late. */
  readonly closed: readonly { readonly start: Millis; readonly end: Millis; readonly closedAt: Millis }[];
  /** When early results are due, in task time. */
  readonly earlyAt: readonly Millis[];
  readonly emitted: readonly { readonly page: string; readonly entry: Millis; readonly seconds: number; readonly rule: Rule; readonly revision: number }[];
}

export const explainedSession = ({ sessions, closed, early, emitted }: LiveSession, { watermark, taskTime }: TaskObservation, showValues: boolean): ExplainedSession => {
  const shown = (page: string): string => (showValues ? page : MASK);
  return {
    watermark: Number.isFinite(watermark) ? watermark : null,
    taskTime,
    sessions: sessions.map(({ window: { start, end }, mode, accumulator, arrivedAt, index }) => ({
      start, end, mode, arrivedAt, panes: index,
      views: isVisits(accumulator) ? accumulator.inOrder().map(({ page, timestamp }) => ({ page: shown(page), at: timestamp })) : [],
    })),
    closed: closed.map(({ start, end, closedAt }) => ({ start, end, closedAt })),
    earlyAt: early.map(({ at }) => at),
    emitted: emitted.flatMap(({ value, revision }) =>
      value instanceof PageTime ? [{ page: shown(value.page), entry: value.entry, seconds: value.timeSpent / 1_000, rule: value.rule, revision }] : [],
    ),
  };
};
