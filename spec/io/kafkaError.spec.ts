import { KafkaJSAggregateError, KafkaJSConnectionError, KafkaJSDeleteTopicRecordsError, KafkaJSError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { KafkaError, kafkaError } from '../../src/io/kafkaError.js';

/** A broker's answer as kafkajs hands it out after its retries: twice wrapped. */
const answer = (type: string): Error => {
  const error = Object.assign(new KafkaJSProtocolError(new Error('the broker says no')), { type });
  const wrapped = new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 5, retryTime: 1_000 });
  return Object.assign(new KafkaJSNonRetriableError(wrapped), { cause: wrapped });
};

describe('kafkaError', () => {
  test.each(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'SASL_AUTHENTICATION_FAILED', 'MESSAGE_TOO_LARGE', 'UNSUPPORTED_VERSION'])(
    '%s is fatal',
    (type) => {
      expect(kafkaError('cannot write', answer(type))).toMatchObject({ fatal: true, message: `cannot write: the broker says no (${type})` });
    },
  );

  test.each([
    'NOT_LEADER_FOR_PARTITION',
    'LEADER_NOT_AVAILABLE',
    'NOT_ENOUGH_REPLICAS',
    'REQUEST_TIMED_OUT',
    'UNKNOWN_TOPIC_OR_PARTITION', // true for a moment after a restart; the next connection finds out
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'UNKNOWN_PRODUCER_ID',
    'INVALID_PRODUCER_EPOCH',
  ])('%s is not', (type) => {
    expect(kafkaError('cannot write', answer(type)).fatal).toBe(false);
  });

  test.each([
    { error: Object.assign(new KafkaJSNonRetriableError('wrong password'), { name: 'KafkaJSSASLAuthenticationError' }), fatal: true },
    { error: new KafkaJSConnectionError('connect ECONNREFUSED'), fatal: false },
    { error: new KafkaJSError('The producer is disconnected'), fatal: false },
    { error: new TypeError("Cannot read properties of null (reading 'topicMetadata')"), fatal: false },
  ])('without an answer of a broker: $error.name, fatal $fatal', ({ error, fatal }) => {
    expect(kafkaError('cannot write', error)).toMatchObject({ fatal, message: `cannot write: ${error.message}`, cause: error });
  });

  test.each([
    { type: 'INVALID_PRODUCER_EPOCH', kind: 'fenced' },
    { type: 'INVALID_PRODUCER_ID_MAPPING', kind: 'expired_id' },
    { type: 'UNKNOWN_PRODUCER_ID', kind: 'expired_id' },
    { type: 'NOT_LEADER_FOR_PARTITION', kind: 'other' },
  ])('to a transaction $type means $kind', ({ type, kind }) => {
    expect(kafkaError('cannot write', answer(type))).toMatchObject({ fatal: false, kind });
  });

  test('an error that speaks for several topics or partitions is told by its first', () => {
    const first = Object.assign(new KafkaJSProtocolError(new Error('not allowed')), { type: 'TOPIC_AUTHORIZATION_FAILED' });
    const errors = [
      new KafkaJSAggregateError('Topic creation errors', [first]),
      new KafkaJSDeleteTopicRecordsError({ topic: 'results', partitions: [{ partition: 0, offset: '1', error: first }] }),
    ];
    for (const error of errors) expect(kafkaError('cannot', error)).toMatchObject({ fatal: true, message: 'cannot: not allowed (TOPIC_AUTHORIZATION_FAILED)' });
  });

  test('an error that is one already stays as it is', () => {
    const error = new KafkaError('no such topic', { fatal: true });
    expect(kafkaError('cannot write', error)).toBe(error);
  });
});
