import { lastValueFrom } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { StoredRecord } from '../changelog/changelogRecord.js';
import type { Redrives } from '../redrive/ports.js';
import { rememberedIn, rememberedText } from '../redrive/remembered.js';
import { kafkaChangelog } from './kafkaChangelog.js';
import { asAdmin, kafkaClient, type KafkaConnection } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { PARTITION } from './kafkaJob.js';
import { KafkaOwnership } from './kafkaOwnership.js';
import { kafkaPort } from './kafkaPort.js';
import { thisMachine } from './machine.js';
import { partitionCount } from './kafkaTopics.js';

export interface KafkaRedrivesOptions extends KafkaConnection {
  /** The topic of the dead letters. */
  readonly topic: string;
  /** Where they are sent, for those who read it. */
  readonly to: string;
}

/** Pub/Sub is tried for a minute within the transaction. */
const TRANSACTION: Millis = 120_000;

/** Of the records that say what was sent; those of owners have their own. */
const KEY = 'redriven';

/**
 * What is remembered of the redrives of a topic, in a topic beside it: `<topic>-redriven`, with the
 * transactional id of the same name.
 *
 * A piece is one transaction: its record is written, the messages are sent, the transaction is committed. So a
 * redrive that has been taken over, or may not write, finds out before it sends; and one that dies before the commit
 * has remembered nothing.
 *
 * *Back pressure*: one piece at a time.
 *
 * *Delivery guarantee*: what was remembered stays so, and every later redrive sees it: it takes over before it reads.
 *
 * *On failure*: a `KafkaError`. Then it is of no further use.
 */
export function kafkaRedrives({ topic, to, ...connection }: KafkaRedrivesOptions): Redrives {
  const name = `${topic}-redriven`;
  const client = kafkaClient(connection);
  const { where, log } = client;
  const port = kafkaPort(connection);
  const changelog = kafkaChangelog(connection);
  const ownership = new KafkaOwnership({ port, changelog, job: { transactionalId: name, changelog: name }, transactionTimeout: TRANSACTION, machine: thisMachine });

  const into = (places: Set<string>) => ({ key, value, offset }: StoredRecord): void => {
    if (key !== KEY) return;
    const some = rememberedIn(value.toString());
    if (!some) throw new KafkaError(`topic ${name} holds at offset ${offset} what no redrive has written`, { fatal: true });
    for (const place of some) places.add(place);
  };

  return {
    async look() {
      const places = new Set<string>();
      const partitions = await asAdmin(client, `cannot read topic ${name}`, (admin) => partitionCount({ admin, where, log }, name));
      if (partitions !== undefined) await lastValueFrom(ownership.look(into(places)), { defaultValue: undefined });
      return places;
    },

    async takeOver() {
      const places = new Set<string>();
      await changelog.prepare(name, 1);
      await lastValueFrom(ownership.takeOver(into(places)), { defaultValue: undefined });
      return places;
    },

    async remember(places, send) {
      const { producer } = ownership;
      if (!producer) throw new KafkaError('nothing can be remembered before the former redrives are known', { fatal: true });
      try {
        const transaction = await producer.begin();
        await transaction.send({ topic: name, partition: PARTITION, records: [{ key: KEY, value: rememberedText(places, to), headers: {}, placement: '' }] });
        try {
          await send();
        } catch (thrown) {
          await transaction.abort().catch(() => undefined);
          throw thrown;
        }
        await transaction.commit();
      } catch (thrown) {
        throw thrown instanceof KafkaError && thrown.kind === 'fenced'
          ? new KafkaError(`another redrive of topic ${topic} has begun, and this one gives way`, { fatal: true, kind: 'fenced', cause: thrown })
          : thrown;
      }
    },

    close: () => lastValueFrom(ownership.close(), { defaultValue: undefined }),
  };
}
