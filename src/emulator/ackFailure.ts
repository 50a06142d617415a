import { Metadata, status } from '@grpc/grpc-js';
import { encodeRpc } from './protos.js';
import { Refusal } from './refusal.js';

const TEXT = 'Some acknowledgement ids in the request were invalid. This could be because the acknowledgement ids have expired or the acknowledgement ids were malformed.';

/**
 * What the service answers a unary ack or deadline change under exactly-once delivery when some ack
 * ids had no lease any more; the other ids of the request were taken. The clients read the ids from
 * the error's details.
 */
export function ackFailure(ackIds: readonly string[]): Refusal {
  const code = status.INVALID_ARGUMENT;
  const errorInfo = encodeRpc('ErrorInfo', {
    reason: 'EXACTLY_ONCE_ACKID_FAILURE',
    domain: 'pubsub.googleapis.com',
    metadata: ackIds.map((key) => ({ key, value: 'PERMANENT_FAILURE_INVALID_ACK_ID' })),
  });
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: errorInfo }];
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeRpc('Status', { code, message: TEXT, details }));
  return new Refusal(code, TEXT, metadata);
}
