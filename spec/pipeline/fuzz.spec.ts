import * as fc from 'fast-check';
import type { Message } from '../../src/model/message.js';
import { eventOf, message, playMessages, type Played } from './play.js';

const SAMPLE = Buffer.from(JSON.stringify(eventOf({
  page: 'Größe wählen – Zubehör 🚀', at: 0,
  fields: { event_timestamp_ms: '1738251000000', batch_page_id: 1, batch_ordering_id: '2', batch_event_index: null, device: { category: 'mobile' }, event_params: [{ key: 'page_title', value: { string_value: 'x' } }] },
})));

const place = fc.nat(SAMPLE.length - 1);

/** One thing that happens to bytes on their way. */
const edit: fc.Arbitrary<(body: Buffer) => Buffer> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(([at, byte]) => (body: Buffer) => Buffer.concat([body.subarray(0, at), Buffer.of(byte), body.subarray(at + 1)])),
  fc.tuple(place, fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '0', '1', '9', '-', 'e', 'T', 'Z', ' ', '\u0000')).map(([at, char]) => (body: Buffer) => Buffer.concat([body.subarray(0, at), Buffer.from(char), body.subarray(at + 1)])),
  fc.tuple(place, fc.nat(12)).map(([at, length]) => (body: Buffer) => Buffer.concat([body.subarray(0, at), body.subarray(at + length)])),
  fc.tuple(place, place, fc.nat(40)).map(([at, from, length]) => (body: Buffer) => Buffer.concat([body.subarray(0, at), body.subarray(from, from + length), body.subarray(at)])),
  place.map((at) => (body: Buffer) => body.subarray(0, at)),
);

const mutated = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => edits.reduce<Buffer>((body, next) => next(body), SAMPLE));

/** Something that is nearly an event: every field may be missing, or be anything. */
const strange = fc.oneof(fc.constantFrom<unknown>(null, '', ' ', 's', 0, -1, '17', true, '2025-01-30T15:30:00Z', '2025-01-30 15:30:59.999+00', '9999-12-31T23:59:59-23:59', '0100-01-01T00:00:00Z'), fc.jsonValue());
const FIELDS = ['session_id', 'page_title', 'ga_event_dtm', 'event_name', 'event_timestamp_ms', 'batch_page_id', 'batch_ordering_id', 'batch_event_index', 'customer_id', 'account_number', 'device', 'traffic_source', '__proto__', 'constructor'];
const nearlyAnEvent = fc.array(fc.tuple(fc.constantFrom(...FIELDS), strange), { maxLength: 4 }).map((changes) => {
  const fields = [...Object.entries(eventOf({ at: 0 })), ...changes].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${fields.join(',')}}`;
});

const published = (bodies: readonly (string | Buffer)[]): Message[] => bodies.map((body, at) => message(body, { at: at / 10 }));

/** Every message is in exactly one place: in a session, a duplicate in one, or a dead letter with its reason. */
const conserve = (messages: readonly Message[], { deadLetters, results, counts }: Played): void => {
  expect(new Set(deadLetters.map((it) => it.message)).size).toBe(deadLetters.length);
  for (const { message: refused, faults, stage } of deadLetters) {
    expect(messages).toContain(refused);
    expect(stage).not.toBe('');
    expect(faults.length).toBeGreaterThan(0);
    for (const { path, expected, got } of faults) {
      expect(path).toMatch(/^\$/);
      expect(expected).not.toBe('');
      expect(got.length).toBeLessThan(600);
    }
  }
  expect(counts).toMatchObject({ received: messages.length, held: 0, closed: messages.length - counts.duplicates - deadLetters.length });
  for (const { emitted: { key, value } } of results) {
    expect(key.trim()).not.toBe('');
    expect(value.timeSpent).toBeGreaterThanOrEqual(0);
  }
};

const changes = {
  outputFields: ['segment', 'device', 'source'],
  filter: { customer: undefined, rules: [{ name: 'no robots', action: 'exclude', field: 'device.category', matches: /bot/ }] },
} as const;

describe('whatever comes, nothing throws and every message has exactly one outcome', () => {
  test('law: bytes of an event that were damaged on the way', () => {
    fc.assert(
      fc.property(fc.array(mutated, { minLength: 1, maxLength: 120 }), (bodies) => {
        const messages = published(bodies);
        conserve(messages, playMessages(messages, changes));
      }),
      { numRuns: 60 },
    );
  });

  test('law: objects that are nearly events', () => {
    fc.assert(
      fc.property(fc.array(nearlyAnEvent, { minLength: 1, maxLength: 80 }), (bodies) => {
        const messages = published(bodies);
        conserve(messages, playMessages(messages, changes));
      }),
      { numRuns: 60 },
    );
  });

  test('law: any bytes, and any JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)), fc.json(), fc.string({ unit: 'binary' })), { maxLength: 40 }), (bodies) => {
        const messages = published(bodies);
        const played = playMessages(messages, changes);
        conserve(messages, played);
        expect(played.deadLetters).toHaveLength(messages.length);
      }),
    );
  });
});
