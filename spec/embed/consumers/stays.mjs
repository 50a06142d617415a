import { from, toArray } from 'rxjs';
import { assignWatermarks, branch, sessionWindow } from 'pages-viewed-streaming/operators';
import { collected, diagram, elements, run } from 'pages-viewed-streaming/marbles';
import { deepStrictEqual } from 'node:assert';

const clicks = [0, 20_000, 200_000];
const count = { create: () => 0, add: (clicks) => clicks + 1, merge: (a, b) => a + b };

from(clicks)
  .pipe(
    assignWatermarks({ timestamp: (at) => at, maxOutOfOrderness: 0 }),
    branch('Future', () => undefined),
    sessionWindow({ key: () => 'ada', gap: 60_000, aggregate: count }),
    toArray(),
  )
  .subscribe((outs) => console.log(JSON.stringify(outs.filter(({ _tag }) => _tag === 'Pane').map(({ value, window }) => [value, window.end]))));

run(
  diagram({
    id: 'consumer/one-session',
    title: 'one session',
    operator: sessionWindow({ key: ({ key }) => key, gap: 60_000, aggregate: collected }),
    given: elements,
    hide: ['Changed', 'Closed'],
    score: `
      time       0s  1m
      source     a   ~1m |
      panes          ON_TIME#0/last{a}[0s..1m)
      watermark      1m
    `,
  }),
  deepStrictEqual,
);
console.log('as drawn');
