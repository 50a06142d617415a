import { notation, printScore, scoreOf, type Lane } from '../../marbles/index.js';
import type { Arrived, Consequence, Happening, Story } from './story.js';
import type { Words } from './words.js';

/** In this order; what is empty is left out. */
const ROWS = ['source', 'watermark', 'sessions', 'refused', 'early_due', 'panes', 'results', 'closed'] as const;
type Row = (typeof ROWS)[number];

/** The key of what a score does not name. */
const KEY = 'k';

/**
 * A story as a score of the marble language: `source` is what came, when it came and (behind `@`) when it
 * happened; `watermark` is where that was at each of these instants; the other rows are what came of it.
 */
export const timeline = ({ happenings }: Story, words: Words): string => {
  const rows = new Map<Row, { at: number; text: string }[]>(ROWS.map((row) => [row, []]));
  for (const happening of happenings) {
    const at = happening.at - words.zero;
    const put = (row: Row, text: string): void => {
      const lane = rows.get(row);
      const last = lane?.at(-1);
      if (row === 'watermark' && last?.at === at && last.text === text) return;
      lane?.push({ at, text });
    };
    if (happening.watermark > -Infinity) put('watermark', words.time(happening.watermark));
    if (happening._tag === 'Arrived') arrival(happening, words, put);
    else put(...consequence(happening, happenings, words));
  }
  const lanes = [...rows].map(([name, them]): Lane => ({ name, happenings: them })).filter(({ happenings: them }) => them.length > 0);
  return printScore(scoreOf(lanes));
};

const arrival = (it: Arrived, words: Words, put: (row: Row, text: string) => void): void => {
  const { at, timestamp, fate } = it;
  const name = words.names.ofEvent(it.event);
  put('source', timestamp === at || Number.isNaN(timestamp) ? name : `${name}@${words.time(timestamp)}`);
  if (fate._tag === 'Refused') put('refused', `${fate.deadLetter.reason}:${name}`);
  else if (fate._tag === 'DuplicateId' || fate._tag === 'DuplicateView') put('refused', `duplicate:${name}`);
  else put('sessions', `${fate._tag.toLowerCase()}${words.window(fate.window)}${fate._tag === 'Merged' ? fate.before.map((window) => `<${words.window(window)}`).join('') : ''}`);
};

const consequence = (it: Consequence, all: readonly Happening[], words: Words): readonly [Row, string] => {
  switch (it._tag) {
    case 'Pane': {
      const { window } = it.pane;
      const shifted = { start: window.start - words.zero, end: window.end - words.zero };
      return ['panes', notation(() => namesIn(window, it, all, words))({ ...it.pane, key: KEY, window: shifted }).replace(`${KEY}.`, '')];
    }
    case 'Told': return ['results', words.result(it.result)];
    case 'EarlyDue': return ['early_due', words.time(it.due)];
    case 'Closed': return ['closed', `closed${words.window(it.window)}`];
    case 'Forgotten': return ['closed', it.windows.map((window) => `forgotten${words.window(window)}`).join(' ')];
  }
};

/** What of the window had come by then, in the order in which it happened. */
const namesIn = ({ start, end }: { readonly start: number; readonly end: number }, until: Consequence, all: readonly Happening[], words: Words): string =>
  all.slice(0, all.indexOf(until))
    .filter((it): it is Arrived => it._tag === 'Arrived' && 'window' in it.fate && start <= it.timestamp && it.timestamp < end)
    .sort((a, b) => a.timestamp - b.timestamp)
    .map(({ event }) => words.names.ofEvent(event)).join();
