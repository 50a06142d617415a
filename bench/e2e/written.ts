import * as t from 'io-ts';
import { firstValueFrom, lastValueFrom, take, tap, toArray } from 'rxjs';
import { headOf } from '../../src/changelog/head.js';
import { kafkaChangelog } from '../../src/io/kafkaChangelog.js';
import { complaints } from '../log.js';

/** What the pipeline writes for its messages: the bare loop writes the same. */
export const Written = t.type({
  resultsPerMessage: t.number,
  changelogBytesPerMessage: t.number,
  /** Some of its results, in the order of their partitions. */
  records: t.array(t.type({ partition: t.number, key: t.string, value: t.string, headers: t.record(t.string, t.string) })),
});
export type Written = t.TypeOf<typeof Written>;

const SAMPLE = 500;

/** Some results of a topic that holds many. */
export async function sampleOf(broker: string, topic: string, partitions: number): Promise<Written['records']> {
  const topics = kafkaChangelog({ brokers: [broker], log: complaints });
  const records: Written['records'] = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    const some = await firstValueFrom(topics.read(topic, partition).pipe(take(SAMPLE), toArray()));
    for (const { key, value, headers } of some) records.push({ partition, key: key ?? '', value: value.toString(), headers });
  }
  return records;
}

/** Follows a changelog while it is written, for what is no longer needed is deleted from it; resolves when its run has parked. */
export async function changelogBytesPerMessage(broker: string, topic: string, from: number): Promise<number> {
  const topics = kafkaChangelog({ brokers: [broker], log: complaints });
  await topics.prepare(topic, 1);
  let firstReceived: number | undefined;
  let received = 0;
  let bytes = 0;
  let isParked = false;
  const note = (value: Buffer, isHead: boolean): void => {
    if (isHead) {
      const { tally, parked } = headOf(value.toString('utf8', 0, value.indexOf('\n')));
      received = tally.received;
      isParked = parked;
    }
    if (firstReceived !== undefined) bytes += value.length;
    if (received >= from) firstReceived ??= received;
  };
  await lastValueFrom(
    topics.read(topic, 0, () => isParked).pipe(
      tap(({ key, value, headers }) => {
        if (key === 'epoch') note(value, headers['part']?.startsWith('1/') === true);
      }),
    ),
  );
  return bytes / (received - (firstReceived ?? 0));
}
