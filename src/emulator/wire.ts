/**
 * The messages of `google.pubsub.v1` as the service definitions decode them (absent messages are
 * null, absent scalars their default), as far as the emulator reads or writes them.
 */

export interface Duration {
  readonly seconds: number;
  readonly nanos: number;
}

export type Timestamp = Duration;

export type Attributes = Readonly<Record<string, string>>;

/** A message as a publisher sends it. */
export interface Draft {
  readonly data: Buffer;
  readonly attributes: Attributes;
  readonly orderingKey: string;
}

export interface PubsubMessage extends Draft {
  readonly messageId: string;
  readonly publishTime: Timestamp;
}

export interface ReceivedMessage {
  readonly ackId: string;
  readonly message: PubsubMessage;
  /** 1, 2, 3, …; 0 when the subscription has no dead-letter policy, as the service does it. */
  readonly deliveryAttempt: number;
}

export interface Topic {
  readonly name: string;
  readonly labels: Attributes;
  readonly messageRetentionDuration: Duration | null;
  readonly schemaSettings: object | null;
  readonly ingestionDataSourceSettings: object | null;
  readonly messageTransforms: readonly object[];
}

export interface DeadLetterPolicy {
  readonly deadLetterTopic: string;
  readonly maxDeliveryAttempts: number;
}

export interface RetryPolicy {
  readonly minimumBackoff: Duration | null;
  readonly maximumBackoff: Duration | null;
}

export interface Subscription {
  readonly name: string;
  readonly topic: string;
  readonly ackDeadlineSeconds: number;
  readonly retainAckedMessages: boolean;
  readonly messageRetentionDuration: Duration | null;
  readonly labels: Attributes;
  readonly expirationPolicy: object | null;
  readonly deadLetterPolicy: DeadLetterPolicy | null;
  readonly retryPolicy: RetryPolicy | null;
  readonly enableExactlyOnceDelivery: boolean;
  readonly enableMessageOrdering: boolean;
  readonly filter: string;
  readonly pushConfig: { readonly pushEndpoint: string } | null;
  readonly bigqueryConfig: object | null;
  readonly cloudStorageConfig: object | null;
  readonly bigtableConfig: object | null;
  readonly messageTransforms: readonly object[];
}

export interface StreamingPullRequest {
  readonly subscription: string;
  readonly ackIds: readonly string[];
  readonly modifyDeadlineSeconds: readonly number[];
  readonly modifyDeadlineAckIds: readonly string[];
  readonly streamAckDeadlineSeconds: number;
  readonly maxOutstandingMessages: number;
  readonly maxOutstandingBytes: number;
  readonly protocolVersion: number;
}

export interface Confirmation {
  readonly ackIds: readonly string[];
  readonly invalidAckIds: readonly string[];
  readonly temporaryFailedAckIds: readonly string[];
}

export interface StreamingPullResponse {
  readonly receivedMessages?: readonly ReceivedMessage[];
  readonly acknowledgeConfirmation?: Confirmation;
  readonly modifyAckDeadlineConfirmation?: Confirmation;
  readonly subscriptionProperties?: { readonly exactlyOnceDeliveryEnabled: boolean; readonly messageOrderingEnabled: boolean };
}
