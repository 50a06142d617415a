import { timer } from 'rxjs';
import { diagram } from './diagram.js';
import { elements } from './mark.js';
import { MINUTE, SECOND, sessions, triggered } from './measures.js';

export const onTimePane = diagram({
  id: 'sessionWindow/on-time-pane',
  title: 'the on-time pane comes also when nothing is new since the last early one; with no lateness allowed it is the last',
  operator: triggered(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  30s                 1m10s
    source     a                       ~1m |
    panes          EARLY#0{a}[0s..1m)  ON_TIME#1/last{a}[0s..1m)
    watermark                          1m
  `,
});

export const onTimePaneIsNotTheLast = diagram({
  id: 'sessionWindow/on-time-pane-is-not-the-last',
  title: 'with lateness allowed the on-time pane is not the last: the session is let go when the lateness is over',
  operator: sessions({ allowedLateness: 5 * MINUTE }),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s  1m10s                 6m10s
    source     a   ~1m                   ~6m |
    panes          ON_TIME#0{a}[0s..1m)
    closed                               closed[0s..1m)
    watermark      1m                    6m
  `,
});

export const accumulating = diagram({
  id: 'sessionWindow/accumulating',
  title: 'ACCUMULATING: each pane holds everything so far',
  operator: triggered(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  30s                 40s  1m10s                    1m50s
    source     a                       b                             ~1m40s |
    panes          EARLY#0{a}[0s..1m)       EARLY#1{a,b}[0s..1m40s)  ON_TIME#2/last{a,b}[0s..1m40s)
    watermark                                                        1m40s
  `,
});

export const discarding = diagram({
  id: 'sessionWindow/discarding',
  title: 'DISCARDING: each pane holds what came since the last one, the on-time pane even nothing',
  operator: triggered({ accumulation: 'DISCARDING' }),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  30s                 40s  1m10s                  1m50s
    source     a                       b                           ~1m40s |
    panes          EARLY#0{a}[0s..1m)       EARLY#1{b}[0s..1m40s)  ON_TIME#2/last{}[0s..1m40s)
    watermark                                                      1m40s
  `,
});

export const duplicateAddsNothing = diagram({
  id: 'sessionWindow/duplicate-adds-nothing',
  title: 'an event that adds nothing to its session brings no pane, no deadline and no growth',
  operator: triggered(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  20s  30s                      40s         1m30s
    source     a   b                             a@0s b@20s  ~1m20s |
    panes               EARLY#0{a,b}[0s..1m20s)              ON_TIME#1/last{a,b}[0s..1m20s)
    watermark                                                1m20s
  `,
});

export const capOfEvents = diagram({
  id: 'sessionWindow/cap-of-events',
  title: 'a session that is full, here with two events, closes at the time of the next newer event, which opens the next session: nothing overlaps and nothing is late',
  operator: sessions({ maxSessionEvents: 2 }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  20s  40s                               1m50s
    source     a   b    c                                 ~1m40s |
    panes               ON_TIME#0/last/cap{a,b}[0s..40s)  ON_TIME#0/last{c}[40s..1m40s)
    watermark                                             1m40s
  `,
});

export const capOfDuration = diagram({
  id: 'sessionWindow/cap-of-duration',
  title: 'a session whose window the next newer event would make too long, here longer than a minute and a half, closes at the time of that event',
  operator: sessions({ maxSessionDuration: 90 * SECOND }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  30s  40s                               1m50s
    source     a   b    c                                 ~1m40s |
    panes               ON_TIME#0/last/cap{a,b}[0s..40s)  ON_TIME#0/last{c}[40s..1m40s)
    watermark                                             1m40s
  `,
});

export const olderThanCut = diagram({
  id: 'sessionWindow/older-than-cut',
  title: 'what is older than a cut is late: a session closed by a cap is as final as any other',
  operator: sessions({ maxSessionEvents: 2 }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s       20s  40s                               45s
    source     ~-10s a  b    c                                 d@35s !
    panes                    ON_TIME#0/last/cap{a,b}[0s..40s)
    watermark  -10s
    late                                                       late(d@35s,~-10s)
  `,
});

export const fullOfEvents = diagram({
  id: 'sessionWindow/full-of-events',
  title: 'older events may exceed a cap up to twice, here four events instead of two; what is beyond that is refused',
  operator: sessions({ maxSessionEvents: 2 }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  30s  35s    40s    45s                                      1m40s
    source     a   b    c@10s  d@20s  e@15s                                    ~1m30s |
    panes                                                                      ON_TIME#0/last{a,c,d,b}[0s..1m30s)
    watermark                                                                  1m30s
    late                              full(e@15s,maxSessionEvents)[0s..1m30s)
  `,
});

export const fullOfDuration = diagram({
  id: 'sessionWindow/full-of-duration',
  title: 'older events may lengthen a window up to twice its cap, here to three minutes; what is beyond that is refused',
  operator: sessions({ maxSessionDuration: 90 * SECOND }),
  given: elements,
  score: `
    time     0s               10s                         20s                             30s
    source   a                b@-40s                      c@-1m30s                        d@-2m0.001s !
    changed  changed[0s..1m)  changed[-40s..1m)<[0s..1m)  changed[-1m30s..1m)<[-40s..1m)
    late                                                                                  full(d@-2m0.001s,maxSessionDuration)[-2m0.001s..1m)
  `,
});

export const mergeUpToTwice = diagram({
  id: 'sessionWindow/merge-up-to-twice',
  title: 'a merge may exceed a cap up to twice',
  operator: sessions({ maxSessionEvents: 2 }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m30s  1m40s  1m50s  2m50s
    source     a   b      c      d@50s  ~2m40s |
    panes                               ON_TIME#0/last{a,d,b,c}[0s..2m40s)
    watermark                           2m40s
  `,
});

export const fullByMerge = diagram({
  id: 'sessionWindow/full-by-merge',
  title: 'a merge that would exceed a cap more than twice is refused, and the sessions stay apart',
  operator: sessions({ maxSessionEvents: 2 }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  10s  1m30s  1m40s  1m50s                                    2m50s
    source     a   b    c      d      e@50s                                    ~2m40s |
    panes                                                                      ON_TIME#0/last{a,b}[0s..1m10s) ON_TIME#0/last{c,d}[1m30s..2m40s)
    watermark                                                                  2m40s
    late                              full(e@50s,maxSessionEvents)[0s..2m40s)
  `,
});

export const infinityClosesAll = diagram({
  id: 'sessionWindow/infinity-closes-all',
  title: 'the watermark Infinity closes all sessions at once, by their ends, historic ones too',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       10m     10m10s  10m20s    10m30s
    source     ~9m50s  ada.a   bob.b@0s  ~inf |
    panes                                bob.ON_TIME#0/last/historic{b}[0s..1m) ada.ON_TIME#0/last{a}[10m10s..11m10s)
    watermark  9m50s                     inf
  `,
});

export const drainClosesAll = diagram({
  id: 'sessionWindow/drain-closes-all',
  title: 'a drain, here at 20s, closes all sessions as they stand and remembers none: one that goes on after it starts anew',
  operator: sessions({ drain: timer(20 * SECOND) }),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s  20s                              30s    1m20s
    source     a                                    b@10s  ~1m10s |
    panes          ON_TIME#0/last/drain{a}[0s..1m)         ON_TIME#0/last{b}[10s..1m10s)
    closed         closed[0s..1m)                          closed[10s..1m10s)
    watermark                                              1m10s
  `,
});

export const completionDrains = diagram({
  id: 'sessionWindow/completion-drains',
  title: 'a source that completes without a watermark Infinity drains what is held',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time    0s  20s
    source  a   |
    panes       ON_TIME#0/last/drain{a}[0s..1m)
  `,
});
