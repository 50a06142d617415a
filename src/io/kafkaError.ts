/**
 * What a failure may mean to a producer of transactions:
 * - `fenced`: another producer holds the transactional id, or the transaction outlived its timeout;
 *   the answer does not tell which, and nothing of the transaction will be visible;
 * - `unknown_outcome`: the commit was sent, and its answer is missing;
 * - `expired_id`: the brokers have forgotten the producer, as they do after a week of rest; treat it
 *   as an unknown outcome;
 * - `other`: the transaction was not committed, or the failure has nothing to do with one.
 */
export type KafkaErrorKind = 'fenced' | 'unknown_outcome' | 'expired_id' | 'other';

/**
 * Kafka refused, or was not there. Unless it is `fatal`, asking again later may succeed: the broker
 * is away, a partition changes its leader, the producer lost its place and a new one is needed.
 */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly fatal: boolean;
  readonly kind: KafkaErrorKind;

  constructor(message: string, options: { readonly fatal: boolean; readonly kind?: KafkaErrorKind; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.fatal = options.fatal;
    this.kind = options.kind ?? 'other';
  }
}

/** Answers of a broker that will be the same next time. */
const FATAL_TYPES: ReadonlySet<string> = new Set([
  'CLUSTER_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'INVALID_CONFIG',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_TRANSACTION_TIMEOUT',
  'MESSAGE_TOO_LARGE',
  'POLICY_VIOLATION',
  'RECORD_LIST_TOO_LARGE',
  'SASL_AUTHENTICATION_FAILED',
  'SECURITY_DISABLED',
  'TOPIC_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_SASL_MECHANISM',
  'UNSUPPORTED_VERSION',
]);

/** Errors of kafkajs itself that repeat themselves. */
const FATAL_NAMES: ReadonlySet<string> = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSServerDoesNotSupportApiKey', 'KafkaJSNotImplemented']);

const KINDS: ReadonlyMap<string, KafkaErrorKind> = new Map([
  ['INVALID_PRODUCER_EPOCH', 'fenced'],
  ['INVALID_PRODUCER_ID_MAPPING', 'expired_id'],
  ['UNKNOWN_PRODUCER_ID', 'expired_id'],
]);

/** What TLS finds wrong with a broker's certificate, with ours or at the port, by code or words of the error; and what mends it. */
const TLS_ADVICE: readonly (readonly [sign: RegExp, advice: string])[] = [
  [/SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF/, 'nobody who is trusted vouches for the broker: name its authority with kafka_tls_ca'],
  [/ALTNAME_INVALID/, 'the certificate is for another name: use that one in kafka_brokers and in what the brokers advertise'],
  [/WRONG_VERSION_NUMBER|disconnected before secure TLS connection/, 'the broker may not speak TLS at this port: use another, or leave kafka_tls out'],
  [/CERTIFICATE_REQUIRED|BAD_CERTIFICATE/, 'the broker wants a certificate that it trusts: kafka_tls_certificate and kafka_tls_key'],
];

/** What kafkajs threw, with `doing` before its message; kafkajs hides the broker's answer under wrappers of its own. */
export function kafkaError(doing: string, thrown: unknown): KafkaError {
  if (thrown instanceof KafkaError) return thrown;
  const root = rootOf(thrown);
  if (root instanceof KafkaError) return new KafkaError(`${doing}: ${root.message}`, { fatal: root.fatal, kind: root.kind, cause: thrown });
  const type = errorType(root);
  const fatal = type === undefined ? root instanceof Error && FATAL_NAMES.has(root.name) : FATAL_TYPES.has(type);
  const answer = root instanceof Error ? root.message : String(root);
  const advice = TLS_ADVICE.find(([sign]) => sign.test(`${codeOf(root)} ${answer}`))?.[1];
  const further = [type, advice].flatMap((it) => (it === undefined ? [] : [` (${it})`])).join('');
  return new KafkaError(`${doing}: ${answer}${further}`, { fatal, kind: KINDS.get(type ?? '') ?? 'other', cause: thrown });
}

/** The type of a broker's answer (`TOPIC_AUTHORIZATION_FAILED`), if the error is one. */
export function errorType(thrown: unknown): string | undefined {
  const root = rootOf(thrown);
  return root instanceof Error && 'type' in root && typeof root.type === 'string' ? root.type : undefined;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

const rootOf = (thrown: unknown): unknown => {
  const inner = thrown instanceof Error ? innerOf(thrown) : undefined;
  return inner instanceof Error ? rootOf(inner) : thrown;
};

/** The error in an error; of one that speaks for several topics or partitions, the first one's. */
const innerOf = (error: Error): unknown => {
  if ('errors' in error && Array.isArray(error.errors)) return error.errors[0];
  if ('partitions' in error && Array.isArray(error.partitions)) {
    const first: unknown = error.partitions[0];
    return typeof first === 'object' && first !== null && 'error' in first ? first.error : undefined;
  }
  return error.cause;
};
