import { deadLetterLine, isEnvelope } from '../../src/model/envelope.js';
import { deadLetter } from '../support/deadLetters.js';

const event = { session_id: 's', page_title: 'Home', ga_event_dtm: '2025-01-30T15:30:00Z' };

describe('an envelope', () => {
  test.each<{ name: string; json: unknown }>([
    { name: 'of all that is known', json: { message_id: '1', publish_time: '2025-01-30T15:30:00.123Z', attributes: { source: 'ga4' }, data: event } },
    { name: 'of an id', json: { message_id: '1', data: event } },
    { name: 'of a publish time', json: { publish_time: '2025-01-30T15:30:00+01:00', data: event } },
    { name: 'of attributes', json: { attributes: {}, data: event } },
    { name: 'of nulls', json: { message_id: null, publish_time: null, attributes: null, data: event } },
    { name: 'around text, whatever it is', json: { message_id: '1', data: 'not JSON' } },
    { name: 'around bytes', json: { message_id: '1', data_base64: '/w==' } },
    { name: 'with more that is of no interest', json: { message_id: '1', data: event, reason: 'late', errors: [] } },
  ])('$name', ({ json }) => {
    expect(isEnvelope(json)).toBe(true);
  });
});

describe('an event, not an envelope', () => {
  test.each<{ name: string; json: unknown }>([
    { name: 'a bare event', json: event },
    { name: 'an event that has fields of those names', json: { ...event, data: {}, attributes: {}, message_id: '1' } },
    { name: 'data alone', json: { data: event } },
    { name: 'nothing inside', json: { message_id: '1', publish_time: '2025-01-30T15:30:00Z' } },
    { name: 'an id that is no text', json: { message_id: 1, data: event } },
    { name: 'a publish time that is none', json: { publish_time: 'yesterday', data: event } },
    { name: 'a day that does not exist', json: { publish_time: '2025-02-30T00:00:00Z', data: event } },
    { name: 'attributes that are not text', json: { attributes: { a: 1 }, data: event } },
    { name: 'attributes in a list', json: { attributes: ['a'], data: event } },
    { name: 'data in a list', json: { message_id: '1', data: [event] } },
    { name: 'data that is null', json: { message_id: '1', data: null } },
    { name: 'bytes that are not base64', json: { message_id: '1', data_base64: '%' } },
    { name: 'a list', json: [{ message_id: '1', data: event }] },
    { name: 'a text', json: 'data' },
    { name: 'null', json: null },
  ])('$name', ({ json }) => {
    expect(isEnvelope(json)).toBe(false);
  });
});

describe('a dead letter as a line', () => {
  const late = {
    ...deadLetter({ id: '7', publishTime: Date.parse('2025-01-30T15:30:00.5Z'), attributes: { source: 'ga4' }, body: '{"page_title":"é"}', deliveryAttempt: 2 }),
    reason: 'late' as const,
    stage: 'sessionWindow',
    faults: [{ path: '$.ga_event_dtm', expected: 'an event of a session that is not closed', got: '2025-01-30T15:29:00Z' }],
    lateness: { watermark: Date.parse('2025-01-30T15:31:00Z'), distance: 1_500 },
  };

  test('is the message, and why it ended here', () => {
    expect(JSON.parse(deadLetterLine(late))).toEqual({
      message_id: '7',
      publish_time: '2025-01-30T15:30:00.500Z',
      attributes: { source: 'ga4' },
      data: '{"page_title":"é"}',
      reason: 'late',
      stage: 'sessionWindow',
      errors: [{ path: '$.ga_event_dtm', expected: 'an event of a session that is not closed', got: '2025-01-30T15:29:00Z' }],
      delivery_attempt: 2,
      watermark: '2025-01-30T15:31:00Z',
      distance_seconds: 1.5,
    });
  });

  test('leaves out what is not known', () => {
    expect(JSON.parse(deadLetterLine(deadLetter({ body: 'x' })))).toEqual({ attributes: {}, data: 'x', reason: 'invalid', stage: 'validate', errors: [] });
  });

  test('bytes are text where they can be, base64 where they cannot', () => {
    expect(JSON.parse(deadLetterLine(deadLetter({ body: Buffer.from('\uFEFFé') })))).toMatchObject({ data: '\uFEFFé' });
    expect(JSON.parse(deadLetterLine(deadLetter({ body: Buffer.of(0xff) })))).toMatchObject({ data_base64: '/w==' });
  });

  test.each([
    { name: 'text', message: { body: 'x' } },
    { name: 'bytes', message: { body: Buffer.of(0xff) } },
    { name: 'a body that was cut', message: { body: Buffer.from('x'), oversize: 11_000_000 } },
  ])('is an envelope: $name', ({ message }) => {
    expect(isEnvelope(JSON.parse(deadLetterLine(deadLetter(message))))).toBe(true);
  });
});
