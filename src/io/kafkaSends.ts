import { recordBytes, type OutRecord } from '../model/record.js';
import { partitionOf } from './kafkaPartition.js';

/** A topic as the sink has to know it. */
export interface TopicLayout {
  readonly topic: string;
  readonly partitions: number;
  /** The largest record it takes, in bytes as {@link recordBytes} counts them. */
  readonly maxRecordBytes: number;
}

/** Records for one partition, in order, written by one request. */
export interface KafkaSend {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly OutRecord[];
}

/** Larger sends cost kafkajs far more per record: its encoder copies what it has at every record. */
const MAX_RECORDS = 500;
const MAX_BYTES = 800_000;

/**
 * The records as sends of at most 500 records and 800 KB, grouped by partition: the sends of one
 * inner array belong to one partition and must follow each other. A record larger than 800 KB goes
 * alone; none may be larger than the topic takes.
 */
export function kafkaSends({ topic, partitions, maxRecordBytes }: TopicLayout, records: readonly OutRecord[]): KafkaSend[][] {
  const maxBytes = Math.min(MAX_BYTES, maxRecordBytes);
  const perPartition = new Map<number, { readonly sends: KafkaSend[]; last: OutRecord[]; bytes: number }>();
  for (const record of records) {
    const partition = partitionOf(record, partitions);
    const bytes = recordBytes(record);
    let open = perPartition.get(partition);
    if (open === undefined) {
      open = { sends: [], last: [], bytes: Infinity };
      perPartition.set(partition, open);
    }
    if (open.last.length === MAX_RECORDS || open.bytes + bytes > maxBytes) {
      open.last = [];
      open.bytes = 0;
      open.sends.push({ topic, partition, records: open.last });
    }
    open.last.push(record);
    open.bytes += bytes;
  }
  return [...perPartition.values()].map(({ sends }) => sends);
}
