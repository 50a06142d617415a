import { pipe } from 'rxjs';
import { assignWatermarks, sessionWindow } from '../operators/index.js';
import { diagram } from './diagram.js';
import { collected, elements, marks } from './mark.js';

const MINUTE = 60_000;

export const gapIsTwoSessions = diagram({
  id: 'sessionWindow/gap-is-two-sessions',
  title: 'two events exactly one gap apart are two sessions',
  operator: sessionWindow({ key: ({ key }) => key, gap: MINUTE, aggregate: collected }),
  given: elements,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s  1m  2m                               3m
    source     a   b   ~2m                              |
    panes              ON_TIME#0/last{a}[0s..1m) ON_TIME#0/last{b}[1m..2m)
    watermark          2m
  `,
});

export const idle = diagram({
  id: 'assignWatermarks/idle',
  title: 'idle',
  operator: pipe(assignWatermarks({ timestamp: ({ at }) => at, maxOutOfOrderness: 10_000, idleTimeout: MINUTE })),
  given: marks,
  score: `
    time       0s    1m1s..1m20s  1m21s
    source     a                  !
    watermark  -10s  -9s..10s
  `,
});
