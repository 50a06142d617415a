import { pipe } from 'rxjs';
import { earlyTrigger } from '../operators/index.js';
import { diagram } from './diagram.js';
import { elements, marks } from './mark.js';
import { SECOND, sessions, timed, triggered, watermarks } from './measures.js';

export const elementBeforeItsWatermark = diagram({
  id: 'order/element-before-its-watermark',
  title: 'an element goes out before the watermark it causes',
  operator: watermarks(),
  given: marks,
  score: `
    time    0s          10s
    source  a           b !
    out     a@0s ~-10s  b@10s ~0s
  `,
});

export const panesBeforeTheirWatermark = diagram({
  id: 'order/panes-before-their-watermark',
  title: 'the panes that a watermark fires go out before it: by the ends of their windows, then the oldest session first',
  operator: sessions(),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time    0s                         1m10s
    source  zoe.a ada.b@-1ms bob.c@0s  ~1m |
    out                                ada.ON_TIME#0/last{b}[-1ms..59.999s) zoe.ON_TIME#0/last{a}[0s..1m) bob.ON_TIME#0/last{c}[0s..1m) ~1m
  `,
});

export const clockBeforeEvent = diagram({
  id: 'order/clock-before-event',
  title: 'what is due by the clock goes before an event that comes at the same instant: the session it would have joined has closed',
  operator: sessions(),
  given: elements,
  hide: ['Changed'],
  score: `
    time    0s   10s   2m10s
    source  ~1h  a@0s  b@30s !
    out     ~1h        ON_TIME#0/last/historic{a}[0s..1m) late(b@30s,~1h)
  `,
});

export const earlyBeforeElement = diagram({
  id: 'order/early-before-element',
  title: 'an early pane that is due does not hold the element that comes at the same instant',
  operator: triggered(),
  given: elements,
  score: `
    time    0s  30s                 1m
    source  a   b                   !
    out         EARLY#0{a}[0s..1m)  EARLY#1{a,b}[0s..1m30s)
  `,
});

export const earlyBeforeOnTime = diagram({
  id: 'order/early-before-on-time',
  title: 'an early pane that is due goes before the on-time pane of a watermark that comes at the same instant',
  operator: triggered(),
  given: elements,
  score: `
    time    40s   1m10s
    source  a@0s  ~1m |
    out           EARLY#0{a}[0s..1m) ON_TIME#1/last{a}[0s..1m) closed[0s..1m) ~1m
  `,
});

export const clockInOrder = diagram({
  id: 'order/clock-in-order',
  title: 'by the clock, early panes go first, then historic closes, then the idle tick',
  operator: pipe(timed({ idleTimeout: 29 * SECOND }), sessions({ historicTimeout: 30 * SECOND }), earlyTrigger({ every: 30 * SECOND })),
  given: marks,
  score: `
    time    0s                        30s
    source  ada.a old.b@-1h bob.c@0s  !
    out     ~-10s                     ada.EARLY#0{a}[0s..1m) old.EARLY#0/historic{b}[-1h..-59m) bob.EARLY#0{c}[0s..1m) old.ON_TIME#1/last/historic{b}[-1h..-59m) ~-9s
  `,
});

export const oldestFirst = diagram({
  id: 'order/oldest-first',
  title: 'of what is due at one instant the oldest goes first: by arrival, not by event time or key',
  operator: sessions(),
  given: elements,
  hide: ['Changed'],
  score: `
    time    0s   10s                           2m10s
    source  ~1h  zoe.a@20m ada.b@10m bob.c@0s  !
    out     ~1h                                zoe.ON_TIME#0/last/historic{a}[20m..21m) ada.ON_TIME#0/last/historic{b}[10m..11m) bob.ON_TIME#0/last/historic{c}[0s..1m)
  `,
});
