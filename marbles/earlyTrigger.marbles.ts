import { diagram } from './diagram.js';
import { elements } from './mark.js';
import { triggered } from './measures.js';

export const firstNews = diagram({
  id: 'earlyTrigger/first-news',
  title: 'an early pane comes 30 seconds of processing time after the first new element, and again only when there is a new one',
  operator: triggered(),
  given: elements,
  score: `
    time    0s  30s                 50s  1m20s                    5m
    source  a                       b                             !
    panes       EARLY#0{a}[0s..1m)       EARLY#1{a,b}[0s..1m50s)
  `,
});

export const notPutOff = diagram({
  id: 'earlyTrigger/not-put-off',
  title: 'later elements and growth do not put an early pane off',
  operator: triggered(),
  given: elements,
  score: `
    time    0s  10s  25s  30s                        1m
    source  a   b    c                               !
    panes                 EARLY#0{a,b,c}[0s..1m25s)
  `,
});

export const mergeKeepsEarliest = diagram({
  id: 'earlyTrigger/merge-keeps-earliest',
  title: 'a merged session keeps the earliest of its early deadlines',
  operator: triggered(),
  given: elements,
  score: `
    time    0s  10s      20s    30s                        1m
    source  a   b@1m30s  c@45s                             !
    panes                       EARLY#0{a,c,b}[0s..2m30s)
  `,
});

export const mergeKeepsTheOnlyOne = diagram({
  id: 'earlyTrigger/merge-keeps-the-only-one',
  title: 'a merged session keeps its early deadline also when only one of its parts had one',
  operator: triggered(),
  given: elements,
  score: `
    time    0s  30s                 40s      50s    1m10s                      2m
    source  a                       b@1m30s  c@45s                             !
    panes       EARLY#0{a}[0s..1m)                  EARLY#1{a,c,b}[0s..2m30s)
  `,
});

export const clearedByFiring = diagram({
  id: 'earlyTrigger/cleared-by-firing',
  title: 'a session that fires has no early deadline any more: after the on-time pane comes none',
  operator: triggered(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       50s   1m10s                      5m
    source     a@0s  ~1m                        !
    panes            ON_TIME#0/last{a}[0s..1m)
    watermark        1m
  `,
});

export const eachSessionItsOwn = diagram({
  id: 'earlyTrigger/each-session-its-own',
  title: 'each session has an early deadline of its own',
  operator: triggered(),
  given: elements,
  score: `
    time    0s     10s    30s                     40s                         1m
    source  ada.a  bob.b                                                      !
    panes                 ada.EARLY#0{a}[0s..1m)  bob.EARLY#0{b}[10s..1m10s)
  `,
});

export const historicToo = diagram({
  id: 'earlyTrigger/historic-too',
  title: 'a historic session has early panes, too',
  operator: triggered(),
  given: elements,
  score: `
    time       0s   10s   40s                          2m10s
    source     ~1h  a@0s                               !
    panes                 EARLY#0/historic{a}[0s..1m)  ON_TIME#1/last/historic{a}[0s..1m)
    watermark  1h
  `,
});
