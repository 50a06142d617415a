import { asyncScheduler, connect, filter, merge, pipe, type OperatorFunction } from 'rxjs';
import { branch, dedupeEmitted, type Element, type Pane, type Watermark } from '../operators/index.js';
import { diagram } from './diagram.js';
import { marks, type Mark } from './mark.js';
import { MINUTE, SECOND, sessions, timed, triggered, watermarks } from './measures.js';

/*
 * What went wrong with other engines, and must not with this one. All in production's measures: 10 s
 * of disorder, a gap of 1 min, early panes every 30 s, idle after 1 min.
 */

const HOUR = 60 * MINUTE;

/** Seconds on each page, until the next one or the end of the window: `a=20s`. */
const onPages = ({ value, window }: Pane<string, readonly Mark[]>): readonly string[] =>
  value.map(({ name, at }, place) => `${name}=${((value[place + 1]?.at ?? window.end) - at) / SECOND}s`);

/** As {@link onPages}, but an early pane leaves out the page that is still open. */
const onPagesLeft = (pane: Pane<string, readonly Mark[]>): readonly string[] => onPages(pane).slice(0, pane.timing === 'EARLY' ? -1 : undefined);

const told = (results = onPagesLeft) => dedupeEmitted({ results, identity: (it: string) => it.slice(0, it.indexOf('=')), same: (a: string, b: string) => a === b });

/** Compares event time with a calendar; what is dated too far ahead goes around the rest. */
const byCalendar = <Out>(calendar: () => number, rest: OperatorFunction<Element<Mark> | Watermark, Out>) =>
  pipe(
    watermarks({ maxFutureSkew: 5 * MINUTE, wallClock: calendar, idleTimeout: MINUTE }),
    connect((all$) => merge(all$.pipe(filter((it) => it._tag === 'Future')), all$.pipe(branch('Future', () => undefined), rest))),
  );

/** A calendar that is set wrong at 20 s. */
const setAt20s = (by: number) => (): number => asyncScheduler.now() + (asyncScheduler.now() < 20 * SECOND ? 0 : by);

// 1. Events exactly one gap apart.

export const oneGapApart = diagram({
  id: 'pitfalls/one-gap-apart',
  title: 'views exactly one gap apart belong to two sessions',
  operator: pipe(timed(), sessions()),
  given: marks,
  hide: ['Changed', 'Closed', 'Watermark'],
  score: `
    time    0s  1m  2m10s
    source  a   b   bob.c !
    panes           ON_TIME#0/last{a}[0s..1m) ON_TIME#0/last{b}[1m..2m)
  `,
});

export const oneGapApartLessAMillisecond = diagram({
  id: 'pitfalls/one-gap-apart-less-a-millisecond',
  title: 'views a millisecond less than a gap apart belong to one session',
  operator: pipe(timed(), sessions()),
  given: marks,
  hide: ['Changed', 'Closed', 'Watermark'],
  score: `
    time    0s  59.999s  2m10s
    source  a   b        bob.c !
    panes                ON_TIME#0/last{a,b}[0s..1m59.999s)
  `,
});

// 2. Overlapping sessions without allowed lateness.

export const noOverlap = diagram({
  id: 'pitfalls/no-overlap',
  title: 'a view whose own window is not over yet, but lies in a session already told, opens no second session that overlaps it',
  operator: pipe(timed(), sessions()),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s    1m10s                      1m11s            2m40s
    source     a     bob.x                      b@30s c@1m       |
    watermark  -10s  1m                                          inf
    panes            ON_TIME#0/last{a}[0s..1m)                   ON_TIME#0/last{c}[1m..2m) bob.ON_TIME#0/last{x}[1m10s..2m10s)
    late                                        late(b@30s,~1m)
  `,
});

// 3. A late event that bridges two sessions already told.

export const lateBridge = diagram({
  id: 'pitfalls/late-bridge',
  title: 'a late view that bridges two sessions already told makes them one: what changes comes as the next revision under the same identity',
  operator: pipe(timed(), sessions({ allowedLateness: 10 * MINUTE }), told()),
  given: marks,
  hide: ['Changed', 'Closed', 'Watermark'],
  score: `
    time     0s  1m30s                             2m40s                                   2m41s
    source   a   c                                 bob.x                                   b@45s !
    results      emitted#0{a=60s}/ON_TIME[0s..1m)  emitted#0{c=60s}/ON_TIME[1m30s..2m30s)  emitted#1{a=45s}/LATE[0s..2m30s) emitted#0{b=45s}/LATE[0s..2m30s)
  `,
});

// 4. An event dated 2099, which begins 1 130 808 hours after 1970.

export const year2099 = diagram({
  id: 'pitfalls/year-2099',
  title: 'a view dated 2099 comes out aside and changes nothing for the others',
  operator: byCalendar(() => asyncScheduler.now(), pipe(sessions(), told())),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s    10s                         20s  30s
    source     a     bob.x@1130808h              b    |
    watermark  -10s                              10s  inf
    results                                           emitted#0{a=20s}/ON_TIME[0s..1m20s) emitted#0{b=60s}/ON_TIME[0s..1m20s)
    late             bob.future(x@1130808h,10s)
  `,
});

// 5. The last session of the day.

export const lastSession = diagram({
  id: 'pitfalls/last-session',
  title: 'the last session of the day closes without any further view',
  operator: pipe(timed({ idleTimeout: MINUTE }), sessions()),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s    1m1s..2m9s  2m10s
    source     a                 !
    watermark  -10s  -9s..59s    1m
    panes                        ON_TIME#0/last{a}[0s..1m)
  `,
});

export const reconnected = diagram({
  id: 'pitfalls/reconnected',
  title: 'silence before the source was connected again is no idleness: it counts from OPEN',
  operator: connect((all$) => all$.pipe(
    filter(({ name }) => name !== 'OPEN'),
    timed({ idleTimeout: MINUTE, idleResets: all$.pipe(filter(({ name }) => name === 'OPEN')) }),
    sessions(),
  )),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s    50s   1m51s..2m59s  3m
    source     a     OPEN                !
    watermark  -10s        -9s..59s      1m
    panes                                ON_TIME#0/last{a}[0s..1m)
  `,
});

// 6. Early panes.

export const earlyOncePerNews = diagram({
  id: 'pitfalls/early-once-per-news',
  title: 'an early pane comes once for what is new, 30 s after the first of it: later views do not put it off, and it is not repeated',
  operator: pipe(timed(), triggered()),
  given: marks,
  hide: ['Watermark'],
  score: `
    time    0s  10s  25s  30s                        1m10s  1m25s  1m40s                        2m
    source  a   b    c                               d                                          !
    panes                 EARLY#0{a,b,c}[0s..1m25s)                EARLY#1{a,b,c,d}[0s..2m10s)
  `,
});

export const earlyOfMerged = diagram({
  id: 'pitfalls/early-of-merged',
  title: 'sessions that merge have one early pane, at the earlier of the two times',
  operator: pipe(timed(), triggered()),
  given: marks,
  hide: ['Watermark'],
  score: `
    time    1m    1m5s  1m10s  1m30s                     2m10s
    source  a@0s  c     b@30s                            !
    panes                      EARLY#0{a,b,c}[0s..2m5s)
  `,
});

export const noEarlyAfterFinal = diagram({
  id: 'pitfalls/no-early-after-final',
  title: 'a session that has fired has no early pane any more, though one was due ten seconds later',
  operator: pipe(timed(), triggered()),
  given: marks,
  hide: ['Closed', 'Watermark'],
  score: `
    time    50s   1m10s                      1m39s
    source  a@0s  bob.x                      !
    panes         ON_TIME#0/last{a}[0s..1m)
  `,
});

// 7. A clock that is set.

export const setForward = diagram({
  id: 'pitfalls/set-forward',
  title: 'a calendar that is set forward an hour, here at 20s, loses no deadline and repeats none',
  operator: byCalendar(setAt20s(HOUR), pipe(triggered(), told())),
  given: marks,
  hide: ['Closed', 'Watermark'],
  score: `
    time     0s  10s  30s                                40s  1m10s                              2m50s
    source   a   b                                       c                                       !
    results           emitted#0{a=10s}/EARLY[0s..1m10s)       emitted#0{b=30s}/EARLY[0s..1m40s)  emitted#0{c=60s}/ON_TIME[0s..1m40s)
  `,
});

export const setBack = diagram({
  id: 'pitfalls/set-back',
  title: 'a calendar that is set back an hour, here at 20s, loses no deadline either; a view dated an hour ahead of it comes out aside',
  operator: byCalendar(setAt20s(-HOUR), pipe(triggered(), told())),
  given: marks,
  hide: ['Closed', 'Watermark'],
  score: `
    time     0s  10s  30s                                40s                    2m20s
    source   a   b                                       c                      !
    results           emitted#0{a=10s}/EARLY[0s..1m10s)                         emitted#0{b=60s}/ON_TIME[0s..1m10s)
    late                                                 future(c@40s,-59m20s)
  `,
});

// 8. Equal timestamps.

export const equalTimes = diagram({
  id: 'pitfalls/equal-times',
  title: 'views at the same time give the same results in whatever order they arrive',
  operator: pipe(timed(), sessions(), told()),
  given: marks,
  hide: ['Changed', 'Closed', 'Watermark'],
  score: `
    time     0s                                   1s
    source   ada.a ada.b ada.c bob.c bob.b bob.a  |
    results                                       ada.emitted#0{a=0s}/ON_TIME[0s..1m) ada.emitted#0{b=0s}/ON_TIME[0s..1m) ada.emitted#0{c=60s}/ON_TIME[0s..1m) bob.emitted#0{a=0s}/ON_TIME[0s..1m) bob.emitted#0{b=0s}/ON_TIME[0s..1m) bob.emitted#0{c=60s}/ON_TIME[0s..1m)
  `,
});

// 9. Time on page is a number, and not negative.

export const neverNegative = diagram({
  id: 'pitfalls/never-negative',
  title: 'the time on a page is exact and never negative, also when the next view arrives first',
  operator: pipe(timed(), sessions(), told()),
  given: marks,
  hide: ['Changed', 'Closed', 'Watermark'],
  score: `
    time     45.5s  46s   47s
    source   b c    a@0s  |
    results               emitted#0{a=45.5s}/ON_TIME[0s..1m45.5s) emitted#0{b=0s}/ON_TIME[0s..1m45.5s) emitted#0{c=60s}/ON_TIME[0s..1m45.5s)
  `,
});

export const fractions = diagram({
  id: 'pitfalls/fractions',
  title: 'a fraction of a millisecond is a time like any other',
  operator: pipe(timed(), sessions(), told()),
  given: { a: { name: 'a', key: 'k', at: 0.25 }, b: { name: 'b', key: 'k', at: 0.75 } },
  hide: ['Changed', 'Closed', 'Watermark'],
  score: `
    time     1ms  2ms  1s
    source   b    a    |
    results            emitted#0{a=0.0005s}/ON_TIME[0.25ms..60000.75ms) emitted#0{b=60s}/ON_TIME[0.25ms..60000.75ms)
  `,
});

// 10. The end of a window.

export const endOfWindow = diagram({
  id: 'pitfalls/end-of-window',
  title: 'a window ends one gap after its last view, exclusively; the sample of the predecessor: 45.5 s, told a minute after the view',
  operator: pipe(timed(), triggered(), told()),
  given: marks,
  hide: ['Watermark'],
  score: `
    time     30s   45.5s  1m
    source   a@0s  b      !
    results               emitted#0{a=45.5s}/EARLY[0s..1m45.5s)
  `,
});

// 11. The provisional time of the last page.

export const provisional = diagram({
  id: 'pitfalls/provisional',
  title: 'a provisional time on the open page says that it is early; when the next view comes it changes, with the next revision',
  operator: pipe(timed(), triggered(), told(onPages)),
  given: marks,
  hide: ['Watermark'],
  score: `
    time     0s  30s                             40s  1m10s
    source   a                                   b    !
    results      emitted#0{a=60s}/EARLY[0s..1m)       emitted#1{a=40s}/EARLY[0s..1m40s) emitted#0{b=60s}/EARLY[0s..1m40s)
  `,
});
