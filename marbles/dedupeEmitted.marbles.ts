import { pipe } from 'rxjs';
import { dedupeEmitted, type Pane } from '../operators/index.js';
import { diagram } from './diagram.js';
import { elements, type Mark } from './mark.js';
import { triggered } from './measures.js';
import { printTime } from './time.js';

/** How long each mark stood until the next, or to the end of the window: `a:20s`. An early pane does not know it of the last. */
const stays = ({ value, window, timing }: Pane<string, readonly Mark[]>): readonly string[] =>
  value.slice(0, timing === 'EARLY' ? -1 : value.length).map(({ name, at }, place) => `${name}:${printTime((value[place + 1]?.at ?? window.end) - at)}`);

const deduped = pipe(triggered(), dedupeEmitted({ results: stays, identity: (stay) => stay.slice(0, stay.indexOf(':')), same: (a, b) => a === b }));

export const newAndUnchanged = diagram({
  id: 'dedupeEmitted/new-and-unchanged',
  title: 'a result goes out when it is new; a pane that repeats it unchanged brings nothing',
  operator: deduped,
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  20s  30s                                1m30s
    source     a   b                                       ~1m20s |
    results             emitted#0{a:20s}/EARLY[0s..1m20s)  emitted#0{b:1m}/ON_TIME[0s..1m20s)
    watermark                                              1m20s
  `,
});

export const changed = diagram({
  id: 'dedupeEmitted/changed',
  title: 'a result that has changed goes out again, with the next revision',
  operator: deduped,
  given: elements,
  hide: ['Closed'],
  score: `
    time       0s  20s  30s                                40s    1m10s                                                                1m30s
    source     a   b                                       c@10s                                                                       ~1m20s |
    results             emitted#0{a:20s}/EARLY[0s..1m20s)         emitted#1{a:10s}/EARLY[0s..1m20s) emitted#0{c:10s}/EARLY[0s..1m20s)  emitted#0{b:1m}/ON_TIME[0s..1m20s)
    watermark                                                                                                                          1m20s
  `,
});

export const forgotten = diagram({
  id: 'dedupeEmitted/forgotten',
  title: 'with its session a result is forgotten: should it come once more, it is new',
  operator: deduped,
  given: elements,
  score: `
    time       0s   10s         40s                                2m10s                               12m10s             15m         15m30s
    source     ~1h  a@0s b@20s                                                                                            a@0s b@20s  !
    results                     emitted#0{a:20s}/EARLY[0s..1m20s)  emitted#0{b:1m}/ON_TIME[0s..1m20s)                                 emitted#0{a:20s}/EARLY[0s..1m20s)
    closed                                                                                             closed[0s..1m20s)
    watermark  1h
  `,
});
