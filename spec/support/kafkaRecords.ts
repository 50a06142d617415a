import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';

/** A record as a consumer finds it; absent parts are null. */
export interface KafkaRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface KcatLine {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly payload: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
}

const run = promisify(execFile);

/** All records of a topic as kcat, a client of another family, reads them: committed ones only, by partition and offset. */
export async function readByKcat(brokers: string, topic: string): Promise<readonly KafkaRecord[]> {
  const args = ['-C', '-b', brokers, '-t', topic, '-e', '-q', '-o', 'beginning', '-X', 'isolation.level=read_committed', '-J'];
  const { stdout } = await run('kcat', args, { maxBuffer: 1 << 30 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { partition, offset, key, payload, headers }: KcatLine = JSON.parse(line);
      return { partition, offset, key, value: payload, headers: pairs(headers ?? []) };
    })
    .sort(byPlace);
}

const pairs = (flat: readonly string[]): Record<string, string> =>
  Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])));

/** The bytes of one record's value as kcat reads them. */
export async function bytesByKcat(brokers: string, topic: string, partition: number, offset: number): Promise<Buffer> {
  const args = ['-C', '-b', brokers, '-t', topic, '-p', String(partition), '-o', String(offset), '-c', '1', '-e', '-q', '-D', ''];
  const { stdout } = await run('kcat', args, { encoding: 'buffer', maxBuffer: 1 << 30 });
  return stdout;
}

/** All records that were in a topic when asked, as kafkajs reads them, by partition and offset. */
export async function readByKafkajs(brokers: string, topic: string): Promise<readonly KafkaRecord[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  const left = new Map(offsets.filter(({ high, low }) => high !== low).map(({ partition, high }) => [partition, Number(high)]));
  const records: KafkaRecord[] = [];
  if (left.size > 0) {
    const groupId = `spec-${Math.random()}`;
    const consumer = kafka.consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve) => {
      void consumer.run({
        eachMessage: ({ partition, message: { offset, key, value, headers } }) => {
          records.push({
            partition,
            offset: Number(offset),
            key: key?.toString() ?? null,
            value: value?.toString() ?? '',
            headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, it]) => [name, String(it)])),
          });
          if (Number(offset) + 1 === left.get(partition)) left.delete(partition);
          if (left.size === 0) resolve();
          return Promise.resolve();
        },
      });
    });
    await consumer.disconnect();
    await admin.deleteGroups([groupId]);
  }
  await admin.disconnect();
  return records.sort(byPlace);
}

const byPlace = (a: KafkaRecord, b: KafkaRecord): number => a.partition - b.partition || a.offset - b.offset;
