import * as fc from 'fast-check';
import { isoTime } from '../../src/model/isoTime.js';

/** Every instant that Date holds, days near each other more often than not. */
const instants = fc.oneof(
  fc.integer({ min: Date.parse('2025-01-30T22:00:00Z'), max: Date.parse('2025-01-31T02:00:00Z') }),
  fc.date({ noInvalidDate: true }).map((it) => it.getTime()),
);

describe('isoTime', () => {
  test.each([
    { at: '2025-01-30T15:30:45.000Z', milliseconds: '2025-01-30T15:30:45Z', seconds: '2025-01-30T15:30:45Z' },
    { at: '2025-01-30T15:30:45.500Z', milliseconds: '2025-01-30T15:30:45.500Z', seconds: '2025-01-30T15:30:45Z' },
    { at: '2025-01-30T15:30:45.007Z', milliseconds: '2025-01-30T15:30:45.007Z', seconds: '2025-01-30T15:30:45Z' },
    { at: '1969-12-31T23:59:59.999Z', milliseconds: '1969-12-31T23:59:59.999Z', seconds: '1969-12-31T23:59:59Z' },
    { at: '+012025-01-30T00:00:00.000Z', milliseconds: '+012025-01-30T00:00:00Z', seconds: '+012025-01-30T00:00:00Z' },
  ])('$at is $milliseconds, by the second $seconds', ({ at, milliseconds, seconds }) => {
    expect(isoTime(Date.parse(at), 'milliseconds')).toBe(milliseconds);
    expect(isoTime(Date.parse(at), 'seconds')).toBe(seconds);
  });

  test('law: it says what Date says, without milliseconds of zero', () => {
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1 }), (times) => {
        for (const at of times) {
          expect(isoTime(at, 'milliseconds')).toBe(new Date(at).toISOString().replace('.000Z', 'Z'));
          expect(isoTime(at, 'seconds')).toBe(new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'));
        }
      }),
    );
  });

  test.each([NaN, Infinity, 8.65e15])('refuses %d, which no calendar has', (at) => {
    expect(() => isoTime(at, 'milliseconds')).toThrow(RangeError);
  });
});
