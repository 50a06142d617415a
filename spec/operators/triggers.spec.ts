import { afterCount, afterProcessingTime, afterWatermark, repeatedly, type AfterWatermark, type WindowSlot, StateSlot } from '../../operators/index.js';
import { fixed } from './aligned.js';
import { Drive } from './drive.js';
import { diagram } from './marbles.js';
import { el, windows as sessionsOf, type Input } from './sessions.js';
import { closed, early, hit, late, pane, watermark, type Hits } from './values.js';

const [a, b, c, d] = [hit('/a', 11), hit('/b', 12), hit('/c', 13), hit('/d', 14)];
const given = { a: el('/a', 11), b: el('/b', 12), c: el('/c', 13), d: el('/d', 14), v: watermark(20), w: watermark(30) };
const out = { v: watermark(20), w: watermark(30), x: closed(10, 20) };

describe('triggers are data', () => {
  test('plain objects that survive JSON', () => {
    const trigger = afterWatermark({ early: repeatedly(afterProcessingTime(30_000)), late: afterCount(10) });

    expect(trigger).toStrictEqual({
      _tag: 'AfterWatermark',
      early: { _tag: 'Repeatedly', trigger: { _tag: 'AfterProcessingTime', delay: 30_000 } },
      late: { _tag: 'AfterCount', count: 10 },
    });
    expect(JSON.parse(JSON.stringify(trigger))).toStrictEqual(trigger);
    expect(afterWatermark()).toStrictEqual({ _tag: 'AfterWatermark' });
  });

  test.each([0, -1, NaN, Infinity, 1.5])('a count of %p is refused when it is made', (count) => {
    expect(() => afterCount(count)).toThrow(RangeError);
    expect(() => afterCount(count)).toThrow(new RegExp(`count.*${count}`));
  });

  test.each([0, -1, NaN, Infinity])('a delay of %p is refused when it is made', (delay) => {
    expect(() => afterProcessingTime(delay)).toThrow(RangeError);
    expect(() => afterProcessingTime(delay)).toThrow(new RegExp(`delay.*${delay}`));
  });
});

describe('a window with a trigger', () => {
  const operator = (trigger: AfterWatermark) => fixed({ trigger, allowedLateness: 10 });
  const onTime = { P: pane(10, 20, [a], { isLast: false }) };

  test('announces nothing; without early and late firings it shows its on-time pane and each late value', diagram<Input, unknown>({
    operator: operator(afterWatermark()),
    source: 'a-v---b-w', given,
    result: '--(Pv)B-(xw)', expected: { ...out, ...onTime, B: pane(10, 20, [a, b], { timing: 'LATE', index: 1, isLast: false }) },
  }));

  test('an early trigger draws once; repeated, after each pane anew', () => {
    const drawn = (trigger: AfterWatermark) => new Drive<Input, unknown>((scheduler) => fixed({ trigger, scheduler })).send(given.a, given.b, given.c, given.d).taken();

    expect(drawn(afterWatermark({ early: afterCount(2) }))).toStrictEqual([early(10, 20, [a, b])]);
    expect(drawn(afterWatermark({ early: repeatedly(afterCount(2)) }))).toStrictEqual([early(10, 20, [a, b]), early(10, 20, [a, b, c, d], { index: 1 })]);
  });

  test('what comes at the instant at which a pane is due is not in it', diagram<Input, unknown>({
    operator: operator(afterWatermark({ early: repeatedly(afterProcessingTime(5)) })),
    source: 'a----b-----', given,
    result: '-----A----B', expected: { A: early(10, 20, [a]), B: early(10, 20, [a, b], { index: 1 }) },
  }));

  test('a value that adds nothing does not count', () => {
    const drive = new Drive<Input, unknown>((scheduler) => fixed({ trigger: afterWatermark({ early: afterCount(2) }), scheduler }));

    expect(drive.send(given.a, given.a, given.a).taken()).toStrictEqual([]);
  });

  test('what a late trigger has not drawn comes in a last late pane when the window is let go', diagram<Input, unknown>({
    operator: operator(afterWatermark({ late: afterCount(2) })),
    source: 'a-v---bcd-w----b', given,
    result: '--(Pv)-C--(Dxw)l', expected: {
      ...out, ...onTime, C: pane(10, 20, [a, b, c], { timing: 'LATE', index: 1, isLast: false }), D: pane(10, 20, [a, b, c, d], { timing: 'LATE', index: 2 }), l: late(b, 30),
    },
  }));

  test('of a window that was empty until then, that may be the only one', diagram<Input, unknown>({
    operator: operator(afterWatermark({ late: afterProcessingTime(9) })),
    source: 'v-a-w', given,
    result: 'v---(Axw)', expected: { ...out, A: pane(10, 20, [a], { timing: 'LATE' }) },
  }));

  test('DISCARDING: each pane has what is new since the last one', diagram<Input, unknown>({
    operator: fixed({ accumulation: 'DISCARDING', allowedLateness: 10, trigger: afterWatermark({ early: afterCount(2), late: afterCount(2) }) }),
    source: 'ab-v---c--w', given,
    result: '-A-(Pv)---(Cxw)', expected: {
      ...out, A: early(10, 20, [a, b]), P: pane(10, 20, [], { index: 1, isLast: false }), C: pane(10, 20, [c], { timing: 'LATE', index: 2 }),
    },
  }));

  test('a session that is opened again has its early turn again', diagram<Input, unknown>({
    operator: sessionsOf({ allowedLateness: 10, trigger: afterWatermark({ early: afterCount(1) }) }),
    source: 'a-v---b-w', given: { a: el('/a', 10), v: watermark(20), b: el('/b', 15), w: watermark(25) },
    result: 'A-(Pv)B-(Qw)', expected: {
      A: early(10, 20, [hit('/a', 10)]), P: pane(10, 20, [hit('/a', 10)], { index: 1, isLast: false }), v: watermark(20), w: watermark(25),
      B: early(10, 25, [hit('/a', 10), hit('/b', 15)], { index: 2 }), Q: pane(10, 25, [hit('/a', 10), hit('/b', 15)], { index: 3, isLast: false }),
    },
  }));

  test('sessions that merge count together', diagram<Input, unknown>({
    operator: sessionsOf({ trigger: afterWatermark({ early: afterCount(3) }) }),
    source: 'a-b-c', given: { a: el('/a', 10), b: el('/b', 25), c: el('/c', 17) },
    result: '----C', expected: { C: early(10, 35, [hit('/a', 10), hit('/c', 17), hit('/b', 25)]) },
    consumer: '^-----!',
  }));

  test('its deadline, count and turn are saved and restored with it', () => {
    const before: WindowSlot<string, Hits> = new StateSlot();
    const trigger = afterWatermark({ early: afterProcessingTime(5), late: afterCount(2) });
    const drive = new Drive<Input, unknown>((scheduler) => fixed({ trigger, scheduler, state: before })).send(given.a).advanceTo(3);
    expect(before.snapshot().entries).toStrictEqual([['k', [
      { window: { start: 10, end: 20 }, accumulator: [a], index: 0, fresh: true, ordinal: 0, trigger: { unshown: 1, since: 0, fired: null } },
    ]]]);

    drive.advanceTo(5);
    expect(before.snapshot().entries).toStrictEqual([['k', [
      { window: { start: 10, end: 20 }, accumulator: [a], index: 1, fresh: false, ordinal: 0, trigger: { unshown: 0, since: 0, fired: 'EARLY' } },
    ]]]);
  });
});
