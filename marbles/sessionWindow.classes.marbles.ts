import { pipe, skipWhile } from 'rxjs';
import { diagram } from './diagram.js';
import { elements, marks } from './mark.js';
import { MINUTE, SECOND, sessions, timed, triggered } from './measures.js';

export const firesAtItsEnd = diagram({
  id: 'sessionWindow/fires-at-its-end',
  title: 'a window fires when the watermark reaches its end, not a millisecond before',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m9.999s  1m10s
    source     a   ~59.999s  ~1m |
    panes                    ON_TIME#0/last{a}[0s..1m)
    watermark      59.999s   1m
  `,
});

export const gapIsTwoSessions = diagram({
  id: 'sessionWindow/gap-is-two-sessions',
  title: 'two events exactly one gap apart are two sessions',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m  2m10s
    source     a   b   ~2m |
    panes              ON_TIME#0/last{a}[0s..1m) ON_TIME#0/last{b}[1m..2m)
    watermark          2m
  `,
});

export const lessThanGapIsOneSession = diagram({
  id: 'sessionWindow/less-than-gap-is-one-session',
  title: 'two events one millisecond less than a gap apart are one session',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  59.999s  2m9.999s
    source     a   b        ~1m59.999s |
    panes                   ON_TIME#0/last{a,b}[0s..1m59.999s)
    watermark               1m59.999s
  `,
});

export const keysAreApart = diagram({
  id: 'sessionWindow/keys-are-apart',
  title: 'the sessions of one key do not touch those of another, held or closed',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s     30s    1m10s                          1m20s      1m50s
    source     ada.a  bob.b  ~1m                            bob.c@40s  ~1m40s |
    panes                    ada.ON_TIME#0/last{a}[0s..1m)             bob.ON_TIME#0/last{b,c}[30s..1m40s)
    watermark                1m                                        1m40s
  `,
});

export const lateOfClosed = diagram({
  id: 'sessionWindow/late-of-closed',
  title: 'an event that overlaps a closed session of its key is late',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m10s                      1m20s
    source     a   ~1m                        b@30s |
    panes          ON_TIME#0/last{a}[0s..1m)
    watermark      1m
    late                                      late(b@30s,~1m)
  `,
});

export const lateThoughItTouchesAnOpenOne = diagram({
  id: 'sessionWindow/late-though-it-touches-an-open-one',
  title: 'an event that overlaps a closed session is late, even if it touches an open one',
  operator: sessions(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s               1m10s                      1m50s                  1m55s
    source     a                ~1m                        b                      c@55s !
    changed    changed[0s..1m)                             changed[1m50s..2m50s)
    panes                       ON_TIME#0/last{a}[0s..1m)
    watermark                   1m
    late                                                                          late(c@55s,~1m)
  `,
});

export const lateWhenItReachesInto = diagram({
  id: 'sessionWindow/late-when-it-reaches-into',
  title: 'an event before a closed session is late when it reaches into it; exactly one gap before it is not',
  operator: sessions(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       1m               2m10s                      2m20s            2m30s
    source     a                ~2m                        b@1ms            c@0s !
    changed    changed[1m..2m)                                              changed[0s..1m)
    panes                       ON_TIME#0/last{a}[1m..2m)
    watermark                   2m
    late                                                   late(b@1ms,~2m)
  `,
});

export const joins = diagram({
  id: 'sessionWindow/joins',
  title: 'an event that overlaps a held session of its key joins it, and the window grows, to either side',
  operator: sessions(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s               30s                          35s                               1m40s
    source     a                b                            c@-20s                            ~1m30s |
    changed    changed[0s..1m)  changed[0s..1m30s)<[0s..1m)  changed[-20s..1m30s)<[0s..1m30s)
    panes                                                                                      ON_TIME#0/last{c,a,b}[-20s..1m30s)
    watermark                                                                                  1m30s
  `,
});

export const merges = diagram({
  id: 'sessionWindow/merges',
  title: 'an event that overlaps two held sessions of its key makes them one',
  operator: sessions(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s               1m30s                  1m35s                                       2m40s
    source     a                b                      c@45s                                       ~2m30s |
    changed    changed[0s..1m)  changed[1m30s..2m30s)  changed[0s..2m30s)<[0s..1m)<[1m30s..2m30s)
    panes                                                                                          ON_TIME#0/last{a,c,b}[0s..2m30s)
    watermark                                                                                      2m30s
  `,
});

export const mergeNumbersOnFromTheGreatest = diagram({
  id: 'sessionWindow/merge-numbers-on-from-the-greatest',
  title: 'the panes of a merged session are numbered on from the greatest index',
  operator: sessions({ allowedLateness: 10 * MINUTE }),
  given: elements,
  score: `
    time       5m10s  5m20s              5m30s                    5m40s                      5m50s
    source     ~5m    a@0s               b@1m30s                  c@1m40s                    d@45s !
    panes             LATE#0{a}[0s..1m)  LATE#0{b}[1m30s..2m30s)  LATE#1{b,c}[1m30s..2m40s)  LATE#2{a,d,b,c}[0s..2m40s)
    watermark  5m
  `,
});

export const opens = diagram({
  id: 'sessionWindow/opens',
  title: 'an event that overlaps neither a closed nor a held session of its key opens one',
  operator: sessions(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s               1m10s                      1m15s            2m10s
    source     a                ~1m                        b@1m             ~2m |
    changed    changed[0s..1m)                             changed[1m..2m)
    panes                       ON_TIME#0/last{a}[0s..1m)                   ON_TIME#0/last{b}[1m..2m)
    watermark                   1m                                          2m
  `,
});

export const liveBehindTheWatermark = diagram({
  id: 'sessionWindow/live-behind-the-watermark',
  title: 'an event behind the watermark is live while its window ends after the watermark',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       40s   45s    1m20s
    source     ~30s  a@10s  ~1m10s |
    panes                   ON_TIME#0/last{a}[10s..1m10s)
    watermark  30s          1m10s
  `,
});

export const mergedWindowIsJudged = diagram({
  id: 'sessionWindow/merged-window-is-judged',
  title: 'an event whose own window the watermark has passed joins a session that is still open: it is the merged window that is judged',
  operator: sessions({ historic: 'late' }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m    1m5s    1m10s
    source     a   ~50s  b@-20s  ~1m |
    panes                        ON_TIME#0/last{b,a}[-20s..1m)
    watermark      50s           1m
  `,
});

export const liveAgain = diagram({
  id: 'sessionWindow/live-again',
  title: 'a session that has fired and grows past the watermark is live again, with early panes and a second on-time pane',
  operator: triggered({ allowedLateness: 5 * MINUTE }),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  30s                 1m10s                 1m20s  1m50s                    2m
    source     a                       ~1m                   b@30s                           ~1m30s !
    panes          EARLY#0{a}[0s..1m)  ON_TIME#1{a}[0s..1m)         EARLY#2{a,b}[0s..1m30s)  ON_TIME#3{a,b}[0s..1m30s)
    watermark                          1m                                                    1m30s
  `,
});

export const latePane = diagram({
  id: 'sessionWindow/late-pane',
  title: 'an event of a session that has fired brings a LATE pane at once, with all its elements; it is kept until its end plus the allowed lateness',
  operator: sessions({ allowedLateness: 5 * MINUTE }),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s  2m10s                 2m20s                   6m39.999s   6m40s
    source     a   ~2m                   b@30s                   ~6m29.999s  ~6m30s |
    panes          ON_TIME#0{a}[0s..1m)  LATE#1{a,b}[0s..1m30s)
    closed                                                                   closed[0s..1m30s)
    watermark      2m                                            6m29.999s   6m30s
  `,
});

export const latePaneOfItsOwn = diagram({
  id: 'sessionWindow/late-pane-of-its-own',
  title: 'an event that opens a session the watermark has passed brings a LATE pane at once, within the allowed lateness',
  operator: sessions({ allowedLateness: 5 * MINUTE }),
  given: elements,
  score: `
    time       1m40s   1m50s              6m10s
    source     ~1m30s  a@0s               ~6m |
    panes              LATE#0{a}[0s..1m)
    closed                                closed[0s..1m)
    watermark  1m30s                      6m
  `,
});

export const historicClosesByTheClock = diagram({
  id: 'sessionWindow/historic-closes-by-the-clock',
  title: 'a session that was over when it came is historic: no watermark closes it, but two minutes of processing time without news',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s   10s   1m   2m10s
    source     ~1h  a@0s  ~2h  !
    panes                      ON_TIME#0/last/historic{a}[0s..1m)
    watermark  1h         2h
  `,
});

export const historicWaitsAnew = diagram({
  id: 'sessionWindow/historic-waits-anew',
  title: 'each new event makes a historic session wait anew, a duplicate does not',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s   10s   1m10s  2m    3m10s
    source     ~1h  a@0s  b@30s  a@0s  !
    panes                              ON_TIME#0/last/historic{a,b}[0s..1m30s)
    watermark  1h
  `,
});

export const historicFromTheEnd = diagram({
  id: 'sessionWindow/historic-from-the-end',
  title: 'a window that ends at the watermark is historic, one that ends a millisecond after it is live',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       1m10s  1m20s                1m30s                                  3m20s
    source     ~1m    old.a@0s live.b@1ms  ~1m0.001s                              !
    panes                                  live.ON_TIME#0/last{b}[1ms..1m0.001s)  old.ON_TIME#0/last/historic{a}[0s..1m)
    watermark  1m                          1m0.001s
  `,
});

export const historicGrowsLive = diagram({
  id: 'sessionWindow/historic-grows-live',
  title: 'a historic session that grows past the watermark is live: the watermark closes it and the clock does not',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       1m10s  1m20s   1m30s  5m
    source     ~1m    a@-30s  b@10s  ~1m10s |
    panes                            ON_TIME#0/last{a,b}[-30s..1m10s)
    watermark  1m                    1m10s
  `,
});

export const historicMergesLive = diagram({
  id: 'sessionWindow/historic-merges-live',
  title: 'a historic session that merges with a live one is live',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       1m10s  1m20s   1m30s  1m40s  5m
    source     ~1m    a@-30s  b@50s  c@10s  ~1m50s |
    panes                                   ON_TIME#0/last{a,c,b}[-30s..1m50s)
    watermark  1m                           1m50s
  `,
});

export const historicIsLate = diagram({
  id: 'sessionWindow/historic-is-late',
  title: 'with historic late what would open a historic session is late',
  operator: sessions({ historic: 'late' }),
  given: elements,
  score: `
    time       0s   10s
    source     ~1h  a@0s |
    watermark  1h
    late            late(a@0s,~1h)
  `,
});

export const oldDataAlone = diagram({
  id: 'sessionWindow/old-data-alone',
  title: 'old events alone are not historic: they are the time of the stream, which closes them as it goes by',
  operator: pipe(timed(), sessions()),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s       1s            2s                                     3s
    source     a@-20h   b@-19h59m30s  c@-19h50m                              |
    panes                             ON_TIME#0/last{a,b}[-20h..-19h58m30s)  ON_TIME#0/last{c}[-19h50m..-19h49m)
    watermark  -20h10s  -19h59m40s    -19h50m10s                             inf
  `,
});

export const finality = diagram({
  id: 'sessionWindow/finality',
  title: 'an event between a closed session and the watermark opens no session that overlaps the closed one',
  operator: sessions({ gap: 5 * SECOND }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  6s                         7s
    source     a   ~6s                        b@3s |
    panes          ON_TIME#0/last{a}[0s..5s)
    watermark      6s
    late                                      late(b@3s,~6s)
  `,
});

export const rememberedByTheClock = diagram({
  id: 'sessionWindow/remembered-by-the-clock',
  title: 'a closed session is remembered for ten minutes of processing time, though the watermark is long past it',
  operator: sessions(),
  given: elements,
  hide: ['Pane'],
  score: `
    time       0s               1m10s           2m    11m9.999s         11m10s
    source     a                ~1m             ~11m  b@30s             c@30s !
    changed    changed[0s..1m)                                          changed[30s..1m30s)
    closed                      closed[0s..1m)
    watermark                   1m              11m
    late                                              late(b@30s,~11m)
  `,
});

export const rememberedByTheWatermark = diagram({
  id: 'sessionWindow/remembered-by-the-watermark',
  title: 'a closed session is remembered until the watermark is ten minutes past its end, though as much processing time has long passed',
  operator: sessions(),
  given: elements,
  hide: ['Pane'],
  score: `
    time       0s               1m10s           20m                      21m
    source     a                ~1m             ~10m59.999s b@30s        ~11m c@30s !
    changed    changed[0s..1m)                                           changed[30s..1m30s)
    closed                      closed[0s..1m)
    watermark                   1m              10m59.999s               11m
    late                                        late(b@30s,~10m59.999s)
  `,
});

export const rememberedWhileTheKeyHolds = diagram({
  id: 'sessionWindow/remembered-while-the-key-holds',
  title: 'a closed session is remembered while its key holds another',
  operator: sessions(),
  given: elements,
  hide: ['Pane'],
  score: `
    time       0s               1m10s           11m                11m10s  11m20s            12m10s            12m20s
    source     a                ~1m             b                  ~11m    c@30s             ~12m              d@30s !
    changed    changed[0s..1m)                  changed[11m..12m)                                              changed[30s..1m30s)
    closed                      closed[0s..1m)                                               closed[11m..12m)
    watermark                   1m                                 11m                       12m
    late                                                                   late(c@30s,~11m)
  `,
});

export const historicClosedWhenForgotten = diagram({
  id: 'sessionWindow/historic-closed-when-forgotten',
  title: 'that a historic session is closed is told when it is forgotten; until then its events are late',
  operator: sessions(),
  given: elements,
  hide: ['Changed'],
  score: `
    time       0s   10s   2m10s                               5m               12m10s
    source     ~1h  a@0s                                      b@30s            !
    panes                 ON_TIME#0/last/historic{a}[0s..1m)
    closed                                                                     closed[0s..1m)
    watermark  1h
    late                                                      late(b@30s,~1h)
  `,
});

export const sixteenSpans = diagram({
  id: 'sessionWindow/sixteen-spans',
  title: 'sixteen closed sessions of a key are remembered one by one; of seventeen the two oldest are one span, and what lies between them is late',
  // Before the watermark stand the seventeen sessions themselves.
  operator: pipe(sessions(), skipWhile(({ _tag }) => _tag !== 'Watermark')),
  given: elements,
  score: `
    time       0s                                                                                                 51m10s  52m                 53m
    source     a@0s b@3m c@6m d@9m e@12m f@15m g@18m h@21m i@24m j@27m k@30m l@33m m@36m n@39m o@42m p@45m q@48m  ~51m    y@1m30s             z@4m30s !
    changed                                                                                                                                   changed[4m30s..5m30s)
    watermark                                                                                                     51m
    late                                                                                                                  late(y@1m30s,~51m)
  `,
});
