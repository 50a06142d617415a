import { lastValueFrom, tap } from 'rxjs';
import { kafkaChangelog } from '../../src/io/kafkaChangelog.js';
import { complaints } from '../log.js';
import { quantile, tell } from '../measure.js';

/**
 * Reads dead letters, committed ones only, until so many excluded events have come, and prints how long after the
 * publishing of its message each of them could be read. Arguments: broker, topic, dead letters.
 */

/** The pipeline has just started then. Ms. */
const WARM_UP = 5_000;

const [broker = '', topic = '', expected = ''] = process.argv.slice(2);
const seen: { readonly publishedAt: number; readonly latency: number }[] = [];
const isLast = (): boolean => seen.length >= Number(expected);
await lastValueFrom(
  kafkaChangelog({ brokers: [broker], log: complaints }).read(topic, 0, isLast).pipe(
    tap(({ headers }) => {
      if (headers['reason'] !== 'excluded') return;
      const publishedAt = Date.parse(headers['publish_time'] ?? '');
      seen.push({ publishedAt, latency: Date.now() - publishedAt });
    }),
  ),
);
const first = Math.min(...seen.slice(0, 1_000).map(({ publishedAt }) => publishedAt));
const latencies = seen.filter(({ publishedAt }) => publishedAt >= first + WARM_UP).map(({ latency }) => latency);
tell({ messages: latencies.length, median: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), longest: quantile(latencies, 1) });
process.exit();
