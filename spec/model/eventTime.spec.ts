import * as fc from 'fast-check';
import { eventTime } from '../../src/model/eventTime.js';

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The instant by the calendar of `Date`: it exists only if `Date` does not have to turn it into another. */
const onCalendar = ({ year, month, day, hour, minute, second }: Parts): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const read = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return read.join() === [year, month, day, hour, minute, second].join() ? date.getTime() : NaN;
};

const padded = (width: number, value: number): string => String(value).padStart(width, '0');

const dateText = ({ year, month, day }: Parts): string => `${padded(4, year)}-${padded(2, month)}-${padded(2, day)}`;
const timeText = ({ hour, minute, second }: Parts): string => `${padded(2, hour)}:${padded(2, minute)}:${padded(2, second)}`;

/** Now and then just beyond what exists. */
const parts: fc.Arbitrary<Parts> = fc.record({
  year: fc.oneof(fc.integer({ min: 2020, max: 2030 }), fc.constantFrom(1600, 1900, 2000, 2100, 9999), fc.integer({ min: 100, max: 9999 })),
  month: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(2), fc.integer({ min: 0, max: 14 })),
  day: fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 28, max: 31 }), fc.integer({ min: 0, max: 40 })),
  hour: fc.oneof(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 22, max: 25 })),
  minute: fc.oneof(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 58, max: 61 })),
  second: fc.oneof(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 58, max: 61 })),
});

const fraction = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 9 }).map((digits) => digits.join(''));

/** The fraction's whole milliseconds. */
const millisOf = (digits: string): number => Number(`${digits}00`.slice(0, 3));

interface Offset {
  readonly text: string;
  readonly minutes: number;
}

const offset: fc.Arbitrary<Offset> = fc.oneof(
  fc.constantFrom({ text: '', minutes: 0 }, { text: 'Z', minutes: 0 }, { text: 'z', minutes: 0 }, { text: '+00', minutes: 0 }, { text: '-00:00', minutes: 0 }),
  fc.tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 61 }), fc.constantFrom(':', '', 'hours')).map(([sign, hours, minutes, form]) => {
    const exists = hours < 24 && (form === 'hours' || minutes < 60);
    const ahead = (sign === '-' ? -1 : 1) * (hours * 60 + (form === 'hours' ? 0 : minutes));
    return { text: `${sign}${padded(2, hours)}${form === 'hours' ? '' : `${form}${padded(2, minutes)}`}`, minutes: exists ? ahead : NaN };
  }),
);

describe('event time', () => {
  test('law: the two most frequent forms name the calendar\'s instant, or none if the calendar has none', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 999 }), (at, millis) => {
        const instant = onCalendar(at);
        expect(eventTime(`${dateText(at)}T${timeText(at)}Z`)).toBe(instant);
        expect(eventTime(`${dateText(at)}T${timeText(at)}.${padded(3, millis)}Z`)).toBe(instant + millis);
      }),
      { numRuns: 3_000 },
    );
  });

  test('law: so do all the other forms, less their offset, cut to the millisecond', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom('T', ' '), fc.option(fc.tuple(fc.constantFrom('.', ','), fraction), { nil: undefined }), offset, (at, separator, decimals, { text, minutes }) => {
        const written = `${dateText(at)}${separator}${timeText(at)}${decimals?.join('') ?? ''}${text}`;
        expect(eventTime(written)).toBe(onCalendar(at) + (decimals ? millisOf(decimals[1]) : 0) - minutes * 60_000);
      }),
      { numRuns: 3_000 },
    );
  });

  test('law: the answer does not depend on what was asked before', () => {
    const text = fc.oneof(parts.map((at) => `${dateText(at)}T${timeText(at)}Z`), parts.map((at) => `${dateText(at)} ${timeText(at)}`), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
        const first = texts.map(eventTime);
        expect([...texts].reverse().map(eventTime).reverse()).toEqual(first);
        expect(texts.flatMap((it) => [eventTime(it), eventTime(it)])).toEqual(first.flatMap((it) => [it, it]));
      }),
    );
  });

  test('law: one character replaced by what is no digit, sign or separator leaves no instant', () => {
    const forms = ['2025-01-30T15:30:00Z', '2025-01-30T15:30:00.123Z', '2025-01-30 15:30:00.123456+01:30'];
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.nat(), fc.constantFrom('/', ';', '<', '@', 'X', ' ', '\u0660', '\uFF11', 'x', '_', '\n'), (form, place, char) => {
        const at = place % form.length;
        fc.pre(!(at === 10 && char === ' '));
        expect(eventTime(form.slice(0, at) + char + form.slice(at + 1))).toBeNaN();
      }),
    );
  });

  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '0099-12-31T23:59:59.999Z'])('%s is no instant: the first century is not taken for the twentieth', (text) => expect(eventTime(text)).toBeNaN());

  test('a month that exists after one that does not is not mistaken for it', () => {
    expect(eventTime('2025-13-01T00:00:00Z')).toBeNaN();
    expect(eventTime('2025-01-01T00:00:00Z')).toBe(Date.UTC(2025, 0));
    expect(eventTime('0025-01-01T00:00:00Z')).toBeNaN();
    expect(eventTime('2025-01-01T00:00:01Z')).toBe(Date.UTC(2025, 0) + 1_000);
  });
});
