import * as fc from 'fast-check';
import type produce from 'kafkajs/src/protocol/requests/produce/index.js';
import type { ProduceArguments } from 'kafkajs/src/protocol/requests/produce/index.js';
import { crc32c } from '../../src/io/crc32c.js';

type Produce = typeof produce;

/** kafkajs as it is, and as it is once the mend is loaded. */
let original: Produce;
let mended: Produce;

beforeAll(() => {
  jest.isolateModules(() => (original = jest.requireActual('kafkajs/src/protocol/requests/produce/index.js')));
  jest.isolateModules(() => {
    jest.requireActual('../../src/io/kafkaProduce');
    mended = jest.requireActual('kafkajs/src/protocol/requests/produce/index.js');
  });
  jest.spyOn(Date, 'now').mockReturnValue(1_738_251_000_123);
});

afterAll(() => void jest.restoreAllMocks());

const bytesBy = async (it: Produce, version: number, args: ProduceArguments): Promise<Buffer> => (await it.protocol({ version })(args).request.encode()).buffer;

const text = fc.oneof(fc.string({ maxLength: 150 }), fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('x'.repeat(17_000)));
const bytes = fc.uint8Array({ maxLength: 40 }).map((it) => Buffer.from(it));
const record = fc.record(
  {
    key: fc.option(fc.oneof(text, bytes)),
    value: fc.option(fc.oneof(text, bytes)),
    headers: fc.dictionary(fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }), fc.oneof(text, bytes), { maxKeys: 4 }),
    timestamp: fc.option(fc.integer({ min: 1, max: 2 ** 42 }).map(String), { freq: 1, nil: undefined }),
  },
  { requiredKeys: ['value'] },
);
const plain = record.map(({ key, value, headers }) => ({ key, value, headers: headers ?? {} }));
const partition = fc.record({
  partition: fc.nat(1_000),
  firstSequence: fc.nat(2 ** 31 - 1),
  messages: fc.array(fc.oneof({ weight: 50, arbitrary: plain }, { weight: 1, arbitrary: record }), { minLength: 1, maxLength: 20 }),
});
const args: fc.Arbitrary<ProduceArguments> = fc.record({
  acks: fc.constantFrom(-1, 0, 1),
  timeout: fc.nat(60_000),
  compression: fc.constant(0),
  transactionalId: fc.option(text.filter((it) => it.length < 5_000), { nil: undefined }),
  producerId: fc.oneof(fc.constant(-1), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)),
  producerEpoch: fc.integer({ min: -1, max: 32_767 }),
  topicData: fc.array(fc.record({ topic: fc.string({ maxLength: 20 }), partitions: fc.array(partition, { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 3 }),
});

const one = (record: ProduceArguments['topicData'][number]['partitions'][number]['messages'][number], compression = 0): ProduceArguments => ({
  acks: -1, timeout: 1, compression, producerId: -1, producerEpoch: 0, topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: [record] }] }],
});

test('law: requests are to the byte those of kafkajs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 3, max: 7 }), args, async (version, it) => {
      const expected = await bytesBy(original, version, it);
      expect((await bytesBy(mended, version, it)).equals(expected)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('more records than one byte can number', async () => {
  const messages = Array.from({ length: 20_000 }, (_, place) => ({ key: String(place), value: 'v' }));
  const it = { ...one({ value: '' }), topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages }] }] };
  expect((await bytesBy(mended, 7, it)).equals(await bytesBy(original, 7, it))).toBe(true);
});

test.each([
  { name: 'older requests', version: 2, args: one({ value: 'v' }) },
  { name: 'compressed batches', version: 7, args: one({ value: 'v' }, 1) },
  { name: 'records with a timestamp', version: 7, args: one({ value: 'v', timestamp: '5' }) },
])('kafkajs goes on writing $name', async ({ version, args: it }) => {
  expect((await bytesBy(mended, version, it)).equals(await bytesBy(original, version, it))).toBe(true);
});

test.each([
  ['', 0],
  ['123456789', 0xe3069283],
  ['\0'.repeat(32), 0x8a9136aa],
])('the checksum of %j is that of the standard', (of, checksum) => {
  expect(crc32c(Buffer.from(`..${of}`), 2)).toBe(checksum);
});
