import { Comparison } from '../../src/compare/comparison.js';
import { Differences, type Difference } from '../../src/compare/differences.js';
import { readTold } from '../../src/compare/readTold.js';
import type { Refused } from '../../src/compare/explain.js';
import { SideFacts } from '../../src/compare/sideFacts.js';
import type { Side, Told } from '../../src/compare/told.js';

/** A page view: page, and seconds after {@link START}. */
export type View = readonly [page: string, at: number];

export interface Session {
  readonly session: string;
  /** In order. */
  readonly views: readonly View[];
}

export const START = Date.parse('2025-01-30T15:30:00Z');

const iso = (seconds: number): string => new Date(START + Math.round(seconds * 1_000)).toISOString();

/** A record as a pipeline writes it. */
export interface Written {
  readonly body: {
    readonly session_id: string;
    readonly page: string;
    readonly time_spent_seconds: number;
    readonly timestamp: string;
    readonly window_start: string;
    readonly window_end: string;
    readonly element_timestamp: string;
  };
  readonly pane: { readonly entry: number; readonly rule: 'next_view' | 'session_gap'; readonly revision: number; readonly historic?: true };
}

const LONG = 60;

/** What a pipeline that cuts sessions at this gap (s) makes of them, session by session, in order. */
export const written = (sessions: readonly Session[], gap = LONG): Written[] =>
  sessions.flatMap(({ session, views }) =>
    cut(views, gap).flatMap((window) => {
      const [first, last] = [window[0]!, window.at(-1)!];
      return window.map(([page, at], place): Written => {
        const next = window[place + 1];
        const leftAt = next?.[1] ?? at + gap;
        return {
          body: {
            session_id: session, page,
            time_spent_seconds: Math.round((leftAt - at) * 1_000) / 1_000,
            timestamp: iso(leftAt), window_start: iso(first[1]), window_end: iso(last[1] + gap), element_timestamp: iso(last[1]),
          },
          pane: { entry: START + Math.round(at * 1_000), rule: next === undefined ? 'session_gap' : 'next_view', revision: 0 },
        };
      });
    }),
  );

const cut = (views: readonly View[], gap: number): readonly (readonly View[])[] => {
  const windows: View[][] = [];
  for (const view of views) {
    const last = windows.at(-1);
    if (last !== undefined && view[1] - last.at(-1)![1] < gap) last.push(view);
    else windows.push([view]);
  }
  return windows;
};

/** As lines of a file, with their headers. */
export const withHeaders = (records: readonly Written[]): string[] => records.map(({ body, pane }) => JSON.stringify({ ...body, headers: { pane: JSON.stringify(pane) } }));

/** Without any headers. */
export const bodies = (records: readonly Written[]): string[] => records.map(({ body }) => JSON.stringify(body));

/** As a pipeline writes them for which `timestamp` is when the page was entered. */
export const bodiesByEntry = (records: readonly Written[]): string[] =>
  records.map(({ body, pane }) => JSON.stringify({ ...body, timestamp: new Date(pane.entry).toISOString() }));

export interface Found {
  readonly same: number;
  readonly differences: readonly Pick<Difference, 'kind' | 'why' | 'count'>[];
}

/** How many of what kind differ. */
export const found = (left: readonly string[], right: readonly string[], options: { readonly spent?: number; readonly refusedRight?: Readonly<Record<string, readonly Refused[]>> } = {}): Found => {
  const facts = { left: new SideFacts(), right: new SideFacts() };
  const sessions = new Map<string, Record<Side, Told[]>>();
  const read = (side: Side) => (line: string, place: number) => {
    const told = readTold(line, place);
    if (told._tag === 'Left') throw new Error(JSON.stringify(told.left));
    facts[side].read(told.right);
    const session = sessions.get(told.right.session) ?? { left: [], right: [] };
    sessions.set(told.right.session, session);
    session[side].push(told.right);
  };
  left.forEach(read('left'));
  right.forEach(read('right'));
  const differences = new Differences(3);
  const natureOf = (it: SideFacts) => ({ meaning: it.meaning, hasLastPages: it.hasLastPages(it.meaning) });
  const comparison = new Comparison(
    { tolerances: { instant: 1_000, spent: options.spent ?? 1 }, since: -Infinity, until: Infinity },
    { left: natureOf(facts.left), right: natureOf(facts.right) },
    differences,
  );
  for (const [session, told] of sessions) comparison.session(session, { told, refused: { left: [], right: options.refusedRight?.[session] ?? [] } });
  return { same: comparison.same, differences: differences.all().map(({ kind, why, count }) => ({ kind, why, count })) };
};
