import type { Millis } from '../../operators/index.js';

/** Holds digits together and does not break at the end of a line. */
const THIN = '\u202f';
/** Stands where there is nothing to tell. */
export const NOTHING = '–';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1234567` is `1 234 567`. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, THIN);

/** Per second: one decimal while it is below ten. */
export const rate = (perSecond: number): string => `${rateNumber(perSecond)}${THIN}/s`;

const rateNumber = (perSecond: number): string => {
  if (perSecond === 0) return '0';
  if (perSecond < 0.05) return '<0.1';
  return perSecond < 9.95 ? perSecond.toFixed(1) : count(perSecond);
};

/** With the two greatest units, and no more digits than somebody reads. */
export const duration = (millis: Millis | null): string => {
  if (millis === null) return NOTHING;
  if (millis < 0) return `−${duration(-millis)}`;
  if (millis < 999.5) return `${Math.round(millis)}${THIN}ms`;
  if (millis < 9_950) return `${(millis / SECOND).toFixed(1)}${THIN}s`;
  const whole = Math.round(millis / SECOND) * SECOND;
  if (whole < MINUTE) return `${whole / SECOND}${THIN}s`;
  if (whole < HOUR) return two(whole, MINUTE, 'min', SECOND, 's');
  return whole < DAY ? two(whole, HOUR, 'h', MINUTE, 'min') : two(whole, DAY, 'd', HOUR, 'h');
};

const two = (millis: Millis, great: Millis, greatUnit: string, small: Millis, smallUnit: string): string => {
  const rest = Math.floor((millis % great) / small);
  return `${Math.floor(millis / great)}${THIN}${greatUnit}${rest === 0 ? '' : ` ${rest}${THIN}${smallUnit}`}`;
};

/** In whole seconds, for what is told every second. */
export const ago = (millis: Millis): string => (millis < SECOND ? 'just now' : `${duration(Math.floor(millis / SECOND) * SECOND).replace('.0', '')} ago`);

/** Time on page, exact to the millisecond as results are. */
export const seconds = (value: number): string => `${Number(value.toFixed(3))}${THIN}s`;

/** Time of day, with the date where that is not the day of `now`. The unit is named by its surroundings. */
export const instant = (at: Millis | null, now: Millis): string => {
  if (at === null) return NOTHING;
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return new Date(now).toISOString().startsWith(day) ? time.slice(0, 8) : `${day} ${time.slice(0, 8)}`;
};

export const utc = (at: Millis | null, now: Millis): string => (at === null ? NOTHING : `${instant(at, now)} UTC`);

export const bytes = (value: number | null): string => {
  if (value === null) return NOTHING;
  if (value < 1_000) return `${value}${THIN}B`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(1)}${THIN}kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)}${THIN}MB` : `${(value / 1e9).toFixed(1)}${THIN}GB`;
};

/** A setting's value as it would stand in YAML, on one line. */
export const settingValue = (value: unknown): string => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return NOTHING;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** `1 page` or `2 pages`. */
export const several = (value: number, one: string, more = `${one}s`): string => `${count(value)}${THIN}${value === 1 ? one : more}`;
