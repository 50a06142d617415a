import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { fitted, recordBytes, type OutRecord } from '../../src/model/record.js';

const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.tuple(fc.string({ unit: 'binary', maxLength: 10 }), fc.nat(maxLength)).map(([piece, length]) => piece.repeat(length / 10));

const records: fc.Arbitrary<OutRecord> = fc.record({
  key: fc.option(text(3_000)),
  value: fc.oneof(text(200_000), text(200_000).map((it) => Buffer.from(it))),
  headers: fc.dictionary(text(100), text(3_000)),
  placement: fc.constant('here'),
});

describe('fitted', () => {
  test('leaves a record alone that fits', () => {
    const record: OutRecord = { key: 'a', value: 'b', headers: { c: 'd' }, placement: 'a' };
    expect(fitted(record, recordBytes(record))).toBe(record);
    expect(fitted(record, recordBytes(record) - 1)).not.toBe(record);
  });

  test('keeps the first 64 KB, the headers, and length and digest of the whole', () => {
    const value = Buffer.alloc(3_000_000, 'page');
    const { key, value: kept, headers, placement } = fitted({ key: 'a', value, headers: { reason: 'invalid' }, placement: 'a' }, 1_048_576);
    expect({ key, placement, reason: headers['reason'] }).toStrictEqual({ key: 'a', placement: 'a', reason: 'invalid' });
    expect(kept).toStrictEqual(value.subarray(0, 65_536));
    expect(JSON.parse(headers['truncated']!)).toStrictEqual({ bytes: 3_000_000, sha256: createHash('sha256').update(value).digest('hex') });
  });

  test('drops a key and headers that are themselves too large, and keeps the others', () => {
    const huge = 'x'.repeat(300_000);
    const { key, headers } = fitted({ key: huge, value: huge, headers: { reason: 'invalid', 'attribute.a': huge, 'attribute.b': 'b' }, placement: huge }, 1_048_576 / 2);
    expect(key).toBeNull();
    expect(Object.keys(headers)).toStrictEqual(['truncated', 'reason', 'attribute.b']);
  });

  test('law: whatever the record, it fits', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1_024, max: 250_000 }), (record, limit) => {
        expect(recordBytes(fitted(record, limit))).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
