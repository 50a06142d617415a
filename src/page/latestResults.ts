import type { LatestResult } from '../status/status.js';
import { NOTHING, instant, seconds } from './format.js';
import type { Cell } from './rows.js';

const TIMINGS = { EARLY: 'early', ON_TIME: 'on time', LATE: 'late' } as const;
const RULES = { next_view: 'next page view', session_gap: 'gap of the session' } as const;

/** What is special about a result, in a few words. */
const notesOf = ({ revision, historic, forced }: LatestResult): string =>
  [revision > 0 ? `revision ${revision}` : '', historic ? 'historic' : '', forced === 'cap' ? 'session was full' : forced === 'drain' ? 'closed by a stop' : ''].filter((it) => it !== '').join(', ');

/** A row of the latest results; a session that is shown can be looked for by a click. */
export const resultRow = (result: LatestResult, now: number, find: ((session: string) => void) | undefined): readonly Cell[] => [
  { text: instant(result.at, now) },
  { text: result.session, kind: 'mono', ...(find && { onClick: () => find(result.session) }) },
  { text: result.page },
  { text: result.seconds === null ? NOTHING : seconds(result.seconds), kind: 'number' },
  { text: result.rule === null ? NOTHING : RULES[result.rule] },
  { text: TIMINGS[result.timing] },
  { text: `${instant(result.windowStart, now)} – ${instant(result.windowEnd, now)}` },
  { text: notesOf(result) },
];
