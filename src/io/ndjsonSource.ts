import { fstatSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Observable, catchError, concat, concatMap, defer, ignoreElements, map, merge, of, repeat, switchMap, takeWhile, throwError } from 'rxjs';
import type { Message } from '../model/message.js';
import type { Source, SourceEvent } from '../runtime/ports.js';
import { fileError } from './fileError.js';
import { lineCutter } from './lineCutter.js';
import { ndjsonMessage } from './ndjsonMessage.js';
import { Outstanding } from './ndjsonOutstanding.js';

/*
 * Back pressure: a chunk is read while fewer than `maxOutstandingMessages` messages, from less than
 * 64 MiB of input, are not acked; then all its lines are delivered at once. So the limit is exceeded
 * by less than one chunk's lines.
 *
 * Delivery guarantee: every line once, in order. What was acked is not remembered: opened again, a
 * file is read from its beginning.
 *
 * On failure: a file that is missing, unreadable or a directory is a fatal error with its path and
 * the reason, and so is a read that fails. What stands in a line is never an error here: it is
 * delivered for the pipeline to judge, and a line that is too long with `oversize`.
 */

export interface NdjsonSourceOptions {
  /** The file; `-` is stdin. */
  readonly path: string;
  /** A line that has more bytes is delivered cut. Default: 10 MiB. */
  readonly maxLineBytes?: number;
  /** Told after every chunk how many bytes have been read, and of how many, if the input has a size. */
  readonly progress?: (read: number, size: number | undefined) => void;
}

const MIB = 1024 * 1024;
const MAX_OUTSTANDING_BYTES = 64 * MIB;

/** Large enough to make the cost of a read small, small enough for its messages to die young. */
const CHUNK = 256 * 1024;

/**
 * Reads messages from the lines of a file or of stdin: bare events, or envelopes around them.
 * A message's receipt is its line's number.
 */
export function ndjsonSource({ path, maxLineBytes = 10 * MIB, progress }: NdjsonSourceOptions): Source {
  const outstanding = new Outstanding();

  const eventsOf = ({ chunks, size }: OpenFile, hasRoom$: Observable<unknown>): Observable<SourceEvent> => {
    const lines = lineCutter(maxLineBytes, ndjsonMessage);
    let read = 0;
    let delivered = 0;

    const messagesIn = (chunk: Buffer): readonly Message[] => {
      read += chunk.length;
      progress?.(read, size);
      return lines.push(chunk);
    };
    const next$ = hasRoom$.pipe(
      concatMap(() => chunks.next()),
      concatMap((result): SourceEvent[] => {
        const chunk: unknown = result.value;
        const isEnd = !Buffer.isBuffer(chunk);
        const messages = isEnd ? lines.end() : messagesIn(chunk);
        const end = isEnd ? [ended(true)] : [];
        if (messages.length === 0) return end;
        outstanding.delivered(messages.length, read - delivered);
        delivered = read;
        return [{ _tag: 'Delivered', messages }, ...end];
      }),
    );
    return concat(of({ _tag: 'Opened' as const }), next$.pipe(repeat()));
  };

  return {
    backlog: 'in_order',
    redeliveredWithin: () => 0,
    open: ({ stop$, maxOutstandingMessages }) => {
      const hasRoom$ = outstanding.isBelow$({ messages: maxOutstandingMessages, bytes: MAX_OUTSTANDING_BYTES });
      const read$ = openFile(path).pipe(
        switchMap((file) => eventsOf(file, hasRoom$)),
        catchError((thrown: unknown) => throwError(() => fileError(`cannot read ${path === '-' ? 'stdin' : path}`, thrown))),
      );
      const stopped$ = stop$.pipe(map(() => ended(false)));
      return concat(
        merge(read$, stopped$).pipe(takeWhile(({ _tag }) => _tag !== 'Ended', true)),
        outstanding.isNone$.pipe(ignoreElements()),
      );
    },

    ack: (messages) =>
      defer(() => {
        outstanding.acked(messages.length);
        return of([]);
      }),
  };
}

const ended = (complete: boolean): SourceEvent => ({ _tag: 'Ended', complete });

interface OpenFile {
  /** Each may be overwritten once the next one is asked for. */
  readonly chunks: AsyncIterator<unknown>;
  /** Bytes in all; undefined for what has no size, such as a pipe. */
  readonly size: number | undefined;
}

/** Emits the file once it is open and does not complete; unsubscribing closes it. */
const openFile = (path: string): Observable<OpenFile> =>
  new Observable((out) => {
    const streamed = (stream: Readable, size: number | undefined): void => {
      stream.on('error', (thrown: unknown) => out.error(thrown));
      out.next({ chunks: stream[Symbol.asyncIterator](), size });
    };
    if (path === '-') {
      streamed(process.stdin, sizeOf(process.stdin.fd));
      return () => void process.stdin.destroy();
    }
    const opening = open(path);
    opening.then((file) => {
      const size = sizeOf(file.fd);
      if (size === undefined) streamed(file.createReadStream({ highWaterMark: CHUNK }), size);
      else out.next({ chunks: chunksOf(file), size });
    }).catch((thrown: unknown) => out.error(thrown));
    return () => void opening.then((file) => file.close()).catch(() => undefined);
  });

/** A stream would take new memory for each of them. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer, void> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

const sizeOf = (descriptor: number): number | undefined => {
  const stats = fstatSync(descriptor);
  return stats.isFile() ? stats.size : undefined;
};
