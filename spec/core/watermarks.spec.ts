import { Watermarks, type WatermarkRules, type WatermarkState } from '../../operators/core/watermarks.js';

const rules: WatermarkRules = { maxOutOfOrderness: 10, idleTimeout: 60_000 };

/** [event time, processing time] of elements → the watermark after each, undefined when it has not moved. */
const after = (elements: readonly (readonly [number, number])[], ceiling = Infinity): (number | undefined)[] => {
  const watermarks = new Watermarks(rules);
  return elements.map(([at, now]) => {
    watermarks.observe(at, now);
    return watermarks.advance(ceiling);
  });
};

describe('Watermarks', () => {
  test.each<{ name: string; elements: readonly (readonly [number, number])[]; ceiling?: number; expected: readonly (number | undefined)[] }>([
    { name: 'it follows the newest', elements: [[100, 0], [150, 1]], expected: [90, 140] },
    { name: 'it does not go back', elements: [[100, 0], [50, 1]], expected: [90, undefined] },
    { name: 'it tells nothing twice', elements: [[100, 0], [100, 1]], expected: [90, undefined] },
    { name: 'it stops at a ceiling', elements: [[100, 0], [150, 1]], ceiling: 95, expected: [90, 95] },
  ])('$name', ({ elements, ceiling, expected }) => {
    expect(after(elements, ceiling)).toStrictEqual(expected);
  });

  test('ticks come a second apart, the first a second after the timeout; each brings a second', () => {
    const watermarks = new Watermarks(rules);
    watermarks.observe(100, 5);
    watermarks.advance(Infinity);

    const ticks = [1, 2].map(() => {
      const at = watermarks.nextTick();
      watermarks.tick();
      return [at, watermarks.advance(Infinity)];
    });
    expect(ticks).toStrictEqual([[61_005, 1_090], [62_005, 2_090]]);

    watermarks.observe(0, 62_500);
    expect(watermarks.nextTick()).toBe(123_500);
  });

  test('before an element there is no tick, nor with an endless timeout', () => {
    const silent = new Watermarks(rules);
    silent.startIdleness(0);
    const endless = new Watermarks({ ...rules, idleTimeout: Infinity });
    endless.observe(100, 0);

    expect([silent.nextTick(), endless.nextTick()]).toStrictEqual([Infinity, Infinity]);
  });

  test('a restored one stands where the first stood', () => {
    const first = new Watermarks(rules);
    first.observe(100, 5);
    first.tick();
    first.advance(500);
    const state: WatermarkState = first.state();
    const second = new Watermarks(rules, state);

    expect(second.state()).toStrictEqual(state);
    expect([second.nextTick(), second.advance(500), second.advance(Infinity)]).toStrictEqual([62_005, undefined, 1_090]);
  });
});
