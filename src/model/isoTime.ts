import type { Millis } from '../../operators/index.js';
import { writtenOnce } from './writtenOnce.js';

/** How times are written; `seconds` cuts the milliseconds off. */
export type TimestampPrecision = 'milliseconds' | 'seconds';

/** Few instants are written only once: as many as make a lookup worth more than it costs. */
const secondText = writtenOnce(10_000, (second: number) => {
  const iso = new Date(second * 1000).toISOString();
  return `${iso.slice(0, iso.length - '.000Z'.length)}Z`;
});

/**
 * ISO 8601 in UTC, with milliseconds only when they are not zero: `2025-01-30T15:30:45Z`, `…:45.500Z`.
 *
 * Errors: a RangeError for an instant that `Date` cannot hold.
 */
export function isoTime(at: Millis, precision: TimestampPrecision): string {
  const second = Math.floor(at / 1000);
  if (at !== second * 1000 && precision === 'milliseconds') return new Date(at).toISOString();
  return secondText(second);
}
