import type { Millis } from '../../operators/index.js';

/** How times are written; `seconds` cuts the milliseconds off. */
export type TimestampPrecision = 'milliseconds' | 'seconds';

/** Few instants are written only once: by second, as many as make a lookup worth more than it costs. */
const written = new Map<number, string>();
const MOST_WRITTEN = 10_000;

/**
 * ISO 8601 in UTC, with milliseconds only when they are not zero: `2025-01-30T15:30:45Z`, `…:45.500Z`.
 *
 * Errors: a RangeError for an instant that `Date` cannot hold.
 */
export function isoTime(at: Millis, precision: TimestampPrecision): string {
  const second = Math.floor(at / 1000);
  if (at !== second * 1000 && precision === 'milliseconds') return new Date(at).toISOString();
  const known = written.get(second);
  if (known !== undefined) return known;
  if (written.size >= MOST_WRITTEN) written.clear();
  const iso = new Date(second * 1000).toISOString();
  const text = `${iso.slice(0, iso.length - '.000Z'.length)}Z`;
  written.set(second, text);
  return text;
}
