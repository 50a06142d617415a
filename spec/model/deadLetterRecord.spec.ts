import type { DeadLetter } from '../../src/model/deadLetter.js';
import { deadLetterHeaders, deadLetterRecord, tooLarge } from '../../src/model/deadLetterRecord.js';
import { fitted } from '../../src/model/record.js';
import { resultBody } from '../../src/model/resultRecord.js';
import { deadLetter } from '../support/deadLetters.js';
import { sampleResult } from '../support/results.js';

describe('a dead letter on the wire', () => {
  test('says why it ended here and all that is known of its message', () => {
    const letter: DeadLetter = {
      ...deadLetter({ id: '42', publishTime: 1_500, deliveryAttempt: 3, attributes: { source: 'ga4_streaming', reason: 'theirs' } }),
      faults: [{ path: '$.session_id', expected: 'a non-empty string', got: '"\ud800"' }],
    };
    expect(deadLetterHeaders(letter)).toStrictEqual({
      reason: 'invalid',
      stage: 'validate',
      errors: '[{"path":"$.session_id","expected":"a non-empty string","got":"\\"\\ud800\\""}]',
      message_id: '42',
      publish_time: '1970-01-01T00:00:01.500Z',
      delivery_attempt: '3',
      'attribute.source': 'ga4_streaming',
      'attribute.reason': 'theirs',
    });
  });

  test('leaves out what is not known', () => {
    expect(deadLetterHeaders(deadLetter({}))).toStrictEqual({ reason: 'invalid', stage: 'validate' });
  });

  test('says which watermark a late one missed, and by how much', () => {
    const letter: DeadLetter = { ...deadLetter({}), reason: 'late', stage: 'window', lateness: { watermark: 90_000, distance: 12_345 } };
    expect(deadLetterHeaders(letter)).toStrictEqual({ reason: 'late', stage: 'window', watermark: '1970-01-01T00:01:30Z', distance_seconds: '12.345' });
  });

  test('says how long its body was if only the beginning is known, also when it is cut once more', () => {
    const record = deadLetterRecord(deadLetter({ body: 'x'.repeat(100_000), oversize: 12_000_000 }));
    expect(record.headers['truncated']).toBe('{"bytes":12000000}');
    expect(fitted(record, 90_000).headers['truncated']).toBe('{"bytes":12000000}');
  });

  test('carries the original bytes untouched', () => {
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x7b]);
    expect(deadLetterRecord(deadLetter({ body })).value).toBe(body);
  });

  test.each([
    { known: 'its session', letter: { ...deadLetter({ id: '42' }), sessionId: 'a.1' }, key: 'a.1', placement: 'a.1' },
    { known: 'its message id only', letter: deadLetter({ id: '42' }), key: null, placement: '42' },
    { known: 'nothing', letter: deadLetter({ body: 'not json' }), key: null, placement: 'not json' },
  ])('is placed by what is known: $known', ({ letter, key, placement }) => {
    expect(deadLetterRecord(letter)).toMatchObject({ key, placement });
  });

  test('a result that is too large becomes one, with its own body and headers', () => {
    const result = sampleResult({ session: 'a.1', page: 'x'.repeat(100) });
    const encoding = { timestampPrecision: 'seconds' } as const;
    expect(deadLetterRecord(tooLarge(result, 480, 400, encoding))).toMatchObject({
      key: 'a.1',
      value: resultBody(result, encoding),
      headers: {
        reason: 'too_large',
        stage: 'write',
        errors: '[{"path":"$","expected":"a record of at most 400 bytes","got":"480 bytes"}]',
        'attribute.session_id': 'a.1',
        'attribute.processing_time': '2025-01-30T15:31:00Z',
      },
    });
  });
});
