import type { Diagram } from '../diagram.js';
import { WATERMARK } from '../mark.js';
import { WATERMARK_ROW } from '../score.js';
import type { Happening } from '../timeline.js';
import { played } from './play.js';
import { MEASURES, PRODUCTION, isName, withinBounds, type Event, type Settings, type Situation } from './situation.js';

const MINUTE = 60_000;

/** How diagrams differ from production, mostly. */
const VARIANTS: readonly Partial<Settings>[] = [0, MINUTE].flatMap((idleTimeout) =>
  [0, PRODUCTION.early].flatMap((early) => [0, 2 * MINUTE, 5 * MINUTE].map((allowedLateness) => ({ idleTimeout, early, allowedLateness }))));

/** Rows of which the playground knows nothing, and need not. */
const ASIDE = ['elements', 'changed', 'closed', 'ends'];

/** A situation of the playground in which the same comes out as in this diagram, if there is one among the usual ones. */
export const sameSituation = (diagram: Diagram): Situation | undefined => {
  const rows = diagram.lanes.filter(({ name }) => !ASIDE.includes(name));
  const events = diagram.marks.flatMap(({ at, mark }): readonly Event[] => (mark.name === WATERMARK ? [] : [{ name: mark.name, key: mark.key, arrives: at, at: mark.at }]));
  const { at: end, text: sign } = diagram.sourceEnd;
  const until = Math.max(end, MEASURES.find(({ name }) => name === 'until')?.least ?? end);
  if (sign !== '!' || events.length === 0 || events.length < diagram.marks.length || !events.every((event, i) => isPlayable(event, until) && events.findIndex(({ name }) => name === event.name) === i)) return undefined;

  return VARIANTS.map((variant): Situation => ({ events, settings: { ...PRODUCTION, ...variant }, until })).find((situation) => {
    const { lanes } = played(situation, diagram.title);
    const came = (row: string): readonly Happening[] => (lanes.find(({ name }) => name === row)?.happenings ?? []).filter(({ at }) => at <= end);
    return rows.length > 0 && rows.every(({ name, happenings }) => isSame(came(name), happenings)) && (rows.some(({ name }) => name !== WATERMARK_ROW) || came('panes').length === 0);
  });
};

const isPlayable = (event: Event, until: number): boolean => {
  const { arrives, at } = withinBounds(event, until);
  return isName(event.name) && arrives === event.arrives && at === event.at;
};

const isSame = (a: readonly Happening[], b: readonly Happening[]): boolean => a.length === b.length && a.every(({ at, text }, i) => at === b[i]?.at && text === b[i].text);
