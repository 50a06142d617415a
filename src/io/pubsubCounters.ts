/** What a Pub/Sub source has done since it was made. All but `held` and `heldBytes` only grow. */
export interface PubsubCounters {
  /** Messages passed on, redeliveries included. */
  delivered: number;
  /** Acks that Pub/Sub took. Proof of no redelivery only where the subscription has exactly-once delivery. */
  acked: number;
  /** Acks that were refused, or could not be told in time: these messages may come again. */
  ackUnconfirmed: number;
  /** Delivered and not yet acked. */
  held: number;
  heldBytes: number;
  /** Streams opened after the first. */
  reopened: number;
  /** Streams closed because nothing came for too long. */
  silentReopened: number;
  /** Lease extensions that Pub/Sub took. */
  extended: number;
  /** Extensions that were refused since the lease had ended (told only under exactly-once delivery): these messages come again. */
  extensionsRefused: number;
}

export const zeroCounters = (): PubsubCounters => ({
  delivered: 0,
  acked: 0,
  ackUnconfirmed: 0,
  held: 0,
  heldBytes: 0,
  reopened: 0,
  silentReopened: 0,
  extended: 0,
  extensionsRefused: 0,
});
