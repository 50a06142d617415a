import type { Millis } from '../operators/index.js';

const FORM = /^(-)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d{1,3})?)s)?(?:(\d+)ms)?$/;

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

/** Writes a time the one way scores write it: no unit that is 0, milliseconds as a fraction of the second, but alone as `250ms`. */
export const printTime = (time: Millis): string => {
  if (!Number.isFinite(time)) return time > 0 ? 'inf' : '-inf';
  if (time < 0) return `-${printTime(-time)}`;
  if (time === 0) return '0s';
  if (time < 1_000) return `${time}ms`;
  const [hours, minutes, seconds] = [Math.floor(time / 3_600_000), Math.floor(time / 60_000) % 60, (time % 60_000) / 1_000];
  return [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter((part) => part !== 0).join('');
};

const number = (digits: string | undefined): number => (digits === undefined ? 0 : Number(digits));
