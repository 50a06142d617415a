/**
 * Kafka refused, or was not there. Unless it is `fatal`, asking again later may succeed: the broker
 * is away, a partition changes its leader, the producer lost its place and a new one is needed.
 */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly fatal: boolean;

  constructor(message: string, options: { readonly fatal: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.fatal = options.fatal;
  }
}

/** Answers of a broker that will be the same next time. */
const FATAL_TYPES: ReadonlySet<string> = new Set([
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_CONFIG',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
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

/** What kafkajs threw, with `doing` before its message; kafkajs hides the broker's answer under wrappers of its own. */
export function kafkaError(doing: string, thrown: unknown): KafkaError {
  if (thrown instanceof KafkaError) return thrown;
  const root = rootOf(thrown);
  const type = errorType(root);
  const fatal = type === undefined ? root instanceof Error && FATAL_NAMES.has(root.name) : FATAL_TYPES.has(type);
  const answer = root instanceof Error ? root.message : String(root);
  return new KafkaError(`${doing}: ${answer}${type === undefined ? '' : ` (${type})`}`, { fatal, cause: thrown });
}

/** The type of a broker's answer (`TOPIC_AUTHORIZATION_FAILED`), if the error is one. */
export function errorType(thrown: unknown): string | undefined {
  const root = rootOf(thrown);
  return root instanceof Error && 'type' in root && typeof root.type === 'string' ? root.type : undefined;
}

const rootOf = (thrown: unknown): unknown => (thrown instanceof Error && thrown.cause instanceof Error ? rootOf(thrown.cause) : thrown);
