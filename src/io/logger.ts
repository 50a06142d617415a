import type { Writable } from 'node:stream';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import winston from 'winston';
import type { Millis } from '../../operators/index.js';
import type { LogLevel } from '../config/names.js';
import { jsonLine, prettyLine, type Fields } from './logLine.js';
import { LogSampling } from './logSampling.js';

/**
 * The log, by winston: one JSON object a line on stderr (stdout belongs to the results), for eyes on
 * a terminal.
 *
 * *Back pressure*: nobody waits for the log. Of a warning or an error that repeats, the first few in
 * ten seconds are written and then one line says how many were suppressed; while the reader is a
 * mebibyte behind, lines are dropped and counted. So neither a flood nor a stalled reader costs memory.
 *
 * *Delivery guarantee*: at most once. `close` waits until all that was accepted is written, but not
 * for ever.
 *
 * *On failure*: a log that cannot be written is lost, silently: the pipeline's work goes on.
 */
export interface Logger {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  log(level: LogLevel, event: string, fields?: Fields): void;
  /** Tells what was suppressed, writes everything out and takes no more. Never rejects. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  /** The least level that is written. */
  readonly level: LogLevel;
  /** Default: stderr. It is left open. */
  readonly stream?: Writable;
  /** For eyes instead of machines. Default: whether stderr is a terminal. */
  readonly pretty?: boolean;
  /** The clock of the lines and of the sampling. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

const BURST = 5;
const INTERVAL: Millis = 10_000;
const MOST_BYTES_BEHIND = 1024 * 1024;
const LONGEST_CLOSE: Millis = 2_000;

export const createLogger = ({ level, stream = process.stderr, pretty = process.stderr.isTTY, scheduler = asyncScheduler }: LoggerOptions): Logger => {
  const output = winston.createLogger({
    level,
    format: winston.format.printf(({ message }) => String(message)),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its constructors as instances
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  stream.on('error', () => undefined); // a reader that has gone away ends no pipeline

  const put = (entryLevel: LogLevel, event: string, fields: Fields): void => {
    const entry = { time: scheduler.now(), level: entryLevel, event, fields };
    output.log(entryLevel, pretty ? colours.colorize(entryLevel, prettyLine(entry)) : jsonLine(entry));
  };

  let dropped = 0;
  const reportDropped = (): void => {
    if (dropped > 0) put('warn', 'log_lines_dropped', { count: dropped });
    dropped = 0;
  };

  const write = (entryLevel: LogLevel, event: string, fields: Fields): void => {
    // Winston's own queue stays empty: its stream transport hands over every line at once.
    if (stream.writableLength > MOST_BYTES_BEHIND) {
      dropped += 1;
      return;
    }
    reportDropped();
    put(entryLevel, event, fields);
  };

  const sampling = new LogSampling({
    burst: BURST,
    interval: INTERVAL,
    scheduler,
    report: (entryLevel, event, suppressed) => write(entryLevel, event, { suppressed }),
  });

  let closed: Promise<void> | undefined;

  const log = (entryLevel: LogLevel, event: string, fields: Fields = {}): void => {
    if (closed !== undefined || !output.isLevelEnabled(entryLevel)) return;
    const repeats = entryLevel === 'warn' || entryLevel === 'error';
    if (!repeats || sampling.admits(entryLevel, event)) write(entryLevel, event, fields);
  };

  return {
    debug: (event, fields) => log('debug', event, fields),
    info: (event, fields) => log('info', event, fields),
    warn: (event, fields) => log('warn', event, fields),
    error: (event, fields) => log('error', event, fields),
    log,
    close: () => {
      if (closed === undefined) {
        sampling.close();
        reportDropped();
        closed = written(output, stream);
      }
      return closed;
    },
  };
};

const colours = winston.format.colorize();

/** Resolves when winston has handed everything to the stream and the stream has written it, or has failed, or the patience is at its end. */
const written = (output: winston.Logger, stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const patience = setTimeout(resolve, LONGEST_CLOSE);
    output.once('finish', () =>
      stream.write('', () => {
        clearTimeout(patience);
        resolve();
      }),
    );
    output.end();
  });
