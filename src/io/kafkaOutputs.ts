import { asyncScheduler, concatMap, from, ignoreElements, mergeMap, throwError, timeout, type Observable, type SchedulerLike } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import { deadLetterRecord, tooLarge } from '../model/deadLetterRecord.js';
import type { Result } from '../model/outcome.js';
import { fitted, recordBytes, type OutRecord } from '../model/record.js';
import { resultRecord, type ResultEncoding } from '../model/resultRecord.js';
import { KafkaError } from './kafkaError.js';
import type { Log } from './kafkaLog.js';
import { kafkaSends, type KafkaSend, type TopicLayout } from './kafkaSends.js';

/** A request costs as much as hundreds of records: what goes out together is to be worth it. */
export const EPOCH_MESSAGES = 10_000;

/** Results as the records of their topic; those that are larger than it takes become dead letters `too_large`. */
export function resultSends(
  results: readonly Result[],
  topic: TopicLayout,
  encoding: ResultEncoding,
  log: Log,
): { readonly sends: KafkaSend[][]; readonly refused: readonly DeadLetter[] } {
  const { maxRecordBytes } = topic;
  const records: OutRecord[] = [];
  const refused: DeadLetter[] = [];
  for (const result of results) {
    const record = resultRecord(result, encoding);
    const bytes = recordBytes(record);
    if (bytes <= maxRecordBytes) records.push(record);
    else refused.push(tooLarge(result, bytes, maxRecordBytes, encoding));
  }
  if (refused.length > 0) log('warn', 'results_too_large', { count: refused.length, limit: maxRecordBytes });
  return { sends: kafkaSends(topic, records), refused };
}

/** Dead letters as the records of their topic; an oversized one is cut. */
export const deadLetterSends = (deadLetters: readonly DeadLetter[], topic: TopicLayout): KafkaSend[][] =>
  kafkaSends(topic, deadLetters.map((it) => fitted(deadLetterRecord(it), topic.maxRecordBytes)));

/** Enough to keep several brokers busy; the requests to one of them queue up in kafkajs, and not for longer than a minute. */
const PARTITIONS_AT_ONCE = 8;

/** Sends what belongs to each partition in its order, the partitions side by side. Fails after `stallTimeout` ms without an answer to any request. */
export const sendAll = (send: (send: KafkaSend) => Promise<unknown>, partitions: readonly (readonly KafkaSend[])[], stallTimeout: Millis, scheduler: SchedulerLike = asyncScheduler): Observable<never> =>
  from(partitions).pipe(
    mergeMap((sends) => from(sends).pipe(concatMap(send)), PARTITIONS_AT_ONCE),
    timeout({ each: stallTimeout, scheduler, with: () => throwError(() => new KafkaError(`no answer from Kafka for ${stallTimeout / 1000} s`, { fatal: false })) }),
    ignoreElements(),
  );
