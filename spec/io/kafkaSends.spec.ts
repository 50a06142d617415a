import * as fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOf } from '../../src/io/kafkaPartition.js';
import { kafkaSends } from '../../src/io/kafkaSends.js';
import { recordBytes, type OutRecord } from '../../src/model/record.js';

const record = (placement: string | Buffer, value = ''): OutRecord => ({ key: null, value, headers: {}, placement });

describe('partitionOf', () => {
  const kafkajs = Partitioners.DefaultPartitioner();
  const partitionMetadata = (count: number) =>
    Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 0, partitionErrorCode: 0, replicas: [], isr: [] }));

  test("law: a key's partition is that of Kafka's default partitioner", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array().map((it) => Buffer.from(it))), fc.integer({ min: 1, max: 100 }), (key, count) => {
        const theirs = kafkajs({ topic: 'a', partitionMetadata: partitionMetadata(count), message: { key, value: null } });
        expect(partitionOf(record(key), count)).toBe(theirs);
      }),
      { numRuns: 500 },
    );
  });
});

describe('kafkaSends', () => {
  const layout = (partitions: number, maxRecordBytes = 1_000_000) => ({ topic: 'results', partitions, maxRecordBytes });

  test('10 000 records of one key are 20 sends of 500', () => {
    const records = Array.from({ length: 10_000 }, (_, i) => record('a', String(i)));
    const [sends = [], ...others] = kafkaSends(layout(3), records);
    expect(others).toStrictEqual([]);
    expect(sends.map((it) => it.records.length)).toStrictEqual(Array.from({ length: 20 }, () => 500));
  });

  test('a record of more than 800 KB goes alone', () => {
    const values = ['small', 'x'.repeat(900_000), 'small', 'small'];
    const [sends = []] = kafkaSends(layout(1), values.map((it) => record('a', it)));
    expect(sends.map((it) => it.records.map(({ value }) => value.length))).toStrictEqual([[5], [900_000], [5, 5]]);
  });

  test('a topic that takes less than 800 KB at once gets less', () => {
    const [sends = []] = kafkaSends(layout(1, 1_000), Array.from({ length: 4 }, () => record('a', 'x'.repeat(400))));
    expect(sends.map((it) => it.records.length)).toStrictEqual([2, 2]);
  });

  test('law: every record is in exactly one send, of its partition, in its order, and no send is too large', () => {
    const some = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(40_000)).map(([key, size]) => record(key, 'x'.repeat(size)));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 2_000 }), fc.integer({ min: 1, max: 4 }), (records, partitions) => {
        const groups = kafkaSends(layout(partitions, 100_000), records);
        for (const group of groups) {
          const all = group.flatMap((it) => it.records);
          const partition = group[0]!.partition;
          expect(group.every((it) => it.topic === 'results' && it.partition === partition)).toBe(true);
          expect(all).toStrictEqual(records.filter((it) => partitionOf(it, partitions) === partition));
          for (const send of group) {
            expect(send.records.length).toBeLessThanOrEqual(500);
            expect(send.records.reduce((sum, it) => sum + recordBytes(it), 0)).toBeLessThanOrEqual(100_000);
          }
        }
        expect(groups.flat(2).reduce((sum, it) => sum + it.records.length, 0)).toBe(records.length);
      }),
      { numRuns: 20 },
    );
  });
});
