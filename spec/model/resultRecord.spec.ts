import * as fc from 'fast-check';
import { resultBody, resultHeaders, resultRecord } from '../../src/model/resultRecord.js';
import { sampleResult } from '../support/results.js';

const SAMPLE_BODY =
  '{"session_id":"1234567890.1738286883","page":"Home Page","time_spent_seconds":45.5,"timestamp":"2025-01-30T15:30:45Z",' +
  '"window_start":"2025-01-30T15:30:00Z","window_end":"2025-01-30T15:31:45Z","element_timestamp":"2025-01-30T15:30:45Z"}';

const seconds = { timestampPrecision: 'seconds' } as const;
const milliseconds = { timestampPrecision: 'milliseconds' } as const;
const anyText = fc.string({ unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }), fc.constantFrom('\ud800', '\udfff', '"', '\\', '\u0000', '\u2028')) });

describe('a result on the wire', () => {
  test('is the documented sample byte for byte, given seconds', () => {
    expect(resultBody(sampleResult(), seconds)).toBe(SAMPLE_BODY);
    expect(resultHeaders(sampleResult(), seconds)).toStrictEqual({
      session_id: '1234567890.1738286883',
      processing_time: '2025-01-30T15:31:00Z',
      pane: '{"timing":"EARLY","index":0,"final":false,"revision":0,"entry":1738251000000,"rule":"next_view"}',
    });
  });

  test('has milliseconds where they are not zero, unless told otherwise', () => {
    expect(resultBody(sampleResult())).toBe(SAMPLE_BODY.replaceAll('15:30:45Z', '15:30:45.500Z').replace('15:31:45Z', '15:31:45.500Z'));
    expect(resultHeaders(sampleResult({ processingTime: 1 }))['processing_time']).toBe('1970-01-01T00:00:00.001Z');
  });

  test('law: its body is what JSON.stringify and Date would write', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat(2 ** 41), fc.nat(2 ** 31), fc.option(fc.dictionary(anyText, fc.option(anyText)), { nil: undefined }), (session, page, entry, timeSpent, extra) => {
        const result = sampleResult({ session, page, entry, timeSpent, ...(extra && { extra }) });
        const time = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
        const naive = {
          session_id: session,
          page,
          time_spent_seconds: timeSpent / 1000,
          timestamp: time(entry + timeSpent),
          window_start: time(result.emitted.pane.window.start),
          window_end: time(result.emitted.pane.window.end),
          element_timestamp: time(result.emitted.value.elementTimestamp),
        };
        const more = JSON.stringify(extra ?? {}).slice(1, -1);
        expect(resultBody(result, milliseconds)).toBe(`${JSON.stringify(naive).slice(0, -1)}${more && `,${more}`}}`);
      }),
    );
  });

  test('law: the time spent is exact to the millisecond', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (timeSpent) => {
        const [, digits = ''] = /"time_spent_seconds":([\d.]+)/.exec(resultBody(sampleResult({ timeSpent }))) ?? [];
        const [whole = '', fraction = ''] = digits.split('.');
        expect(Number(whole) * 1000 + Number(fraction.padEnd(3, '0'))).toBe(timeSpent);
        expect(fraction.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  test.each([
    { pane: { timing: 'ON_TIME', isLast: true, index: 2 }, revision: 1, expected: '{"timing":"ON_TIME","index":2,"final":true,"revision":1,"entry":1738251000000,"rule":"next_view"}' },
    { pane: { timing: 'ON_TIME', isLast: true, historic: true }, expected: '{"timing":"ON_TIME","index":0,"final":true,"revision":0,"entry":1738251000000,"rule":"next_view","historic":true}' },
    { pane: { timing: 'ON_TIME', isLast: true, historic: true, forced: 'drain' }, expected: '{"timing":"ON_TIME","index":0,"final":true,"revision":0,"entry":1738251000000,"rule":"next_view","historic":true,"forced":"drain"}' },
    { pane: { timing: 'LATE', isLast: true, forced: 'cap' }, expected: '{"timing":"LATE","index":0,"final":true,"revision":0,"entry":1738251000000,"rule":"next_view","forced":"cap"}' },
  ] as const)('tells of its pane: $expected', ({ expected, ...change }) => {
    expect(resultHeaders(sampleResult(change))['pane']).toBe(expected);
  });

  test('is placed by its session', () => {
    const { key, placement, value, headers } = resultRecord(sampleResult({ session: 'a.1' }), seconds);
    expect({ key, placement }).toStrictEqual({ key: 'a.1', placement: 'a.1' });
    expect(value).toBe(resultBody(sampleResult({ session: 'a.1' }), seconds));
    expect(headers).toStrictEqual(resultHeaders(sampleResult({ session: 'a.1' }), seconds));
  });
});
