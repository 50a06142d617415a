import { asyncScheduler, pipe, timer } from 'rxjs';
import { diagram } from './diagram.js';
import { marks } from './mark.js';
import { MINUTE, SECOND, sessions, timed, watermarks } from './measures.js';

export const followsNewest = diagram({
  id: 'assignWatermarks/follows-newest',
  title: 'the watermark follows the newest event time at a distance of ten seconds and never goes back',
  operator: watermarks(),
  given: marks,
  score: `
    time       0s    20s    25s   40s
    source     a     b      c@5s  d !
    elements   a@0s  b@20s  c@5s  d@40s
    watermark  -10s  10s          30s
  `,
});

export const endsAtInfinity = diagram({
  id: 'assignWatermarks/ends-at-infinity',
  title: 'when the source completes nothing more is expected: the last watermark is Infinity',
  operator: watermarks(),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    20s
    source     a     |
    watermark  -10s  inf
  `,
});

export const errorPasses = diagram({
  id: 'assignWatermarks/error-passes',
  title: 'an error of the source passes at once, without a last watermark',
  operator: watermarks(),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    20s
    source     a     #
    watermark  -10s
  `,
});

export const boundedByNow = diagram({
  id: 'assignWatermarks/bounded-by-now',
  title: 'an event ahead of the clock moves the watermark no further than the clock would',
  operator: watermarks({ maxFutureSkew: 5 * MINUTE }),
  given: marks,
  hide: ['Element'],
  score: `
    time       1m   2m         2m30s
    source     a    fast.b@5m  c !
    watermark  50s  1m50s      2m20s
  `,
});

export const withoutSkew = diagram({
  id: 'assignWatermarks/without-skew',
  title: 'without a future skew nothing is compared with the clock',
  operator: watermarks(),
  given: marks,
  hide: ['Element'],
  score: `
    time       1m   2m         2m30s
    source     a    fast.b@5m  c !
    watermark  50s  4m50s
  `,
});

export const futureEvent = diagram({
  id: 'assignWatermarks/future-event',
  title: 'an event more than five minutes ahead of the clock is told apart and never moves the watermark',
  operator: watermarks({ maxFutureSkew: 5 * MINUTE }),
  given: marks,
  score: `
    time       0s    10s                      20s
    source     a@5m  b@5m10.001s              c@20h !
    elements   a@5m
    watermark  -10s
    late             future(b@5m10.001s,10s)  future(c@20h,20s)
  `,
});

export const futureIsNoSignOfLife = diagram({
  id: 'assignWatermarks/future-is-no-sign-of-life',
  title: 'a future event is no sign of life: the input is idle all the same',
  operator: watermarks({ maxFutureSkew: 5 * MINUTE, idleTimeout: MINUTE }),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    30s                1m1s
    source     a     b@20h              !
    watermark  -10s                     -9s
    late             future(b@20h,30s)
  `,
});

export const idleGoesOn = diagram({
  id: 'assignWatermarks/idle-goes-on',
  title: 'after a minute without events the watermark goes on from where it stood, one second per second',
  operator: watermarks({ idleTimeout: MINUTE }),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    1m1s..1m20s  1m20.5s
    source     a                  !
    watermark  -10s  -9s..10s
  `,
});

export const idleKeepsDelay = diagram({
  id: 'assignWatermarks/idle-keeps-delay',
  title: 'the next live event after a silence is on time, since the usual delay of the input, here five minutes, is kept',
  operator: watermarks({ idleTimeout: MINUTE }),
  given: marks,
  score: `
    time       5m    6m1s..7m  7m0.5s
    source     a@0s            b@2m0.5s !
    elements   a@0s            b@2m0.5s
    watermark  -10s  -9s..50s  1m50.5s
  `,
});

export const idleEndsWithAnyEvent = diagram({
  id: 'assignWatermarks/idle-ends-with-any-event',
  title: 'any event ends idleness, also one behind the watermark, and silence counts from there',
  operator: watermarks({ idleTimeout: MINUTE }),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    1m1s  1m2s  1m2.5s  2m3.5s
    source     a                 b@-5m   !
    watermark  -10s  -9s   -8s           -7s
  `,
});

export const idleClosesLast = diagram({
  id: 'assignWatermarks/idle-closes-last',
  title: 'the last session closes by idleness: idle timeout, disorder and gap after its last event',
  operator: pipe(timed({ idleTimeout: MINUTE }), sessions()),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: `
    time       0s    1m1s..2m9s  2m10s
    source     a                 !
    panes                        ON_TIME#0/last{a}[0s..1m)
    watermark  -10s  -9s..59s    1m
  `,
});

export const idleNeedsAnEvent = diagram({
  id: 'assignWatermarks/idle-needs-an-event',
  title: 'before the first event there is no watermark that could go on',
  operator: watermarks({ idleTimeout: MINUTE }),
  given: marks,
  score: `
    time       0s  1h
    source         !
    watermark
  `,
});

export const idleBeginsWithConnection = diagram({
  id: 'assignWatermarks/idle-begins-with-connection',
  title: 'silence counts anew from the moment the source is connected again, here at 30s',
  operator: watermarks({ idleTimeout: MINUTE, idleResets: timer(30 * SECOND) }),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    30s  1m31s..1m40s  1m40.5s
    source     a                        !
    watermark  -10s       -9s..0s
  `,
});

export const ceilingHolds = diagram({
  id: 'assignWatermarks/ceiling-holds',
  title: 'a ceiling holds the watermark; when it is lifted, here at 30s, the next event lets it catch up',
  operator: watermarks({ ceiling: () => (asyncScheduler.now() < 30 * SECOND ? 0 : Infinity) }),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    20s  30s  40s
    source     a     b         c@5s !
    watermark  -10s  0s        10s
  `,
});

export const ceilingHoldsIdleTime = diagram({
  id: 'assignWatermarks/ceiling-holds-idle-time',
  title: 'idle time does not pass a ceiling',
  operator: watermarks({ idleTimeout: MINUTE, ceiling: () => 0 }),
  given: marks,
  hide: ['Element'],
  score: `
    time       0s    1m1s..1m10s  5m
    source     a                  !
    watermark  -10s  -9s..0s
  `,
});
