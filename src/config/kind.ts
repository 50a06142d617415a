import * as t from 'io-ts';
import type { Millis } from '../../operators/index.js';
import { eventTime } from '../model/eventTime.js';
import { isoTime } from '../model/isoTime.js';

/** A kind of value that a setting can have. */
export interface Kind<A> {
  /** Judges a value as YAML has it (a duration in seconds); its name is the rule in words. */
  readonly codec: t.Type<A, unknown>;
  /** What stands for the value in the help text; undefined for a switch, which needs none. */
  readonly placeholder: string | undefined;
  /** A flag or an environment variable is text: reads it into the value YAML would have had, or leaves it as it is. */
  fromText(text: string): unknown;
  /** What joins the texts of a flag that is given several times; without it the last one counts. */
  readonly separator?: string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

const asIs = (text: string): unknown => text;

const numberFromText = (text: string): unknown => (/^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : text);

const inRange = (value: unknown, { min, max }: Range): value is number => typeof value === 'number' && value >= min && value <= max;

/** A codec whose name is its rule. `read` gives undefined for what breaks the rule. */
const codec = <A>(rule: string, is: (value: unknown) => value is A, read: (raw: unknown) => A | undefined, encode: (value: A) => unknown) =>
  new t.Type<A, unknown>(
    rule,
    is,
    (raw, context) => {
      const value = read(raw);
      return value === undefined ? t.failure(raw, context) : t.success(value);
    },
    encode,
  );

const plain = <A>(rule: string, is: (value: unknown) => value is A) => codec(rule, is, (raw) => (is(raw) ? raw : undefined), (value) => value);

/** Seconds outside, decimals allowed down to a millisecond; `Millis` inside. The range is in seconds. */
export const seconds = ({ min, max }: Range): Kind<Millis> => ({
  codec: codec(
    `seconds from ${min} to ${max}, no finer than 0.001`,
    (value): value is Millis => inRange(value, { min: min * 1000, max: max * 1000 }),
    (raw) => (inRange(raw, { min, max }) && wholeMillis(raw) ? Math.round(raw * 1000) : undefined),
    (millis) => millis / 1000,
  ),
  placeholder: 'seconds',
  fromText: numberFromText,
});

/** 1.001 * 1000 is 1000.9999999999999. */
const wholeMillis = (value: number): boolean => Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6;

/** An instant as events have it, in ISO 8601; without an offset it is UTC. */
export const instant: Kind<Millis> = {
  codec: codec(
    'an ISO 8601 date-time that exists, in quotes in YAML',
    (value): value is Millis => typeof value === 'number',
    (raw) => (typeof raw === 'string' && Number.isFinite(eventTime(raw)) ? eventTime(raw) : undefined),
    (millis) => isoTime(millis, 'milliseconds'),
  ),
  placeholder: 'date-time',
  fromText: asIs,
};

export const integer = (range: Range): Kind<number> => ({
  codec: plain(`a whole number from ${range.min} to ${range.max}`, (value): value is number => inRange(value, range) && Number.isInteger(value)),
  placeholder: 'n',
  fromText: numberFromText,
});

export const decimal = (range: Range): Kind<number> => ({
  codec: plain(`a number from ${range.min} to ${range.max}`, (value): value is number => inRange(value, range)),
  placeholder: 'n',
  fromText: numberFromText,
});

/** Text that is not blank; a `pattern` must match all of it, and `rule` says so in words. */
export const text = (placeholder: string, rule = 'text that is not blank (in YAML put numbers in quotes)', pattern = /\S/): Kind<string> => ({
  codec: plain(rule, (value): value is string => typeof value === 'string' && pattern.test(value)),
  placeholder,
  fromText: asIs,
});

/** `refused`: values that are understood but cannot be had, with the reason. */
export const choice = <const A extends string>(values: readonly A[], refused: Readonly<Record<string, string>> = {}): Kind<A> => {
  const rule = values.length === 1 ? `only ${values.join()}` : `one of ${values.join(', ')}`;
  const is = (value: unknown): value is A => values.some((it) => it === value);
  return {
    codec: new t.Type<A, unknown>(
      rule,
      is,
      (raw, context) => {
        if (is(raw)) return t.success(raw);
        return t.failure(raw, context, typeof raw === 'string' && Object.hasOwn(refused, raw) ? refused[raw] : undefined);
      },
      (value) => value,
    ),
    placeholder: values.join('|'),
    fromText: asIs,
  };
};

/** On or off; as a flag it needs no value. */
export const toggle: Kind<boolean> = {
  codec: plain('true or false', (value): value is boolean => typeof value === 'boolean'),
  placeholder: undefined,
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

/** A list in YAML; as text its items are separated by commas. */
export const list = <A>(item: Kind<A>): Kind<readonly A[]> => ({
  codec: t.readonlyArray(item.codec, `a list, each item ${item.codec.name}`),
  placeholder: `${item.placeholder ?? 'item'},…`,
  fromText: (text) => text.split(',').map((part) => item.fromText(part.trim())),
  separator: ',',
});

/** A value of one kind or of another; `rule` says so in words. */
export const either = <A, B>(one: Kind<A>, other: Kind<B>, rule: string): Kind<A | B> => ({
  codec: new t.Type<A | B, unknown>(
    rule,
    (value): value is A | B => one.codec.is(value) || other.codec.is(value),
    (raw, context) => {
      const judged = [one.codec.decode(raw), other.codec.decode(raw)].find(({ _tag }) => _tag === 'Right');
      return judged ?? t.failure(raw, context);
    },
    (value) => (one.codec.is(value) ? one.codec.encode(value) : value),
  ),
  placeholder: `${one.placeholder ?? ''}|${other.placeholder ?? ''}`,
  fromText: (text) => one.fromText(text),
});

export const optional = <A>({ codec: inner, ...kind }: Kind<A>): Kind<A | undefined> => ({
  ...kind,
  codec: new t.Type<A | undefined, unknown>(
    inner.name,
    (value): value is A | undefined => value === undefined || inner.is(value),
    (raw, context) => (raw === undefined ? t.success(undefined) : inner.validate(raw, context)),
    (value) => (value === undefined ? undefined : inner.encode(value)),
  ),
});
