/**
 * A process for specs: reads stdin as the source does and writes each message to stdout as a dead
 * letter, until the input ends or something fails; a failure is told on stderr, and is exit code 1.
 */
import { NEVER, concat, concatMap, endWith, ignoreElements } from 'rxjs';
import { ndjsonSink } from '../../src/io/ndjsonSink.js';
import { ndjsonSource } from '../../src/io/ndjsonSource.js';

const source = ndjsonSource({ path: '-' });
const sink = ndjsonSink({ path: undefined, deadLetterPath: '-', inputPath: '-', withHeaders: false, encoding: { timestampPrecision: 'milliseconds' } });

const echoed$ = source.open({ stop$: NEVER, maxOutstandingMessages: 1_000 }).pipe(
  concatMap((event) => {
    if (event._tag !== 'Delivered') return [];
    const { messages } = event;
    return concat(sink.write([], messages.map((message) => ({ reason: 'invalid', stage: 'echo', faults: [], message, sessionId: undefined }))), source.ack(messages));
  }),
);

concat(sink.open(), echoed$, sink.close()).pipe(ignoreElements(), endWith(0)).subscribe({
  error: (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
});
