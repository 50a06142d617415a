import { pipe } from 'rxjs';
import { earlyTrigger, slidingWindow, type SlidingWindowOptions } from '../operators/index.js';
import { diagram } from './diagram.js';
import { collected, elements, type Mark } from './mark.js';
import { MINUTE, SECOND } from './measures.js';

/** A window is a minute long, one begins every half minute, and it holds its marks. */
const halfMinutes = (options: Partial<SlidingWindowOptions<string, Mark, readonly Mark[]>> = {}) =>
  slidingWindow<string, Mark, readonly Mark[]>({ key: ({ key }) => key, size: MINUTE, every: MINUTE / 2, aggregate: collected, ...options });

export const everyWindow = diagram({
  id: 'slidingWindow/every-window',
  title: 'an event is in every window that contains it, and each of them fires when the watermark reaches its end',
  operator: halfMinutes(),
  given: elements,
  hide: ['Closed'],
  score: `
    time       10s                                 40s                                  1m20s                                                     1m50s
    source     a                                   b                                    ~1m                                                       ~1m30s !
    changed    changed[-30s..30s) changed[0s..1m)  changed[0s..1m) changed[30s..1m30s)
    panes                                                                               ON_TIME#0/last{a}[-30s..30s) ON_TIME#0/last{a,b}[0s..1m)  ON_TIME#0/last{b}[30s..1m30s)
    watermark                                                                           1m                                                        1m30s
  `,
});

export const partlyLate = diagram({
  id: 'slidingWindow/partly-late',
  title: 'an event is added to those of its windows that have not been let go; it is late, once, when all have been',
  operator: halfMinutes(),
  given: elements,
  score: `
    time       0s   10s                  20s                            30s
    source     ~1m  a@40s                ~1m30s                         b@40s |
    changed         changed[30s..1m30s)
    panes                                ON_TIME#0/last{a}[30s..1m30s)
    closed                               closed[30s..1m30s)
    watermark  1m                        1m30s
    late                                                                late(b@40s,~1m30s)
  `,
});

export const lateForOne = diagram({
  id: 'slidingWindow/late-for-one',
  title: 'with lateness allowed one event may show a late pane of one window and be news for another',
  operator: halfMinutes({ allowedLateness: 10 * SECOND }),
  given: elements,
  score: `
    time       0s   10s                  20s
    source     ~1m  a@40s                ~1m10s !
    changed         changed[30s..1m30s)
    panes           LATE#0{a}[0s..1m)
    closed                               closed[0s..1m)
    watermark  1m                        1m10s
  `,
});

export const panesOfTheirOwn = diagram({
  id: 'slidingWindow/panes-of-their-own',
  title: 'each window shows panes of its own, early ones too',
  operator: pipe(halfMinutes(), earlyTrigger({ every: 15 * SECOND })),
  given: elements,
  hide: ['Closed'],
  score: `
    time       10s  15s    25s                                         30s                     40s                           50s
    source     a    b@45s                                                                      ~30s                          ~1m !
    panes                  EARLY#0{a}[-30s..30s) EARLY#0{a,b}[0s..1m)  EARLY#0{b}[30s..1m30s)  ON_TIME#1/last{a}[-30s..30s)  ON_TIME#1/last{a,b}[0s..1m)
    watermark                                                                                  30s                           1m
  `,
});
