import { ago, bytes, count, duration, instant, rate, seconds, settingValue, several, utc } from '../../src/page/format.js';

/** Thin spaces as blanks. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');
const NOW = Date.UTC(2025, 0, 30, 15, 32, 0);

test.each([[0, '0'], [999, '999'], [1_000, '1 000'], [1_234_567, '1 234 567']])('count: %p is %p', (value, text) => {
  expect(plain(count(value))).toBe(text);
});

test.each([[0, '0 /s'], [0.01, '<0.1 /s'], [0.3, '0.3 /s'], [1, '1.0 /s'], [9.94, '9.9 /s'], [9.96, '10 /s'], [50_000.4, '50 000 /s']])('rate: %p is %p', (value, text) => {
  expect(plain(rate(value))).toBe(text);
});

test.each([
  [null, '–'], [0, '0 ms'], [43.6, '44 ms'], [999.6, '1.0 s'], [9_900, '9.9 s'], [9_960, '10 s'], [59_400, '59 s'], [59_600, '1 min'], [200_000, '3 min 20 s'],
  [3_599_900, '1 h'], [7_500_000, '2 h 5 min'], [100_000_000, '1 d 3 h'], [-2_000, '−2.0 s'],
])('duration: %p ms is %p', (value, text) => {
  expect(plain(duration(value))).toBe(text);
});

test.each([[0, 'just now'], [999, 'just now'], [1_400, '1 s ago'], [65_900, '1 min 5 s ago']])('ago: %p ms is %p', (value, text) => {
  expect(plain(ago(value))).toBe(text);
});

test('instants are UTC, with the date where it is another day', () => {
  expect(instant(NOW - 1_000, NOW)).toBe('15:31:59');
  expect(utc(NOW - 86_400_000, NOW)).toBe('2025-01-29 15:32:00 UTC');
  expect(utc(null, NOW)).toBe('–');
});

test.each([[null, '–'], [999, '999 B'], [1_500, '1.5 kB'], [2_500_000, '2.5 MB'], [3.2e9, '3.2 GB']])('bytes: %p is %p', (value, text) => {
  expect(plain(bytes(value))).toBe(text);
});

test('times on page are exact to the ms', () => {
  expect([60, 45.5, 0.001].map(seconds).map(plain)).toEqual(['60 s', '45.5 s', '0.001 s']);
});

test.each([[undefined, '–'], [[], '–'], ['text', 'text'], [60, '60'], [false, 'false'], [['a', 'b'], '["a","b"]']])('setting: %p is %p', (value, text) => {
  expect(settingValue(value)).toBe(text);
});

test('one is one, and all others are several', () => {
  expect([0, 1, 2].map((value) => plain(several(value, 'page')))).toEqual(['0 pages', '1 page', '2 pages']);
});
