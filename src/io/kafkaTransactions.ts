import { firstValueFrom, from, throwError, timeout } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { KafkaClient } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { connectedProducer } from './kafkaProducer.js';
import type { KafkaSend } from './kafkaSends.js';

export interface TransactionalOptions {
  /** The transactional id: of its producers only the newest may write. */
  readonly id: string;
  /**
   * After this long the brokers abort an open transaction, in ms; also how long each request to
   * them may take here, with all its retries.
   */
  readonly timeout: Millis;
}

/**
 * One transaction after the other. After a failure, of whatever kind, this producer is of no further
 * use: close it and make another, whose first `begin` decides what was left open.
 */
export interface TransactionalProducer {
  /**
   * The first one takes the transactional id over: a former holder is fenced, and a transaction that
   * it left open is aborted, or committed if its commit had reached the brokers.
   */
  begin(): Promise<KafkaTransaction>;
  /**
   * Does not abort an open transaction: the next holder of the id does, or else the timeout. With the
   * brokers silent it takes as long as the requests under way (20 s), and need not be waited for.
   */
  close(): Promise<void>;
}

/** Failures are `KafkaError`s; their `kind` says what may have happened. */
export interface KafkaTransaction {
  /** Resolves when all in-sync replicas have the records, with the offset of the first. Sends to one partition must wait for each other. */
  send(send: KafkaSend): Promise<bigint>;
  /** Resolves when it is decided that all of it will be visible. Whatever is not a clear refusal is an `unknown_outcome`. */
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * Right after a commit the brokers refuse the next transaction until they have written the markers of
 * the last one, usually for a few ms. kafkajs looks up the topics anew at every retry, so this is not 1.
 */
const FIRST_RETRY: Millis = 5;
const LAST_RETRY: Millis = 1_000;
/** From the first to the last, each twice the one before. */
const STEPS = 8;

export async function transactionalProducer(client: KafkaClient, { id, timeout: limit }: TransactionalOptions): Promise<TransactionalProducer> {
  const { producer, send, request, close } = await connectedProducer(client, {
    transactionalId: id,
    transactionTimeout: limit,
    // Enough to last for `limit`. Not endless: while the brokers are away kafkajs cannot be told to give up.
    retry: { initialRetryTime: FIRST_RETRY, maxRetryTime: LAST_RETRY, retries: STEPS + Math.ceil(limit / LAST_RETRY) },
  });
  const transaction = `transaction of ${id}`;

  return {
    async begin() {
      const begun = await within(limit, `cannot begin a ${transaction}`, (doing) => request(doing, () => producer.transaction()));
      return {
        send: (it) => within(limit, `cannot write in a ${transaction}`, () => send(begun, it)),
        commit: () =>
          within(limit, `cannot commit a ${transaction}`, (doing) => request(doing, () => begun.commit())).catch((thrown: unknown) => {
            throw thrown instanceof KafkaError && thrown.kind === 'other' && !thrown.fatal
              ? new KafkaError(thrown.message, { fatal: false, kind: 'unknown_outcome', cause: thrown })
              : thrown;
          }),
        abort: () => within(limit, `cannot abort a ${transaction}`, (doing) => request(doing, () => begun.abort())),
      };
    },
    close,
  };
}

const within = <T>(limit: Millis, doing: string, task: (doing: string) => Promise<T>): Promise<T> =>
  firstValueFrom(
    from(task(doing)).pipe(timeout({ first: limit, with: () => throwError(() => new KafkaError(`${doing}: no answer for ${limit / 1000} s`, { fatal: false })) })),
  );
