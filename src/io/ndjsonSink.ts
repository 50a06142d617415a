import { defer, ignoreElements, type Observable } from 'rxjs';
import { deadLetterLine } from '../model/envelope.js';
import type { Result } from '../model/outcome.js';
import { resultBody, resultHeaders, type ResultEncoding } from '../model/resultRecord.js';
import type { Sink } from '../runtime/ports.js';
import { fileIdentity } from './fileIdentity.js';
import { OutputFile } from './outputFile.js';

/*
 * Back pressure: `write` completes when the system has taken the bytes. The caller writes one epoch
 * at a time; nothing is queued here.
 *
 * Delivery guarantee: what was written survives the process, but not a failing machine: files are not
 * synced. The first `open` empties the files, for they hold the output of one run.
 *
 * On failure: a fatal `FileError` with the path and the reason (a full disk, a reader of stdout that
 * has gone). The last line may then be incomplete.
 */

export interface NdjsonSinkOptions {
  /** Where results go: a file, or `-` for stdout. Undefined: nowhere. */
  readonly path: string | undefined;
  /** Where dead letters go, likewise. */
  readonly deadLetterPath: string | undefined;
  /** What is being read: it is never written over. */
  readonly inputPath: string | undefined;
  /** Adds a result's headers to its line. */
  readonly withHeaders: boolean;
  readonly encoding: ResultEncoding;
}

/** About as much text as one write takes: the output of an epoch has no bound, that of a string has one. */
const WRITE_LENGTH = 4 * 1024 * 1024;

/** Several chunks of input: a write costs little, and the messages and results of a larger epoch would outlive the collections of young garbage. */
const EPOCH_MESSAGES = 1_000;

/**
 * Writes results and dead letters to files or stdout, one JSON object a line: the body of a result,
 * with `withHeaders` and its headers as the last member; dead letters as lines that can be read as
 * input again.
 */
export function ndjsonSink({ path, deadLetterPath, inputPath, withHeaders, encoding }: NdjsonSinkOptions): Sink {
  const resultFile = path === undefined ? undefined : new OutputFile(path);
  const deadLetterFile = deadLetterPath === undefined ? undefined : new OutputFile(deadLetterPath);

  const resultLine = (result: Result): string => {
    const body = resultBody(result, encoding);
    return withHeaders ? `${body.slice(0, -1)},"headers":${JSON.stringify(resultHeaders(result, encoding))}}` : body;
  };

  return {
    epochMessages: EPOCH_MESSAGES,
    open: () =>
      completes(async () => {
        const input = inputPath === undefined ? undefined : await fileIdentity(inputPath, STDIN);
        const inUse = new Map(input === undefined ? [] : [[input, 'the input']]);
        await resultFile?.open(inUse);
        await deadLetterFile?.open(inUse);
      }),
    write: (results, deadLetters) =>
      completes(async () => {
        if (resultFile) await writeLines(resultFile, results, resultLine);
        if (deadLetterFile) await writeLines(deadLetterFile, deadLetters, deadLetterLine);
      }),
    close: () =>
      completes(async () => {
        await resultFile?.close();
        await deadLetterFile?.close();
      }),
  };
}

const STDIN = 0;

const completes = (task: () => Promise<void>): Observable<never> => defer(task).pipe(ignoreElements());

async function writeLines<A>(file: OutputFile, items: readonly A[], lineOf: (item: A) => string): Promise<void> {
  let lines: string[] = [];
  let length = 0;
  const write = async (): Promise<void> => {
    await file.write(`${lines.join('\n')}\n`);
    lines = [];
    length = 0;
  };
  for (const item of items) {
    const line = lineOf(item);
    lines.push(line);
    length += line.length;
    if (length >= WRITE_LENGTH) await write();
  }
  if (lines.length > 0) await write();
}
