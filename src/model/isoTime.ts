import type { Millis } from '../../operators/index.js';

/** How times are written; `seconds` cuts the milliseconds off. */
export type TimestampPrecision = 'milliseconds' | 'seconds';

const DAY = 86_400_000;

let lastDay = NaN;
let lastDate = '';

/**
 * ISO 8601 in UTC, with milliseconds only when they are not zero: `2025-01-30T15:30:45Z`, `…:45.500Z`.
 *
 * Several are written per result, so the time of day is plain arithmetic and the date is formatted
 * once per change of day.
 *
 * Errors: a RangeError for an instant that `Date` cannot hold.
 */
export function isoTime(at: Millis, precision: TimestampPrecision): string {
  const day = Math.floor(at / DAY);
  if (day !== lastDay) {
    lastDate = new Date(day * DAY).toISOString().slice(0, -'00:00:00.000Z'.length);
    lastDay = day;
  }
  const ofDay = (at - day * DAY) | 0;
  const seconds = (ofDay / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const millis = ofDay - seconds * 1000;
  const time = `${lastDate}${two(hours)}:${two(minutes - hours * 60)}:${two(seconds - minutes * 60)}`;
  return millis === 0 || precision === 'seconds' ? `${time}Z` : `${time}.${millis < 100 ? '0' : ''}${two(millis)}Z`;
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
