import * as fc from 'fast-check';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import { deadLetterHeaders } from '../../src/model/deadLetterRecord.js';
import type { Message } from '../../src/model/message.js';
import { resultBody } from '../../src/model/resultRecord.js';
import { random } from '../../src/traffic/random.js';
import { MOST_ATTRIBUTES, mutated as mutatedBy, mutatedAttributes } from './mutations.js';
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

describe('100 000 messages that were damaged, or made to do damage', () => {
  /** What a dead letter may say of itself, in bytes of its headers: the reason and its particulars, beside the attributes. */
  const MOST_SAID = 6_000;
  /** With the prefix of each. */
  const MOST_ATTRIBUTE_BYTES = MOST_ATTRIBUTES.count * (MOST_ATTRIBUTES.name + MOST_ATTRIBUTES.value + 'attribute.'.length);

  const COUNT = 100_000;
  const AT_ONCE = 1_000;

  /** How many bytes its headers have, without those of attributes, and these. */
  const headerBytes = (letter: DeadLetter): readonly [said: number, attributes: number] => {
    let [said, attributes] = [0, 0];
    for (const [name, value] of Object.entries(deadLetterHeaders(letter))) {
      const bytes = Buffer.byteLength(name) + Buffer.byteLength(value);
      if (name.startsWith('attribute.')) attributes += bytes;
      else said += bytes;
    }
    return [said, attributes];
  };

  /** Whatever is not as it must be. An expectation for each would take longer than all the rest. */
  const violations = (messages: readonly Message[], { deadLetters, results, counts }: Played): readonly string[] => {
    const violated: string[] = [];
    const told = new Set<Message>();
    const all = new Set(messages);
    for (const letter of deadLetters) {
      const { message: refused, reason, stage, faults } = letter;
      const shown = `${reason} of ${JSON.stringify(refused.body.toString().slice(0, 200))}`;
      if (told.has(refused)) violated.push(`two outcomes: ${shown}`);
      if (!all.has(refused)) violated.push(`nobody's: ${shown}`);
      told.add(refused);
      if (stage === '' || faults.length === 0) violated.push(`no reason: ${shown}`);
      const [said, attributes] = headerBytes(letter);
      if (said > MOST_SAID || attributes > MOST_ATTRIBUTE_BYTES) violated.push(`headers of ${said} and ${attributes} bytes: ${shown}`);
    }
    if (counts.received !== messages.length || counts.held !== 0 || counts.closed + counts.duplicates + deadLetters.length !== messages.length) violated.push(`the account is ${JSON.stringify(counts)}`);
    for (const result of results) {
      const { key, value } = result.emitted;
      const body: { session_id: string; time_spent_seconds: number } = JSON.parse(resultBody(result));
      if (key.trim() === '' || body.session_id !== key || !(value.timeSpent >= 0) || !Number.isFinite(body.time_spent_seconds)) violated.push(`a result ${resultBody(result)}`);
    }
    return violated;
  };

  test.each([1, 2, 3, 4])('have exactly one outcome each, with bounded headers, and change no prototype (seed %i)', (seed) => {
    const chance = random(seed);
    const former = [Object.prototype, Array.prototype, String.prototype, Function.prototype].map((it) => Reflect.ownKeys(it).length);
    const outcomes = new Set<string>();
    for (let done = 0; done < COUNT / 4; done += AT_ONCE) {
      const messages = Array.from({ length: AT_ONCE }, (_, at) =>
        message(mutatedBy(chance), { at: at / 10, attributes: mutatedAttributes(chance), ...(chance.chance(0.1) && { id: `${chance.below(50)}` }) }),
      );
      const played = playMessages(messages, changes);
      expect(violations(messages, played)).toEqual([]);
      for (const { reason } of played.deadLetters) outcomes.add(reason);
      for (const [name, count] of Object.entries({ result: played.results.length, duplicate: played.counts.duplicates })) if (count > 0) outcomes.add(name);
    }
    // Or it would all have ended at the first hurdle.
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['duplicate', 'excluded', 'future', 'invalid', 'late', 'not_json', 'result']));
    expect([Object.prototype, Array.prototype, String.prototype, Function.prototype].map((it) => Reflect.ownKeys(it).length)).toEqual(former);
    expect('polluted' in {}).toBe(false);
  });
});
