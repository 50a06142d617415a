import type { HeldSession, KeyedSessions, Mark } from '../../operators/index.js';
import type { Interning } from './interning.js';
import type { ProductCodec } from './productCodec.js';
import type { Scanner } from './scanner.js';
import { bit, wrong } from './shape.js';

const MODES = ['live', 'fired', 'historic'] as const;

const NONE: readonly never[] = [];

/**
 * The sessions of a key as texts, each what JSON writes: the sessions with their marks,
 * `[[session, …], [mark, …]]`, and apart from them what each has accumulated, in the same order.
 *
 * A session is `[start, end, events, mode, index, fresh, arrivedAt, ordinal]`, a mark
 * `[start, end, closedAt, owesClosed, ordinal]`.
 */
export const sessionsText = <A>({ sessions, closed }: KeyedSessions<A>, codec: ProductCodec<A>): { readonly sessions: string; readonly accumulators: readonly string[] } => ({
  sessions: JSON.stringify([sessions.map(sessionText), closed.map(markText)]),
  accumulators: sessions.map(({ accumulator }) => codec.accumulatorText(accumulator)),
});

/** What follows a key, to the end of the line. */
export const sessionsOf = <A>(value: Scanner, codec: ProductCodec<A>, intern: Interning): KeyedSessions<A> => {
  value.open();
  const sessions = value.list(sessionOf);
  const closed = value.list(markOf);
  value.close();
  value.close();
  const texts = value.tabbed();
  if (texts.length !== sessions.length) wrong(`what ${sessions.length} sessions have accumulated`, texts);
  return {
    sessions: sessions.map(({ window, events, mode, index, fresh, arrivedAt, ordinal }, place) => ({
      window, accumulator: codec.accumulatorOf(texts[place] ?? '', intern), events, mode, index, fresh, arrivedAt, ordinal,
    })),
    closed: closed.length === 0 ? NONE : closed,
  };
};

const sessionText = ({ window, events, mode, index, fresh, arrivedAt, ordinal }: HeldSession<unknown>): unknown => [
  window.start, window.end, events, MODES.indexOf(mode), index, bit(fresh), arrivedAt, ordinal,
];

const sessionOf = (value: Scanner): Omit<HeldSession<unknown>, 'accumulator'> => {
  value.open();
  const window = { start: value.number(), end: value.number() };
  const session = {
    window, events: value.number(), mode: value.word(MODES), index: value.number(), fresh: value.flag(), arrivedAt: value.number(), ordinal: value.number(),
  };
  value.close();
  return session;
};

const markText = ({ start, end, closedAt, owesClosed, ordinal }: Mark): unknown => [start, end, closedAt, bit(owesClosed), ordinal];

const markOf = (value: Scanner): Mark => {
  value.open();
  const mark = { start: value.number(), end: value.number(), closedAt: value.number(), owesClosed: value.flag(), ordinal: value.number() };
  value.close();
  return mark;
};
