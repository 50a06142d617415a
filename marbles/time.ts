import type { Millis } from '../operators/index.js';

const FORM = /^(-)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d{1,3})?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/**
 * Reads a time as scores write it: `45s`, `1m20s`, `2h`, `0.5s`, `250ms`, `-10s`, `inf`, `-inf`.
 *
 * @returns ms, or `undefined` when the text is no time
 */
export const parseTime = (text: string): Millis | undefined => {
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  const [matched, sign, hours, minutes, seconds, millis] = FORM.exec(text) ?? [];
  if (matched === undefined || /^-?$/.test(matched)) return undefined;
  const total = number(hours) * 3_600_000 + number(minutes) * 60_000 + Math.round(number(seconds) * 1_000) + number(millis);
  return sign === undefined || total === 0 ? total : -total;
};

/** Writes a time the one way scores write it: no unit that is 0, milliseconds as a fraction of the second, but alone (and when they are not whole) as `250ms`. */
export const printTime = (time: Millis): string => {
  if (Number.isNaN(time)) return 'NaN';
  if (!Number.isFinite(time)) return time > 0 ? 'inf' : '-inf';
  if (time < 0) return `-${printTime(-time)}`;
  if (time === 0) return '0s';
  if (time < 1_000 || !Number.isInteger(time)) return `${time}ms`;
  const [hours, minutes, seconds] = [Math.floor(time / 3_600_000), Math.floor(time / 60_000) % 60, (time % 60_000) / 1_000];
  return [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter((part) => part !== 0).join('');
};

/**
 * A word of a score with the times in it as {@link printTime} writes them, so that words can be
 * compared as text: `late(a@80s,~90s)` becomes `late(a@1m20s,~1m30s)`. A time stands after one of `@ ~ [ ,` or `..`.
 */
export const withPrintedTimes = (word: string): string =>
  word.replace(/(?<=[@~[,]|\.\.)-?(?:\d+(?:\.\d+)?(?:h|ms?|s))+(?!\w)/g, (text) => {
    const time = parseTime(text);
    return time === undefined ? text : printTime(time);
  });

const number = (digits: string | undefined): number => (digits === undefined ? 0 : Number(digits));
