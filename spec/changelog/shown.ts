import type { CommittedState } from '../../src/changelog/committedState.js';
import type { Visits } from '../../src/model/visits.js';

const byKey = <V>(entries: Iterable<readonly [string, V]>): readonly (readonly [string, V])[] => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** A state as plain values in a fixed order, for comparison: the order of keys and of ids that were seen at one instant means nothing. */
export const shown = (state: CommittedState<Visits> | undefined): unknown => {
  if (!state) return undefined;
  const { epoch, taskTime, tally, flow, ids } = state;
  return {
    epoch, taskTime, tally,
    watermarks: flow.watermarks?.header,
    sessionsHeader: flow.sessions?.header,
    sessions: byKey(flow.sessions?.entries ?? []).map(([key, { sessions, closed }]) => [
      key, sessions.map(({ accumulator, ...session }) => ({ ...session, visits: accumulator.inOrder() })), closed,
    ]),
    earlyHeader: flow.early?.header,
    early: byKey(flow.early?.entries ?? []),
    emitted: byKey(flow.emitted?.entries ?? []).map(([key, emissions]) => [key, [...emissions]]),
    ids: [...new Map([...ids].map((seen) => [seen.id, seen])).values()].sort((a, b) => a.seenAt - b.seenAt || (a.id < b.id ? -1 : 1)),
  };
};
