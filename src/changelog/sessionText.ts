import type { HeldSession, KeyedSessions, Mark } from '../../operators/index.js';
import type { Visits } from '../model/visits.js';
import type { Interning } from './interning.js';
import { bit, flag, list, number, word } from './shape.js';
import { visitsOf, visitsText } from './visitsText.js';

const MODES = ['live', 'fired', 'historic'] as const;

const NONE: readonly never[] = [];

/**
 * The sessions of a key as two texts, each what JSON writes: the sessions with their marks,
 * `[[session, …], [mark, …]]`, and apart from them what was viewed in each, in the same order.
 *
 * A session is `[start, end, events, mode, index, fresh, arrivedAt, ordinal]`, a mark
 * `[start, end, closedAt, owesClosed, ordinal]`.
 */
export const sessionsText = ({ sessions, closed }: KeyedSessions<Visits>): { readonly sessions: unknown; readonly visits: unknown } => ({
  sessions: [sessions.map(sessionText), closed.map(markText)],
  visits: sessions.map(({ accumulator }) => visitsText(accumulator)),
});

export const sessionsOf = (sessions: unknown, visits: unknown, intern: Interning): KeyedSessions<Visits> => {
  const [held, closed] = list(sessions);
  const viewed = list(visits);
  return { sessions: list(held).map((session, place) => sessionOf(list(session), viewed[place], intern)), closed: marksOf(list(closed)) };
};

const sessionText = ({ window, events, mode, index, fresh, arrivedAt, ordinal }: HeldSession<Visits>): unknown => [
  window.start, window.end, events, MODES.indexOf(mode), index, bit(fresh), arrivedAt, ordinal,
];

const sessionOf = (members: readonly unknown[], visits: unknown, intern: Interning): HeldSession<Visits> => ({
  window: { start: number(members[0]), end: number(members[1]) },
  accumulator: visitsOf(visits, intern),
  events: number(members[2]),
  mode: word(MODES, members[3]),
  index: number(members[4]),
  fresh: flag(members[5]),
  arrivedAt: number(members[6]),
  ordinal: number(members[7]),
});

const markText = ({ start, end, closedAt, owesClosed, ordinal }: Mark): unknown => [start, end, closedAt, bit(owesClosed), ordinal];

const marksOf = (marks: readonly unknown[]): readonly Mark[] => (marks.length === 0 ? NONE : marks.map((mark) => markOf(list(mark))));

const markOf = (members: readonly unknown[]): Mark => ({
  start: number(members[0]), end: number(members[1]), closedAt: number(members[2]), owesClosed: flag(members[3]), ordinal: number(members[4]),
});
