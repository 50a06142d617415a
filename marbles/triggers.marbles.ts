import { afterCount, afterProcessingTime, afterWatermark, fixedWindow, repeatedly, type AfterWatermark } from '../operators/index.js';
import { diagram } from './diagram.js';
import { collected, elements, type Mark } from './mark.js';
import { MINUTE, SECOND, sessions } from './measures.js';

/** Windows of a minute, kept five more for late events, with a trigger. */
const minutes = (trigger: AfterWatermark) =>
  fixedWindow<string, Mark, readonly Mark[]>({ key: ({ key }) => key, size: MINUTE, aggregate: collected, allowedLateness: 5 * MINUTE, trigger });

export const onTimeAndLate = diagram({
  id: 'triggers/on-time-and-late',
  title: 'without early and late firings there is an on-time pane, and each late event shows a pane at once',
  operator: minutes(afterWatermark()),
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  10s  1m10s                   1m20s                  1m30s
    source     a   b    ~1m                     c@20s                  d@30s !
    panes               ON_TIME#0{a,b}[0s..1m)  LATE#1{a,b,c}[0s..1m)  LATE#2{a,b,c,d}[0s..1m)
    watermark           1m
  `,
});

export const countOnce = diagram({
  id: 'triggers/count-once',
  title: 'a bare trigger draws one pane of a window: here when two events have come',
  operator: minutes(afterWatermark({ early: afterCount(2) })),
  given: elements,
  score: `
    time    0s  10s                   20s  30s
    source  a   b                     c    d !
    panes       EARLY#0{a,b}[0s..1m)
  `,
});

export const countRepeatedly = diagram({
  id: 'triggers/count-repeatedly',
  title: 'repeated, it begins anew after each pane',
  operator: minutes(afterWatermark({ early: repeatedly(afterCount(2)) })),
  given: elements,
  score: `
    time    0s  10s                   20s  30s
    source  a   b                     c    d !
    panes       EARLY#0{a,b}[0s..1m)       EARLY#1{a,b,c,d}[0s..1m)
  `,
});

export const duplicatesDoNotCount = diagram({
  id: 'triggers/duplicates-do-not-count',
  title: 'an event that adds nothing to its window does not count',
  operator: minutes(afterWatermark({ early: afterCount(2) })),
  given: elements,
  score: `
    time    0s  10s   20s
    source  a   a@0s  b !
    panes             EARLY#0{a,b}[0s..1m)
  `,
});

export const processingTime = diagram({
  id: 'triggers/processing-time',
  title: 'a trigger of processing time draws so long after the first event that no pane has shown, and is not put off by later ones',
  operator: minutes(afterWatermark({ early: repeatedly(afterProcessingTime(15 * SECOND)) })),
  given: elements,
  score: `
    time    0s  10s  15s                   20s  35s                     59s
    source  a   b                          c                            !
    panes            EARLY#0{a,b}[0s..1m)       EARLY#1{a,b,c}[0s..1m)
  `,
});

export const onTimeClears = diagram({
  id: 'triggers/on-time-clears',
  title: 'the on-time pane shows what an early one was waited for, which then does not come',
  operator: minutes(afterWatermark({ early: repeatedly(afterProcessingTime(15 * SECOND)) })),
  given: elements,
  score: `
    time       0s     10s                   1m
    source     a@30s  ~1m                   !
    panes             ON_TIME#0{a}[0s..1m)
    watermark         1m
  `,
});

export const lateCount = diagram({
  id: 'triggers/late-count',
  title: 'what a late trigger has not drawn comes in a last late pane when the window is let go',
  operator: minutes(afterWatermark({ late: repeatedly(afterCount(2)) })),
  given: elements,
  score: `
    time       0s  1m10s                 1m20s  1m30s                  1m40s  6m10s
    source     a   ~1m                   b@10s  c@20s                  d@30s  ~6m |
    panes          ON_TIME#0{a}[0s..1m)         LATE#1{a,b,c}[0s..1m)         LATE#2/last{a,b,c,d}[0s..1m)
    closed                                                                    closed[0s..1m)
    watermark      1m                                                         6m
  `,
});

export const lateProcessingTime = diagram({
  id: 'triggers/late-processing-time',
  title: 'late events may be gathered for a while, so that one pane shows them together',
  operator: minutes(afterWatermark({ late: repeatedly(afterProcessingTime(30 * SECOND)) })),
  given: elements,
  score: `
    time       0s  1m10s                 1m20s  1m30s  1m50s                  5m
    source     a   ~1m                   b@10s  c@20s                         !
    panes          ON_TIME#0{a}[0s..1m)                LATE#1{a,b,c}[0s..1m)
    watermark      1m
  `,
});

export const ownTurnInEachPhase = diagram({
  id: 'triggers/own-turn-in-each-phase',
  title: 'before the on-time pane and after it a bare trigger has its turn',
  operator: minutes(afterWatermark({ early: afterCount(1), late: afterCount(1) })),
  given: elements,
  score: `
    time       0s                  10s  1m10s                   1m20s                  1m30s  6m10s
    source     a                   b    ~1m                     c@20s                  d@30s  ~6m |
    panes      EARLY#0{a}[0s..1m)       ON_TIME#1{a,b}[0s..1m)  LATE#2{a,b,c}[0s..1m)         LATE#3/last{a,b,c,d}[0s..1m)
    closed                                                                                    closed[0s..1m)
    watermark                           1m                                                    6m
  `,
});

export const mergeAddsUp = diagram({
  id: 'triggers/merge-adds-up',
  title: 'sessions that become one count their events together',
  operator: sessions({ trigger: afterWatermark({ early: afterCount(3) }) }),
  given: elements,
  score: `
    time    0s  10s      20s
    source  a   b@1m30s  c@45s !
    panes                EARLY#0{a,c,b}[0s..2m30s)
  `,
});

export const openedAgain = diagram({
  id: 'triggers/opened-again',
  title: 'a session that a late event opens again has its early turn again',
  operator: sessions({ allowedLateness: 5 * MINUTE, trigger: afterWatermark({ early: afterCount(1) }) }),
  given: elements,
  score: `
    time       0s                  1m10s                 1m20s                    1m50s
    source     a                   ~1m                   b@30s                    ~1m30s !
    panes      EARLY#0{a}[0s..1m)  ON_TIME#1{a}[0s..1m)  EARLY#2{a,b}[0s..1m30s)  ON_TIME#3{a,b}[0s..1m30s)
    watermark                      1m                                             1m30s
  `,
});
