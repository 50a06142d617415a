import type { ExplainedSession } from '../status/explainedSession.js';
import { duration, instant, seconds, several, utc } from './format.js';

/** One part of what is told of a session id. */
export interface SessionPart {
  readonly title: string;
  readonly text: string;
  /** Rows below it, and what their columns are. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MODES = {
  live: 'It closes when the watermark passes its end.',
  fired: 'Its result is out; it stays open for late events.',
  historic: 'It is historic: processing time closes it.',
} as const;

const RULES = { next_view: 'next page view', session_gap: 'gap of the session' } as const;

/** What is told of a session id, in sentences and tables. */
export const sessionText = ({ watermark, taskTime, sessions, closed, earlyAt, emitted }: ExplainedSession, now: number): readonly SessionPart[] => [
  ...sessions.map(({ start, end, mode, views, arrivedAt, panes }) => ({
    title: `Open session ${instant(start, now)} – ${utc(end, now)}`,
    text: [
      MODES[mode],
      mode === 'live' && watermark !== null ? (watermark < end ? `The watermark is ${duration(end - watermark)} before that.` : 'The watermark has passed it.') : '',
      `The newest event came ${duration(Math.max(0, taskTime - arrivedAt))} ago.`,
      `${several(panes, 'pane')} so far.`,
    ].filter((it) => it !== '').join(' '),
    columns: ['Page view at, UTC', 'Page'],
    rows: views.map(({ page, at }) => [instant(at, now), page]),
  })),
  ...section('Early results', earlyAt.map((at) => `due in ${duration(Math.max(0, at - taskTime))} of task time`).join(', ')),
  ...table('Results so far', ['Entered at, UTC', 'Page', 'Time on page', 'Measured by', 'Revision'], emitted.map(({ page, entry, seconds: value, rule, revision }) => [instant(entry, now), page, seconds(value), RULES[rule], String(revision)])),
  ...table('Closed sessions that are remembered: an event that touches one is late', ['From, UTC', 'To, UTC', 'Closed at (task time), UTC'], closed.map(({ start, end, closedAt }) => [start, end, closedAt].map((at) => instant(at, now)))),
];

const section = (title: string, text: string): readonly SessionPart[] => (text === '' ? [] : [{ title, text, columns: [], rows: [] }]);

const table = (title: string, columns: readonly string[], rows: readonly (readonly string[])[]): readonly SessionPart[] => (rows.length === 0 ? [] : [{ title, text: '', columns, rows }]);
