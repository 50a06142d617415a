import * as t from 'io-ts';
import { Malformed } from './shape.js';

/** JSON has no infinities: at the end of an input the watermark is one. */
const Instant = new t.Type<number, number | string, unknown>(
  'an instant',
  t.number.is,
  (value, context) => {
    if (value === 'Infinity') return t.success(Infinity);
    if (value === '-Infinity') return t.success(-Infinity);
    return typeof value === 'number' ? t.success(value) : t.failure(value, context);
  },
  (instant) => (Number.isFinite(instant) ? instant : `${instant}`),
);

const InstantOrNull = t.union([Instant, t.null]);

/** What an epoch says of the whole state, beside what it says of single keys; the first line of an epoch. */
const Head = t.type({
  taskTime: Instant,
  /** Message ids that were seen before are forgotten, unless they are pinned. */
  idsFrom: Instant,
  /** The epoch ends its run: everything that was delivered is in it. */
  parked: t.boolean,
  /** What the state was computed with. */
  settings: t.record(t.string, t.union([t.string, t.number, t.boolean])),
  tally: t.type({ received: t.number, duplicates: t.number, contradictions: t.number, deadLetters: t.record(t.string, t.number) }),
  watermarks: t.type({ sent: InstantOrNull, reached: InstantOrNull, elementAt: InstantOrNull, ticks: t.number }),
  sessions: t.type({ watermark: InstantOrNull, ordinal: t.number, counts: t.type({ duplicates: t.number, held: t.number, closed: t.number }) }),
  early: t.type({ ordinal: t.number }),
  /** The epoch carries this piece, from 1, of a walk through all entries. */
  piece: t.union([t.type({ number: t.number, isLast: t.boolean }), t.null]),
});
export type Head = t.TypeOf<typeof Head>;

export const headText = (head: Head): string => JSON.stringify(Head.encode(head));

/** Throws where the line has another shape. */
export const headOf = (line: string): Head => {
  const decoded = Head.decode(JSON.parse(line));
  if (decoded._tag === 'Right') return decoded.right;
  const [first] = decoded.left;
  throw new Malformed(`the head of the epoch is not as it should be at ${first?.context.map(({ key }) => key).join('.') ?? ''}`);
};
