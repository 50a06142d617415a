import type { Millis } from '../../operators/index.js';

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

const MINUTE: Millis = 60_000;

let lastText = '';
let lastTime: Millis = NaN;

/**
 * The instant that an ISO 8601 date-time names, in ms; NaN when it names none. Without an offset it
 * is UTC, as BigQuery's DATETIME is meant here; BigQuery's own text form (a space for the `T`, `+00`)
 * is understood too. What is finer than a millisecond is cut off. Days and hours that do not exist
 * (February 30, 24:00) are no instant, which `Date.parse` would not say.
 *
 * The last answer is kept, because the codec and the stage ask for the same text one after the other.
 */
export function eventTime(text: string): Millis {
  if (text !== lastText) {
    lastTime = isPlain(text) ? plainTime(text) : shapedTime(text);
    lastText = text;
  }
  return lastTime;
}

/** `2025-01-30T15:30:00Z` and `…:00.123Z`, by far the most frequent forms; their digits are checked where they are read. */
const isPlain = (text: string): boolean =>
  text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 && text.charCodeAt(10) === 84 && text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58 &&
  ((text.length === 20 && text.charCodeAt(19) === 90) || (text.length === 24 && text.charCodeAt(19) === 46 && text.charCodeAt(23) === 90));

const plainTime = (text: string): Millis =>
  instant(100 * twoDigits(text, 0) + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8), twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)) +
  (text.length === 20 ? 0 : 10 * twoDigits(text, 20) + (twoDigits(text, 21) % 10));

/** NaN for anything but two digits. */
const twoDigits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NaN;
};

const shapedTime = (text: string): Millis => {
  const parts = SHAPE.exec(text);
  if (!parts) return NaN;
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = parts;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return instant(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)) + millis - offsetOf(offset);
};

const offsetOf = (offset: string): Millis => {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return NaN;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
};

const DAY: Millis = 24 * 60 * MINUTE;

let lastYear = NaN;
let lastMonth = NaN;
let monthStart: Millis = NaN;

const instant = (year: number, month: number, day: number, hour: number, minute: number, second: number): Millis => {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60)) return NaN;
  if (year !== lastYear || month !== lastMonth) {
    // `Date.UTC` takes the years 0 to 99 for 1900 to 1999; no event is that old.
    monthStart = year < 100 ? NaN : Date.UTC(year, month - 1);
    lastYear = year;
    lastMonth = month;
  }
  return monthStart + (day - 1) * DAY + hour * 60 * MINUTE + minute * MINUTE + second * 1_000;
};

const daysIn = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};
