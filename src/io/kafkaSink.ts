import { catchError, concat, defer, EMPTY, ignoreElements, mergeMap, throwError, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Result } from '../model/outcome.js';
import type { ResultEncoding } from '../model/resultRecord.js';
import type { Sink } from '../runtime/ports.js';
import type { KafkaConnection } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { EPOCH_MESSAGES, deadLetterSends, resultSends, sendAll } from './kafkaOutputs.js';
import { kafkaPort } from './kafkaPort.js';
import type { KafkaProducer } from './kafkaProducer.js';
import type { TopicLayout } from './kafkaSends.js';

/** Where a {@link kafkaSink} writes, and how. */
export interface KafkaSinkOptions extends KafkaConnection {
  readonly outputTopic: string;
  /** The topic of the dead letters, or the sink that takes them instead. */
  readonly deadLetters: string | Sink;
  readonly encoding: ResultEncoding;
  /** After this long without an answer to any request a write fails, in ms. Default: 60 s. */
  readonly stallTimeout?: Millis;
}

/** A producer and what was found out about the topics when it was made. */
interface Connected {
  readonly producer: KafkaProducer;
  readonly output: TopicLayout;
  /** Undefined when the dead letters go to another sink. */
  readonly deadLetters: TopicLayout | undefined;
}

/**
 * Results and dead letters to Kafka topics, by an idempotent producer.
 *
 * Every record's partition follows from its key (Kafka's default partitioner), of dead letters
 * without a session from their message id; what shares a partition keeps its order. A result larger
 * than its topic takes becomes a dead letter `too_large`, an oversized dead letter is cut.
 *
 * Back pressure: `write` completes when all in-sync replicas have everything; the caller writes one
 * epoch at a time. Nothing is queued here.
 *
 * Delivery guarantee: at least once. kafkajs repeats a request within one producer without writing
 * twice; after a failed `write` all its records are written again by a new producer, so those that
 * had been stored are there twice, equal in identity and revision. The copy may come after newer
 * revisions; the highest one stands.
 *
 * On failure: a `KafkaError`. The producer is given up, and the next `write` connects anew and
 * looks at the topics again. With `fatal` (no permission, no such topic) that would not help.
 */
export function kafkaSink(options: KafkaSinkOptions): Sink {
  const { outputTopic, encoding, log, stallTimeout = 60_000 } = options;
  const deadLetterTopic = typeof options.deadLetters === 'string' ? options.deadLetters : undefined;
  const aside = typeof options.deadLetters === 'string' ? undefined : options.deadLetters;
  const port = kafkaPort(options);
  let current: Connected | undefined;

  const connect = async (): Promise<Connected> => {
    if (current) return current;
    const topics = deadLetterTopic === undefined ? [outputTopic] : [outputTopic, deadLetterTopic];
    const [output, deadLetters] = await port.layouts(topics);
    if (output === undefined) throw new KafkaError(`nothing is known of topic ${outputTopic}`, { fatal: true });
    current = { producer: await port.producer(), output, deadLetters };
    log('info', 'kafka_connected', { brokers: options.brokers.join(), output, deadLetters });
    return current;
  };

  const disconnect = async (): Promise<void> => {
    const { producer } = current ?? {};
    current = undefined;
    await producer?.close();
  };

  const write = (results: readonly Result[], deadLetters: readonly DeadLetter[], connected: Connected): Observable<never> => {
    const { sends, refused } = resultSends(results, connected.output, encoding, log);
    const letters = [...deadLetters, ...refused];
    if (connected.deadLetters) sends.push(...deadLetterSends(letters, connected.deadLetters));
    return concat(
      sendAll((send) => connected.producer.send(send), sends, stallTimeout).pipe(
        catchError((error: unknown) => {
          // Not waited for: with the broker gone it may take its time, and there is nothing to learn from it.
          disconnect().catch(() => undefined);
          return throwError(() => error);
        }),
      ),
      aside && letters.length > 0 ? aside.write([], letters) : EMPTY,
    );
  };

  return {
    epochMessages: EPOCH_MESSAGES,
    open: () => concat(completes(connect), aside?.open() ?? EMPTY),
    write: (results, deadLetters) => defer(connect).pipe(mergeMap((connected) => write(results, deadLetters, connected))),
    close: () => concat(completes(disconnect), aside?.close() ?? EMPTY),
  };
}

const completes = (task: () => Promise<unknown>): Observable<never> => defer(task).pipe(ignoreElements());
