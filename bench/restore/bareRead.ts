import { Kafka, logLevel } from 'kafkajs';
import '../../src/io/kafkaIdle.js';
import { measure, tell } from '../measure.js';
import { CHANGELOG } from './job.js';

/**
 * The rival of a restore: kafkajs reads the same changelog to its end, and nothing is done with what
 * it reads. Arguments: broker; `large` for fetches as large as the restore's, else those of kafkajs.
 */

const LARGE = { maxBytes: 8 * 1024 * 1024, maxBytesPerPartition: 8 * 1024 * 1024, maxWaitTimeInMs: 100 };

const [broker = '', fetches = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
const [partition] = await admin.fetchTopicOffsets(CHANGELOG);
if (!partition) throw new Error('there is no changelog');
await admin.disconnect();

const cost = measure();
const consumer = kafka.consumer({ groupId: `bare-${process.pid}`, ...(fetches === 'large' && LARGE) });
let bytes = 0;
await new Promise<void>((resolve, reject) => {
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (BigInt(payload.lastOffset) + 1n >= BigInt(partition.high)) resolve();
  });
  const eachBatch = ({ batch }: { readonly batch: { readonly messages: readonly { readonly value: Buffer | null }[] } }): Promise<void> => {
    for (const { value } of batch.messages) bytes += value?.length ?? 0;
    return Promise.resolve();
  };
  const read = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topic: CHANGELOG, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch });
  };
  read().catch(reject);
});
tell({ ...cost(), bytes, records: Number(partition.high) - Number(partition.low) });
process.exit();
