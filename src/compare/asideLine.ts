import * as t from 'io-ts';
import type { Refused } from './explain.js';
import type { Side, Told } from './told.js';

/** What is laid aside until all has been read: a result, or a view that was refused. */
export type Aside =
  | { readonly _tag: 'Told'; readonly side: Side; readonly session: string; readonly told: Told }
  | { readonly _tag: 'Refused'; readonly side: Side; readonly session: string; readonly refused: Refused };

const SideName = t.keyof({ left: null, right: null });
const Maybe = t.union([t.number, t.null]);
const Pane = t.tuple([t.number, t.number, t.keyof({ next_view: null, session_gap: null }), t.boolean]);

const ToldLine = t.tuple([SideName, t.string, t.tuple([t.string, t.number, t.number, t.number]), t.tuple([Maybe, Maybe]), t.union([Pane, t.null])]);
const RefusedLine = t.tuple([SideName, t.string, t.number, t.string]);

/** As one line of JSON. */
export const asideLine = (aside: Aside): string => {
  const { side, session } = aside;
  if (aside._tag === 'Refused') return JSON.stringify([side, session, aside.refused.entry, aside.refused.reason] satisfies t.TypeOf<typeof RefusedLine>);
  const { page, timestamp, spent, place, windowStart, windowEnd, pane } = aside.told;
  const told: t.TypeOf<typeof ToldLine> = [
    side, session,
    [page, timestamp, spent, place],
    [windowStart ?? null, windowEnd ?? null],
    pane === undefined ? null : [pane.entry, pane.revision, pane.rule, pane.historic],
  ];
  return JSON.stringify(told);
};

/** Errors: for a line that {@link asideLine} has not written. */
export const readAsideLine = (line: string): Aside => {
  const value: unknown = JSON.parse(line);
  if (RefusedLine.is(value)) {
    const [side, session, entry, reason] = value;
    return { _tag: 'Refused', side, session, refused: { entry, reason } };
  }
  if (!ToldLine.is(value)) throw new Error('a line that was laid aside has been damaged');
  const [side, session, [page, timestamp, spent, place], [windowStart, windowEnd], pane] = value;
  const told: Told = {
    session, page, timestamp, spent, place,
    windowStart: windowStart ?? undefined,
    windowEnd: windowEnd ?? undefined,
    pane: pane === null ? undefined : { entry: pane[0], revision: pane[1], rule: pane[2], historic: pane[3] },
  };
  return { _tag: 'Told', side, session, told };
};
