import type { LogLevel } from '../config/names.js';

/** The particulars of an event: what happened, how often, for how long; not whose data it was. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Entry {
  /** ms since the epoch. */
  readonly time: number;
  readonly level: LogLevel;
  /** snake_case, and stable: people search for it. */
  readonly event: string;
  readonly fields: Fields;
}

/** What says who somebody is or what they read, bodies that may hold it, and passwords: left out at any depth, whoever logs them. */
const LEFT_OUT: ReadonlySet<string> = new Set(
  [
    ...['session_id', 'user_id', 'user_pseudo_id', 'customer_id', 'account_number', 'digital_id', 'single_id', 'subscriber_number', 'subscriber_lifetime_id'],
    ...['page', 'page_title', 'title', 'page_location', 'event_params', 'attributes', 'data', 'body', 'payload', 'password'],
  ].map((name) => name.replaceAll('_', '')),
);

const LONGEST_TEXT = 500;
const LONGEST_STACK = 4_000;
const LONGEST_LINE = 16_000;

/** One JSON object: time, level, event, then the fields. */
export const jsonLine = ({ time, level, event, fields }: Entry): string => {
  const head = { time: new Date(time).toISOString(), level, event };
  return within(rendered({ ...head, ...fields, ...head }), (length) => JSON.stringify({ ...head, left_out: `${length} characters` }));
};

/** For eyes: `12:30:05 warn  kafka_client {"broker":1}`. */
export const prettyLine = ({ time, level, event, fields }: Entry): string => {
  const particulars = within(rendered(fields), (length) => `(${length} characters)`);
  return `${new Date(time).toISOString().slice(11, 19)} ${level.padEnd(5)} ${event}${particulars === '{}' ? '' : ` ${particulars}`}`;
};

const within = (line: string, otherwise: (length: number) => string): string => (line.length > LONGEST_LINE ? otherwise(line.length) : line);

const rendered = (fields: Fields): string => {
  try {
    return JSON.stringify(fields, shown);
  } catch {
    // A circle somewhere: say at least what the plain fields say.
    return JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value !== 'object')), shown);
  }
};

const shown = (name: string, value: unknown): unknown => {
  if (LEFT_OUT.has(name.toLowerCase().replaceAll('_', ''))) return '[left out]';
  if (value instanceof Error) return { name: value.name, message: value.message, code: 'code' in value ? value.code : undefined, cause: value.cause, stack: value.stack };
  if (typeof value === 'bigint') return String(value);
  const longest = name === 'stack' ? LONGEST_STACK : LONGEST_TEXT;
  return typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}…` : value;
};
