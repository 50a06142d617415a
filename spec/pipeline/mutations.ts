import type { Random } from '../../src/traffic/random.js';
import { eventOf } from './play.js';

/** Events as they are sent, in several shapes; each mutation begins with one of them. */
const SAMPLES: readonly [string, ...string[]] = [
  JSON.stringify(eventOf({ page: 'Home Page', at: 0 })),
  JSON.stringify(eventOf({
    page: 'Größe wählen – Zubehör 🚀', at: 30.123,
    fields: {
      event_timestamp_ms: '1738251000000', batch_page_id: 1, batch_ordering_id: '2', batch_event_index: null, account_number: 'ACC123456', customer_id: '7',
      device: { category: 'mobile', web_info: { hostname: 'shop.example.com' } }, traffic_source: { source: 'ads' },
      event_params: [{ key: 'page_title', value: { string_value: 'x', int_value: null } }, { key: 'ga_session_id', value: { int_value: '1738286883' } }],
    },
  })),
  JSON.stringify(eventOf({ session: ' 1234567890.1738286883 ', page: '\u0000"\\', at: -86_400, fields: { event_name: 'page_view', event_timestamp_ms: 1e15 } })),
];

const NAMES: readonly [string, ...string[]] = [
  'session_id', 'page_title', 'ga_event_dtm', 'event_name', 'event_timestamp_ms', 'batch_page_id', 'batch_ordering_id', 'batch_event_index',
  'customer_id', 'account_number', 'device', 'traffic_source', 'event_params', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '', 'data', 'message_id', 'attributes',
];

/** JSON, or nearly, that is put where a value stood. */
const VALUES: readonly [string, ...string[]] = [
  'null', 'true', 'false', '0', '-0', '-1', '1e400', '-1e400', '1e-400', '1.7976931348623157e308', '9007199254740993', '9'.repeat(400), '0x10', 'NaN', 'Infinity', '01', '+1', '.5', '5.', 'undefined',
  '""', '" "', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u202e"', '"\\uFEFF"', '"\u0001"', '"s"', '"17"', `"${'9'.repeat(21)}"`, '"-1"', '"NaN"', '"__proto__"', '"constructor"',
  '{}', '[]', '[null]', '{"":null}', '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}', '[[[[[[]]]]]]', '{"toString":1}', '{"length":1e9}', '{"toJSON":"x"}', '{"then":1}',
  '"2025-01-30T15:30:00Z"', '"2025-01-30T15:30:00"', '"2025-01-30 15:30:59.999+00"', '"9999-12-31T23:59:59-23:59"', '"0000-01-01T00:00:00Z"', '"0100-01-01T00:00:00Z"', '"2025-02-30T00:00:00Z"', '"2025-01-30T24:00:00Z"',
  '"+275760-09-13T00:00:00Z"', '"2099-01-01T00:00:00Z"', '"1970-01-01T00:00:00Z"', '1738251000000', '"1738251000000"',
];

const TOKENS: readonly [string, ...string[]] = ['{', '}', '[', ']', '"', ',', ':', '\\', '\\u', '\n', '\u0000', '\u2028', '\uFEFF', '//', '/*', 'e', '-', '"__proto__":', '{"a":'];

const WRAPPINGS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['[', ']'], ['{"data":', '}'], ['"', '"'], [' ', '\n'], ['\uFEFF', ''], ['', '\u0000'], ['{"message":', ',"__proto__":null}'],
];

type Mutation = (body: Buffer, chance: Random) => Buffer;

const spliced = (body: Buffer, at: number, length: number, put: Uint8Array): Buffer => Buffer.concat([body.subarray(0, at), put, body.subarray(at + length)]);

const nested = (open: string, inner: string, close: string, depth: number): string => `${open.repeat(depth)}${inner}${close.repeat(depth)}`;

/** Where members of the object begin whose values are neither objects nor lists: name, and value. */
const MEMBER = /"((?:[^"\\]|\\.)*)":("(?:[^"\\]|\\.)*"|[-\w.]+)/g;

const atMember = (body: Buffer, chance: Random, change: (name: string, value: string) => string): Buffer => {
  const text = body.toString();
  const members = [...text.matchAll(MEMBER)];
  const member = members[chance.below(members.length)];
  if (member === undefined) return body;
  const [all, name = '', value = ''] = member;
  return Buffer.from(text.slice(0, member.index) + change(name, value) + text.slice(member.index + all.length));
};

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  function bitsFlipped(body, chance) {
    const flipped = Buffer.from(body);
    for (let left = 1 + chance.below(8); left > 0; left -= 1) {
      const at = chance.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << chance.below(8));
    }
    return flipped;
  },
  function truncated(body, chance) {
    return chance.chance(0.5) ? body.subarray(0, chance.below(body.length)) : body.subarray(chance.below(body.length));
  },
  function bytesPut(body, chance) {
    const bytes = Uint8Array.from({ length: chance.below(12) }, () => chance.below(256));
    return spliced(body, chance.below(body.length), chance.below(12), bytes);
  },
  function tokenPut(body, chance) {
    return spliced(body, chance.below(body.length), chance.below(3), Buffer.from(chance.pick(TOKENS)));
  },
  function piecesRepeated(body, chance) {
    const from = chance.below(body.length);
    return spliced(body, chance.below(body.length), 0, body.subarray(from, from + chance.below(60)));
  },
  function valueChanged(body, chance) {
    return atMember(body, chance, (name) => `"${name}":${chance.pick(VALUES)}`);
  },
  function nameChanged(body, chance) {
    return atMember(body, chance, (_, value) => `${JSON.stringify(chance.pick(NAMES))}:${value}`);
  },
  function memberAdded(body, chance) {
    return atMember(body, chance, (name, value) => `"${name}":${value},${JSON.stringify(chance.pick(NAMES))}:${chance.pick(VALUES)}`);
  },
  function deeplyNested(body, chance) {
    // Now and then so deep that a walk by recursion would end.
    const depth = chance.chance(0.02) ? 20_000 : 1 + chance.below(200);
    const value = chance.chance(0.5) ? nested('[', '', ']', depth) : nested('{"a":', chance.pick(VALUES), '}', depth);
    return atMember(body, chance, (name) => `"${chance.chance(0.5) ? name : '__proto__'}":${value}`);
  },
  function grown(body, chance) {
    return atMember(body, chance, (name) => `"${name}":"${chance.pick(['x', '\\u0000', 'ä', '\\"', '🚀', ' '])}${'x'.repeat(chance.below(3_000))}"`);
  },
  function wrapped(body, chance) {
    const [open, close] = chance.pick(WRAPPINGS);
    return Buffer.concat([Buffer.from(open), body, Buffer.from(close)]);
  },
];

/** An event to which one to three things have happened on the way. */
export const mutated = (chance: Random): Buffer => {
  let body = Buffer.from(chance.pick(SAMPLES));
  for (let left = 1 + chance.below(3); left > 0 && body.length > 0; left -= 1) body = Buffer.from(chance.pick(MUTATIONS)(body, chance));
  return body;
};

/** What the attributes of a message may be at most in Pub/Sub: 100, of 256 bytes of name and 1 024 of value. */
export const MOST_ATTRIBUTES = { count: 100, name: 256, value: 1_024 } as const;

/** Attributes as a message may have them, now and then as many and as long as they may be. */
export const mutatedAttributes = (chance: Random): Record<string, string> => {
  if (chance.chance(0.9)) return {};
  const isFull = chance.chance(0.02);
  const names = Array.from({ length: isFull ? MOST_ATTRIBUTES.count : chance.below(4) }, (_, n) => (isFull ? `${n}`.padEnd(MOST_ATTRIBUTES.name, 'n') : chance.pick(NAMES)));
  return Object.fromEntries(names.map((name) => [name, isFull ? 'v'.repeat(MOST_ATTRIBUTES.value) : chance.pick(VALUES)]));
};
