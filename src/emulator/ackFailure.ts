import { Metadata, status } from '@grpc/grpc-js';
import { encodeRpc } from './protos.js';
import { Refusal } from './refusal.js';

const TEXT = 'Some acknowledgement ids in the request were invalid. This could be because the acknowledgement ids have expired or the acknowledgement ids were malformed.';

/** A header above 64 KiB would end the connection: a limit of nghttp2 for each, in base64. */
const MAX_DETAILS = (64 * 1024 * 3) / 4;

/**
 * What the service answers a unary ack or deadline change under exactly-once delivery when some ack
 * ids had no lease any more; the other ids of the request were taken. The clients read the ids from
 * the error's details. Where these would be too long to be sent, the error says so instead.
 */
export function ackFailure(ackIds: readonly string[]): Refusal {
  const code = status.INVALID_ARGUMENT;
  const errorInfo = encodeRpc('ErrorInfo', {
    reason: 'EXACTLY_ONCE_ACKID_FAILURE',
    domain: 'pubsub.googleapis.com',
    metadata: ackIds.map((key) => ({ key, value: 'PERMANENT_FAILURE_INVALID_ACK_ID' })),
  });
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: errorInfo }];
  const rpcStatus = encodeRpc('Status', { code, message: TEXT, details });
  if (rpcStatus.length > MAX_DETAILS) return new Refusal(code, `${ackIds.length} acknowledgement ids of the request were invalid, too many to be named in an answer.`);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', rpcStatus);
  return new Refusal(code, TEXT, metadata);
}
