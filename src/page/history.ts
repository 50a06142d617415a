import type { Millis } from '../../operators/index.js';
import type { HistoryPoint, Status } from '../status/status.js';
import { count, duration, rate } from './format.js';

/** What a chart draws: lines over one list of instants. */
export interface Points {
  readonly from: Millis;
  readonly to: Millis;
  readonly at: readonly Millis[];
  /** One list a line. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** What the charts show: a quarter of an hour, or what there is of it. */
const LONGEST = 15 * 60_000;
const SHORTEST = 60_000;

/** The points of the past and the one of now. */
const pointsOf = ({ now, history, sessions, edges, results, time }: Status): readonly HistoryPoint[] => [
  ...history.points,
  { at: now, open: sessions.open, historic: sessions.historic, receivedPerSecond: edges[0]?.perSecond ?? 0, resultsPerSecond: results.perSecond, lag: time.lag },
];

export const linesOf = (status: Status, values: readonly ((point: HistoryPoint) => number | null)[]): Points => {
  const points = pointsOf(status);
  const first = Math.max(status.now - LONGEST, points[0]?.at ?? status.now);
  return { from: Math.min(first, status.now - SHORTEST), to: status.now, at: points.map(({ at }) => at), values: values.map((value) => points.map(value)) };
};

/** The charts in words. */
export const captionsOf = (status: Status): { readonly lag: string; readonly open: string; readonly rates: string } => {
  const points = pointsOf(status);
  const most = (value: (point: HistoryPoint) => number): number => Math.max(...points.map(value));
  const { time, sessions, edges, results } = status;
  return {
    lag: time.isAtEnd ? 'The input has come to its end.' : time.lag === null ? 'No event yet.' : `Now ${duration(time.lag)}, at most ${duration(most(({ lag }) => lag ?? 0))}.`,
    open: `Now ${count(sessions.open)}, of them ${count(sessions.historic)} historic; at most ${count(most(({ open }) => open))}.`,
    rates: `Now ${rate(edges[0]?.perSecond ?? 0)} read and ${rate(results.perSecond)} written; at most ${rate(most(({ receivedPerSecond }) => receivedPerSecond))} and ${rate(most(({ resultsPerSecond }) => resultsPerSecond))}.`,
  };
};
