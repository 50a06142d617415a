import { ndjsonMessage } from '../../src/io/ndjsonMessage.js';

const event = { session_id: 's', page_title: 'Home' };
const time = '2025-01-30T15:30:00.5Z';

describe('a line', () => {
  test('of an event is a message of which nothing else is known', () => {
    const line = JSON.stringify(event);
    expect(ndjsonMessage(line, 3)).toEqual({ id: undefined, publishTime: undefined, attributes: {}, body: line, json: event, deliveryAttempt: undefined, receipt: 3 });
  });

  test('that is not JSON is left to the pipeline', () => {
    expect(ndjsonMessage('{"a":', 1)).toMatchObject({ body: '{"a":', json: undefined });
    expect(ndjsonMessage(Buffer.of(0xff), 1)).toMatchObject({ body: Buffer.of(0xff), json: undefined });
  });

  test('that was cut says how long it was', () => {
    expect(ndjsonMessage(Buffer.from('{"a"'), 2, 11_000_000)).toMatchObject({ body: Buffer.from('{"a"'), json: undefined, oversize: 11_000_000, receipt: 2 });
  });

  test('never changes a prototype', () => {
    const { json } = ndjsonMessage('{"__proto__":{"session_id":"s"}}', 1);
    expect(json).not.toHaveProperty('session_id', 's');
    expect(ndjsonMessage('{"message_id":"1","attributes":{"__proto__":"x"},"data":{}}', 1).attributes).toEqual(JSON.parse('{"__proto__":"x"}'));
  });
});

describe('an envelope', () => {
  test('around an event: its body is the text of the event as it stands there', () => {
    const line = `{ "message_id":"7", "publish_time":"${time}", "attributes":{"source":"ga4"}, "data": {"session_id":"s", "n":12345678901234567890} }`;
    const message = ndjsonMessage(line, 1);
    expect(message).toMatchObject({ id: '7', publishTime: Date.parse(time), attributes: { source: 'ga4' }, json: { session_id: 's' }, receipt: 1 });
    expect(message.body).toBe('{"session_id":"s", "n":12345678901234567890}');
  });

  test('around text: its body is the text, whether or not that is JSON', () => {
    expect(ndjsonMessage(JSON.stringify({ message_id: '7', data: JSON.stringify(event) }), 1)).toMatchObject({ id: '7', body: JSON.stringify(event), json: event });
    expect(ndjsonMessage(JSON.stringify({ message_id: '7', data: '{' }), 1)).toMatchObject({ id: '7', body: '{', json: undefined });
  });

  test('around bytes: its body are the bytes', () => {
    expect(ndjsonMessage(JSON.stringify({ attributes: {}, data_base64: '/w==' }), 1)).toMatchObject({ body: Buffer.of(0xff), json: undefined });
  });

  test('around a body that was cut: it stays too long', () => {
    expect(ndjsonMessage(JSON.stringify({ attributes: {}, data: '{"a', oversize: 11_000_000 }), 1)).toMatchObject({ body: '{"a', oversize: 11_000_000 });
  });

  test('an empty id or null is no id', () => {
    expect(ndjsonMessage('{"message_id":"","data":{}}', 1).id).toBeUndefined();
    expect(ndjsonMessage('{"message_id":null,"publish_time":null,"attributes":null,"data":{}}', 1)).toMatchObject({ id: undefined, publishTime: undefined, attributes: {} });
  });

  test('that is not well-formed is an event, so that it is refused as a whole', () => {
    const line = JSON.stringify({ message_id: '7', publish_time: 'yesterday', data: event });
    expect(ndjsonMessage(line, 1)).toMatchObject({ id: undefined, body: line, json: { publish_time: 'yesterday' } });
  });

  test('around an event that is nested deeply is read, and its text found', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(ndjsonMessage(`{"message_id":"1","data":${deep}}`, 1).body).toHaveLength(deep.length);
  });
});
