import { connect, filter, map, takeWhile, type Observable, type OperatorFunction } from 'rxjs';
import { mergeWatermarked, type Element, type Watermark } from '../operators/index.js';
import { diagram } from './diagram.js';
import { marks, type Mark } from './mark.js';

/** What a mark stands for here: `north.w@10s` is a watermark of the input north, `north.end` its completion, and every other name an element. */
const [WATERMARK, END] = ['w', 'end'];

const broughtBy = (mark: Mark): Element<Mark> | Watermark =>
  mark.name === WATERMARK ? { _tag: 'Watermark', timestamp: mark.at } : { _tag: 'Element', value: mark, timestamp: mark.at };

const inputIn = (source: Observable<Mark>, key: string): Observable<Element<Mark> | Watermark> =>
  source.pipe(filter((mark) => mark.key === key), takeWhile(({ name }) => name !== END), map(broughtBy));

/** The inputs north and south, which are one source in a diagram. */
const northAndSouth = (): OperatorFunction<Mark, Element<Mark> | Watermark> => connect((source) => mergeWatermarked(inputIn(source, 'north'), inputIn(source, 'south')));

export const least = diagram({
  id: 'mergeWatermarked/least',
  title: 'events pass at once; the watermark is the least of the inputs’, whenever it has risen',
  operator: northAndSouth(),
  given: marks,
  score: `
    time       0s          5s           10s          15s          20s          25s
    source     north.a     north.w@30s  south.b      south.w@10s  south.w@20s  south.w@40s !
    elements   north.a@0s               south.b@10s
    watermark                                        10s          20s          30s
  `,
});

export const neverSpoke = diagram({
  id: 'mergeWatermarked/never-spoke',
  title: 'an input that has never said anything holds the others back for a minute, and then no more',
  operator: northAndSouth(),
  given: marks,
  score: `
    time       50s          1m   1m10s
    source     north.w@40s       north.w@1m !
    watermark               40s  1m
  `,
});

export const idle = diagram({
  id: 'mergeWatermarked/idle',
  title: 'an input that falls silent holds nobody back after a minute; when it speaks again it does, and the watermark stands',
  operator: northAndSouth(),
  given: marks,
  score: `
    time       0s                     50s          1m   1m10s       1m20s       1m30s          1m40s
    source     south.w@0s north.w@0s  north.w@40s       north.w@1m  south.b@5s  north.w@1m20s  south.w@1m10s !
    elements                                                        south.b@5s
    watermark  0s                                  40s  1m                                     1m10s
  `,
});

export const allIdle = diagram({
  id: 'mergeWatermarked/all-idle',
  title: 'when all are silent the furthest watermark counts: none of them holds another back',
  operator: northAndSouth(),
  given: marks,
  score: `
    time       0s           10s          1m10s  2m
    source     north.w@40s  south.w@20s         !
    watermark               20s          40s
  `,
});

export const completed = diagram({
  id: 'mergeWatermarked/completed',
  title: 'an input that has completed holds nobody back; when all have, event time is at its end',
  operator: northAndSouth(),
  given: marks,
  score: `
    time       0s           10s        20s
    source     north.w@40s  south.end  |
    watermark               40s        inf
  `,
});
