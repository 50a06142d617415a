const { from, toArray } = require('rxjs');
const { assignWatermarks, branch, sessionWindow } = require('pages-viewed-streaming/operators');
const { collected, diagram, elements, run } = require('pages-viewed-streaming/marbles');
const { deepStrictEqual } = require('node:assert');

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
