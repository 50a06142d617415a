import { pipe } from 'rxjs';
import { earlyTrigger, fixedWindow, type FixedWindowOptions } from '../operators/index.js';
import { diagram } from './diagram.js';
import { collected, elements, type Mark } from './mark.js';
import { MINUTE, SECOND } from './measures.js';

/** A window is a minute long, and holds its marks. */
const minutes = (options: Partial<FixedWindowOptions<string, Mark, readonly Mark[]>> = {}) =>
  fixedWindow<string, Mark, readonly Mark[]>({ key: ({ key }) => key, size: MINUTE, aggregate: collected, ...options });

export const fires = diagram({
  id: 'fixedWindow/fires',
  title: 'a window begins with each full minute and holds what falls into it; it fires when the watermark reaches its end',
  operator: minutes(),
  given: elements,
  score: `
    time       10s              40s              1m10s            1m20s
    source     a                b                c                ~1m !
    changed    changed[0s..1m)  changed[0s..1m)  changed[1m..2m)
    panes                                                         ON_TIME#0/last{a,b}[0s..1m)
    closed                                                        closed[0s..1m)
    watermark                                                     1m
  `,
});

export const halfOpen = diagram({
  id: 'fixedWindow/half-open',
  title: 'an event exactly at the end of a window is in the next one',
  operator: minutes(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m  2m10s
    source     a   b   ~2m |
    panes              ON_TIME#0/last{a}[0s..1m) ON_TIME#0/last{b}[1m..2m)
    watermark          2m
  `,
});

export const offset = diagram({
  id: 'fixedWindow/offset',
  title: 'an offset moves all windows, here by a quarter of a minute',
  operator: minutes({ offset: 15 * SECOND }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       10s  20s  1m30s
    source     a    b    ~1m15s |
    panes                ON_TIME#0/last{a}[-45s..15s) ON_TIME#0/last{b}[15s..1m15s)
    watermark            1m15s
  `,
});

export const beforeTheEpoch = diagram({
  id: 'fixedWindow/before-the-epoch',
  title: 'the grid goes on below zero',
  operator: minutes(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s                   10s
    source     a@-1s b@-1m c@-1m1s  ~0s |
    panes                           ON_TIME#0/last{c}[-2m..-1m) ON_TIME#0/last{b,a}[-1m..0s)
    watermark                       0s
  `,
});

export const noValueNoPane = diagram({
  id: 'fixedWindow/no-value-no-pane',
  title: 'a window into which nothing falls shows no pane',
  operator: minutes(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  5m10s
    source     a   b ~6m |
    panes          ON_TIME#0/last{a}[0s..1m) ON_TIME#0/last{b}[5m..6m)
    watermark      6m
  `,
});

export const late = diagram({
  id: 'fixedWindow/late',
  title: 'with no lateness allowed the on-time pane is the last, and what comes after it is late',
  operator: minutes(),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s  1m10s                      1m20s
    source     a   ~1m                        b@30s !
    panes          ON_TIME#0/last{a}[0s..1m)
    closed         closed[0s..1m)
    watermark      1m
    late                                      late(b@30s,~1m)
  `,
});

export const allowedLateness = diagram({
  id: 'fixedWindow/allowed-lateness',
  title: 'within the allowed lateness an event shows a late pane at once; then the window is let go without a further pane, and the next one is late',
  operator: minutes({ allowedLateness: 5 * MINUTE }),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s  1m10s                 1m20s                6m10s           6m20s
    source     a   ~1m                   b@30s                ~6m             c@40s |
    panes          ON_TIME#0{a}[0s..1m)  LATE#1{a,b}[0s..1m)
    closed                                                    closed[0s..1m)
    watermark      1m                                         6m
    late                                                                      late(c@40s,~6m)
  `,
});

export const firstOfAllLate = diagram({
  id: 'fixedWindow/first-of-all-late',
  title: 'when the first event of a window comes within the allowed lateness, it has no on-time pane',
  operator: minutes({ allowedLateness: 5 * MINUTE }),
  given: elements,
  score: `
    time       0s   10s                20s
    source     ~3m  a@30s              ~6m |
    panes           LATE#0{a}[0s..1m)
    closed                             closed[0s..1m)
    watermark  3m                      6m
  `,
});

export const nothingNew = diagram({
  id: 'fixedWindow/nothing-new',
  title: 'DISCARDING: each pane holds what came since the last one; the on-time pane comes also when that is nothing',
  operator: pipe(minutes({ accumulation: 'DISCARDING' }), earlyTrigger({ every: 15 * SECOND })),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  15s                 20s  35s                 1m10s
    source     a                       b                        ~1m |
    panes          EARLY#0{a}[0s..1m)       EARLY#1{b}[0s..1m)  ON_TIME#2/last{}[0s..1m)
    watermark                                                   1m
  `,
});

export const end = diagram({
  id: 'fixedWindow/end',
  title: 'at the end of event time every window closes, by its end',
  operator: minutes({ allowedLateness: 5 * MINUTE }),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s         1m10s                 1m20s
    source     a b@2m30s  ~1m                   ~inf |
    panes                 ON_TIME#0{a}[0s..1m)  ON_TIME#0/last{b}[2m..3m)
    closed                                      closed[0s..1m) closed[2m..3m)
    watermark             1m                    inf
  `,
});

export const drain = diagram({
  id: 'fixedWindow/drain',
  title: 'a source that completes before the end of event time drains its windows: they close as they stand, and say so',
  operator: minutes(),
  given: elements,
  hide: ['Changed'],
  score: `
    time    0s  10s
    source  a   |
    panes       ON_TIME#0/last/drain{a}[0s..1m)
    closed      closed[0s..1m)
  `,
});
