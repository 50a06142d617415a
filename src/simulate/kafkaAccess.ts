import { Observable, throwError, timeout, type Subscriber } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { KafkaChangelog } from '../io/kafkaChangelog.js';
import { KafkaError } from '../io/kafkaError.js';
import type { KafkaPort } from '../io/kafkaPort.js';
import type { StoredRecord } from '../io/kafkaReading.js';
import type { KafkaSend, TopicLayout } from '../io/kafkaSends.js';
import type { KafkaTransaction, TransactionalProducer } from '../io/kafkaTransactions.js';
import { messageOf } from '../runtime/failure.js';
import { BrokerRefusal, type KafkaModel, type ModelRecord } from './kafkaModel.js';
import type { Network, RequestKind } from './network.js';
import type { SimulatedProcess } from './simulatedProcess.js';

/** Kafka's default. */
const MAX_RECORD_BYTES = 1_048_588;

/** Of requests that have no timeout of their own. */
const PATIENCE: Millis = 20_000;

/** A reading fails after so long without a record. */
const STALL: Millis = 60_000;

/** The ports to Kafka as one process has them. */
export interface KafkaAccess {
  readonly port: KafkaPort;
  readonly changelog: KafkaChangelog;
}

/** The way of a process to the modelled brokers: what `src/io` does by kafkajs, with the same failures. */
export const kafkaAccess = (model: KafkaModel, network: Network, process: SimulatedProcess): KafkaAccess => {
  const ask = <A>(kind: RequestKind, doing: string, patience: Millis, act: (answer: (value: A) => void, refuse: (thrown: unknown) => void) => void): Promise<A> =>
    network.ask(process, {
      kind, patience, act,
      noAnswer: () => new KafkaError(`${doing}: no answer for ${patience / 1_000} s`, { fatal: false }),
      refused: (thrown) => failureOf(doing, thrown),
    });
  const layout = (topic: string, partitions: number): TopicLayout => ({ topic, partitions, maxRecordBytes: MAX_RECORD_BYTES });

  const transactional: KafkaPort['transactional'] = async ({ id, timeout: limit }) => {
    await ask<undefined>('look', 'cannot use Kafka', PATIENCE, (answer) => answer(undefined));
    const what = `transaction of ${id}`;
    let epoch: number | undefined;
    const ended = (how: 'commit' | 'abort', outcome: 'committed' | 'aborted'): Promise<undefined> =>
      ask(how, `cannot ${how} a ${what}`, limit, (answer) => {
        model.end(id, epoch ?? -1, outcome);
        answer(undefined);
      });
    const begun: KafkaTransaction = {
      send: ({ topic, partition, records }) =>
        ask('send', `cannot write in a ${what}`, limit, (answer, refuse) => {
          model.whenFree(id, epoch ?? -1, () => {
            try {
              answer(BigInt(model.write(id, epoch ?? -1, topic, partition, records.map((record) => stored(record, process.machine.calendar())))));
            } catch (thrown) {
              refuse(thrown);
            }
          });
        }),
      commit: () => ended('commit', 'committed').catch((thrown: unknown) => { throw inDoubt(thrown); }),
      abort: () => ended('abort', 'aborted'),
    };
    const producer: TransactionalProducer = {
      begin: async () => {
        epoch ??= await ask<number>('become producer', `cannot begin a ${what}`, limit, (answer) => model.initialize(id, limit, answer));
        return begun;
      },
      close: () => Promise.resolve(),
    };
    return producer;
  };

  return {
    port: {
      layouts: (topics) => ask('look', 'cannot use Kafka', PATIENCE, (answer) => answer(topics.map((topic) => layout(topic, model.partitions(topic) ?? 0)))),
      producer: () => Promise.reject(new KafkaError('the simulation has transactions only', { fatal: true })),
      transactional,
    },
    changelog: {
      prepare: (topic, partitions) =>
        ask('look', `cannot use topic ${topic}`, PATIENCE, (answer) => {
          model.createTopic(topic, partitions);
          answer(layout(topic, partitions));
        }),
      read: (topic, partition, isLast) => reading({ model, network, process }, topic, partition, isLast),
      beginning: (topic, partition) => ask('look', `cannot read topic ${topic}`, PATIENCE, (answer) => answer(BigInt(model.beginning(topic, partition)))),
      trim: (topic, partition, before) =>
        ask('look', `cannot delete old records of topic ${topic}`, PATIENCE, (answer) => {
          model.trim(topic, partition, Number(before));
          answer(undefined);
        }),
    },
  };
};

const reading = (
  { model, network, process }: { readonly model: KafkaModel; readonly network: Network; readonly process: SimulatedProcess },
  topic: string,
  partition: number,
  isLast: ((record: StoredRecord) => boolean) | undefined,
): Observable<StoredRecord> => {
  const doing = `cannot read topic ${topic}, partition ${partition}`;
  return new Observable<StoredRecord>((out) => {
    let next = 0;
    let end = Infinity;
    let isAsking = false;
    const take = ({ stable, records }: Seen): void => {
      for (const record of records) {
        next = record.offset + 1;
        pass(record, isLast, out);
        if (out.closed) return;
      }
      next = Math.max(next, stable);
      if (next >= end) out.complete();
    };
    const fetch = (): void => {
      if (isAsking || out.closed) return;
      isAsking = true;
      const asked = network.ask<Seen>(process, {
        kind: 'read', patience: PATIENCE,
        act: (answer) => {
          if (isLast === undefined && end === Infinity) end = model.endOffset(topic, partition);
          answer({ stable: model.stableOffset(topic, partition), records: model.committed(topic, partition, next) });
        },
        noAnswer: () => new KafkaError(`${doing}: no answer`, { fatal: false }),
        refused: (thrown) => failureOf(doing, thrown),
      });
      asked.then(
        (seen) => {
          isAsking = false;
          take(seen);
          if (next < model.stableOffset(topic, partition)) fetch();
        },
        (error: unknown) => out.error(error),
      );
    };
    out.add(model.watch(topic, partition, () => void process.after(0, fetch)));
    fetch();
  }).pipe(timeout({ each: STALL, scheduler: process.machine.timers, with: () => throwError(() => new KafkaError(`${doing}: no record for ${STALL / 1_000} s`, { fatal: false })) }));
};

interface Seen {
  readonly stable: number;
  readonly records: readonly ModelRecord[];
}

const pass = ({ offset, ...record }: ModelRecord, isLast: ((record: StoredRecord) => boolean) | undefined, out: Subscriber<StoredRecord>): void => {
  const read = { ...record, offset: BigInt(offset) };
  out.next(read);
  if (isLast?.(read) === true) out.complete();
};

const stored = ({ key, value, headers }: KafkaSend['records'][number], timestamp: Millis): Omit<ModelRecord, 'offset'> => ({ key, value: Buffer.from(value), headers, timestamp });

const failureOf = (doing: string, thrown: unknown): KafkaError => {
  const type = thrown instanceof BrokerRefusal ? thrown.type : undefined;
  return new KafkaError(`${doing}: ${type ?? messageOf(thrown)}`, { fatal: type === undefined, kind: type === 'INVALID_PRODUCER_EPOCH' ? 'fenced' : 'other', cause: thrown });
};

/** Whatever is not a clear refusal of a commit leaves it open whether it was done. */
const inDoubt = (thrown: unknown): unknown =>
  thrown instanceof KafkaError && thrown.kind === 'other' ? new KafkaError(thrown.message, { fatal: false, kind: 'unknown_outcome', cause: thrown }) : thrown;
