import * as fc from 'fast-check';
import { parseTime, printTime } from '../../marbles/index.js';
import { withPrintedTimes } from '../../marbles/time.js';

describe('a time', () => {
  test.each([
    ['0s', 0], ['1ms', 1], ['250ms', 250], ['1s', 1_000], ['1.5s', 1_500], ['59.999s', 59_999], ['1m', 60_000], ['1m20s', 80_000], ['1m0.5s', 60_500],
    ['1h', 3_600_000], ['1h1s', 3_601_000], ['24h', 86_400_000], ['1h1m1.001s', 3_661_001],
    ['-10s', -10_000], ['-1m20s', -80_000], ['0.5ms', 0.5], ['1000.25ms', 1_000.25], ['inf', Infinity], ['-inf', -Infinity],
  ])('%s is %d ms, both ways', (text, time) => {
    expect(parseTime(text)).toBe(time);
    expect(printTime(time)).toBe(text);
  });

  test.each([
    ['80s', '1m20s'], ['0.5s', '500ms'], ['1500ms', '1.5s'], ['90m', '1h30m'], ['0h0m5s', '5s'], ['-0s', '0s'], ['1s500ms', '1.5s'], ['010s', '10s'],
  ])('may be written %s, and is printed %s', (text, printed) => {
    expect(printTime(parseTime(text) ?? NaN)).toBe(printed);
  });

  test.each(['', '-', '5', 's', '10 s', '1s1m', '1.5m', '0.0005s', '--1s', '+1s', '1S', 'infinity', 'a', '1m..2m'])('"%s" is none', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  test('that is nothing has no sign', () => {
    expect(parseTime('-0s')).toBe(0);
  });

  test('that is no number is printed as what it is', () => {
    expect(printTime(NaN)).toBe('NaN');
  });

  test('is read as it was printed', () => {
    fc.assert(fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -100_000, max: 100_000 })), (time) => {
      expect(parseTime(printTime(time))).toBe(time);
    }));
  });
});

describe('times within a word', () => {
  test.each([
    ['EARLY#0{a,b}[0s..80s)', 'EARLY#0{a,b}[0s..1m20s)'],
    ['changed[0ms..90s)<[0s..80s)<[-5000ms..1m)', 'changed[0s..1m30s)<[0s..1m20s)<[-5s..1m)'],
    ['bob.late(c@70s,~3600s)', 'bob.late(c@1m10s,~1h)'],
    ['future(c@60m,0ms)', 'future(c@1h,0s)'],
    ['~-60s', '~-1m'],
  ])('%s are %s', (word, same) => {
    expect(withPrintedTimes(word)).toBe(same);
  });

  test.each(['60s', 'a60s', 'a@60', 'a@60sec', 'EARLY#60s', 'emitted#0{60s}', '~inf', 'a.60s@b', '[0s..1m20s)'])('there is nothing to change in %s', (word) => {
    expect(withPrintedTimes(word)).toBe(word);
  });
});
