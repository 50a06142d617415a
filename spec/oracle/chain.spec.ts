import * as fc from 'fast-check';
import { pipe } from 'rxjs';
import { assignWatermarks, branch } from '../../operators/index.js';
import { chainRules, events } from '../laws/chain.js';
import { Drive } from '../operators/drive.js';
import { triggered } from '../operators/sessions.js';
import { element, watermark, type Hit } from '../operators/values.js';
import { NaiveSessions } from './naiveSessions.js';
import { NaiveWatermarks } from './naiveWatermarks.js';
import { told } from './told.js';

const RUNS = 300;
const GAP = 10_000;

describe('watermarks and their oracle agree on any stream', () => {
  test('output by output', () => {
    const rules = fc.record({ maxOutOfOrderness: fc.constantFrom(0, 2_000), idleTimeout: fc.constantFrom(3_000, 20_000, Infinity), maxFutureSkew: fc.constantFrom(0, 5_000, Infinity) });
    const ceilings = fc.array(fc.integer({ min: -5_000, max: 60_000 }), { minLength: 60, maxLength: 60 });
    fc.assert(fc.property(rules, ceilings, events, ({ maxFutureSkew, ...options }, tops, played) => {
      let top = Infinity;
      const naive = new NaiveWatermarks({ ...options, maxFutureSkew }, () => top);
      const drive = new Drive((scheduler) => assignWatermarks<Hit>({
        ...options, timestamp: (it) => it.at, ceiling: () => top, scheduler, ...(maxFutureSkew < Infinity && { maxFutureSkew }),
      }));
      let now = 0;
      played.forEach((event, n) => {
        top = tops[n] ?? Infinity;
        const before = naive.current;
        const expected: unknown[] = [];
        if (event.kind === 'hit') {
          const isBelieved = naive.element(event.value.at, now);
          expected.push(isBelieved ? element(event.value) : { _tag: 'Future', value: event.value, timestamp: event.value.at, now });
          if (naive.current > before) expected.push(watermark(naive.current));
          drive.send(event.value);
        } else {
          for (now += event.for; naive.nextTick() <= now; ) {
            const from = naive.current;
            naive.tick();
            if (naive.current > from) expected.push(watermark(naive.current));
          }
          drive.advanceTo(now);
        }
        expect({ event, out: drive.taken() }).toStrictEqual({ event, out: expected });
      });
    }), { numRuns: RUNS });
  });
});

/** Watermarks, sessions and early panes on one clock, in the order of one instant. */
class NaiveChain {
  private readonly watermarks: NaiveWatermarks;
  readonly sessions: NaiveSessions;

  constructor({ maxOutOfOrderness, idleTimeout, every, ...rules }: typeof chainRules extends fc.Arbitrary<infer R> ? R : never) {
    this.watermarks = new NaiveWatermarks({ maxOutOfOrderness, idleTimeout, maxFutureSkew: Infinity });
    this.sessions = new NaiveSessions({ gap: GAP, ...rules }, every);
  }

  hit(value: Hit): void {
    const before = this.watermarks.current;
    this.watermarks.element(value.at, this.sessions.now);
    this.sessions.element(value);
    this.passOn(before);
  }

  advanceTo(time: number): void {
    for (let tick = this.watermarks.nextTick(); tick <= time; tick = this.watermarks.nextTick()) {
      this.sessions.advanceTo(tick); // what the clock does goes before an idle tick of the same instant
      const before = this.watermarks.current;
      this.watermarks.tick();
      this.passOn(before);
    }
    this.sessions.advanceTo(time);
  }

  private passOn(before: number): void {
    if (this.watermarks.current > before) this.sessions.watermarkTo(this.watermarks.current);
  }
}

describe('watermarks, sessions and early panes together agree with theirs', () => {
  test('output by output', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      const { maxOutOfOrderness, idleTimeout, every, ...options } = rules;
      const naive = new NaiveChain(rules);
      const drive = new Drive((scheduler) => pipe(
        assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness, idleTimeout, scheduler }), branch('Future', () => undefined), triggered(every, { gap: GAP, ...options, scheduler }),
      ));
      const [expected, actual] = [new Set<string>(), new Set<string>()];
      for (const event of [...played, { kind: 'wait', for: 100_000 } as const]) {
        if (event.kind === 'hit') {
          naive.hit(event.value);
          drive.send(event.value);
        } else {
          naive.advanceTo(naive.sessions.now + event.for);
          drive.advanceTo(naive.sessions.now);
        }
        expect({ event, told: told(drive.taken(), actual) }).toStrictEqual({ event, told: told(naive.sessions.taken(), expected) });
      }
    }), { numRuns: RUNS });
  });
});
