#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ReplaySubject, takeUntil, type Observable } from 'rxjs';
import type { Millis } from '../operators/index.js';
import { describeErrors } from './config/configError.js';
import { parseCommandLine, type Command } from './config/parseCommandLine.js';
import type { RedriveConfig } from './config/redriveConfig.js';
import { compareCommand, Different, NotCompared } from './compare/compareCommand.js';
import { runEmulator } from './emulator/runEmulator.js';
import { explainCommand } from './explain/explainCommand.js';
import { createLogger, type Logger } from './io/logger.js';
import { createProgressLine } from './io/progressLine.js';
import { describeProgress, publish, type PublishProgress } from './publish.js';
import { describeTally, tallyFields, tallyText, type Tally } from './redrive/tally.js';
import { redriveCommand } from './redrive/redriveCommand.js';
import { run } from './run.js';
import { messageOf } from './runtime/failure.js';
import { TakenOver } from './runtime/takenOver.js';
import type { Log, TaskReport } from './runtime/taskLoop.js';
import { simulate } from './simulate/simulate.js';
import { stateCommand, Unconfirmed } from './stateCommand/stateCommand.js';

/** Exit codes: 0 done, 1 failed (a comparison: different, and 3 failed), 2 configuration, 4 another instance has the job, 130 stopped at once by a second signal. */
const FAILED = 1;
const CONFIGURATION = 2;
const DIFFERENT = 1;
const NOT_COMPARED = 3;
const TAKEN_OVER = 4;
const STOPPED_AT_ONCE = 130;

const main = async (): Promise<number> => {
  const parsed = parseCommandLine(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
  if (parsed._tag === 'Left') {
    process.stderr.write(`${describeErrors(parsed.left)}\n`);
    return CONFIGURATION;
  }
  const command = parsed.right;
  if (isForReader(command)) process.stdout.on('error', endIfUnread);
  if (command._tag === 'Print') {
    process.stdout.write(command.text);
    return 0;
  }
  const logger = createLogger({ level: command.config.logLevel });
  try {
    await execute(command, logger);
    return 0;
  } catch (error) {
    if (error instanceof Different) return DIFFERENT;
    logger.error('failed', { error: messageOf(error) });
    return exitCodeOf(error);
  } finally {
    await logger.close();
  }
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof Unconfirmed) return CONFIGURATION;
  if (error instanceof NotCompared) return NOT_COMPARED;
  return error instanceof TakenOver ? TAKEN_OVER : FAILED;
};

/**
 * Whether what goes to stdout is all that is wanted. Dead letters that go there beside Kafka's results are not: losing them
 * is a failure. Nor is the report of a comparison: its exit code counts, too.
 */
const isForReader = (command: Command): boolean =>
  command._tag !== 'Compare' && (command._tag !== 'Run' || (command.config.output._tag === 'File' && command.config.output.path === '-'));

/** A reader that has seen enough (`| head`) ends the process at once and in peace, as it ends other programs. */
const endIfUnread = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE') process.exit(0);
};

const execute = (command: Exclude<Command, { readonly _tag: 'Print' }>, logger: Logger): Promise<void> => {
  const log: Log = (level, event, fields) => logger.log(level, event, fields);
  // A signal ends it as it ends other programs: there is nothing to wind up.
  if (command._tag === 'State') return untilDone(stateCommand(command.config, log), (text) => process.stdout.write(text));
  if (command._tag === 'Simulate') return untilDone(simulate(command.config), (text) => process.stdout.write(text));
  if (command._tag === 'Explain') return untilDone(explainCommand(command.config, log), (text) => process.stdout.write(text));
  const stop$ = stopSignals(logger);
  switch (command._tag) {
    case 'Run':
      return runToEnd(command, logger, log, stop$);
    case 'Publish': {
      const line = createProgressLine(process.stderr);
      let last = 'nothing published';
      const show = (progress: PublishProgress): void => line.show((last = describeProgress(progress)));
      return untilDone(publish(command.config).pipe(takeUntil(stop$)), show).finally(() => {
        line.end();
        logger.info('published', { total: last });
      });
    }
    case 'Compare':
      return untilDone(compareCommand(command.config, log, stop$), () => undefined);
    case 'Redrive':
      return redriveToEnd(command.config, logger, log, stop$);
    case 'Emulator':
      return untilDone(runEmulator(command.config).pipe(takeUntil(stop$)), (line) => process.stdout.write(`${line}\n`));
  }
};

/** The summary goes to stdout, unless the messages do. */
const redriveToEnd = async (config: RedriveConfig, logger: Logger, log: Log, stop$: Observable<unknown>): Promise<void> => {
  const line = createProgressLine(process.stderr);
  const isDryRun = config.to._tag === 'Nowhere';
  const isStdoutTaken = config.to._tag === 'File' && config.to.path === '-';
  let last: Tally | undefined;
  try {
    await untilDone(redriveCommand(config, { log, stop$ }), (tally) => line.show(describeTally((last = tally), isDryRun)));
  } finally {
    line.end();
    if (last) {
      if (!isStdoutTaken) process.stdout.write(tallyText(last, isDryRun));
      logger.info('redriven', tallyFields(last));
    }
  }
};

const runToEnd = async ({ config, settings }: Extract<Command, { readonly _tag: 'Run' }>, logger: Logger, log: Log, stop$: Observable<unknown>): Promise<void> => {
  const line = createProgressLine(process.stderr);
  const progress = (read: number, size: number | undefined): void => line.show(describeRead(read, size));
  let last: TaskReport | undefined;
  try {
    await untilDone(run(config, { log, stop$, progress, settings, pageFolder: PAGE_FOLDER }), (report) => (last = report));
  } finally {
    line.end();
    if (last) logger.info('finished', { ...last.counts, results: last.results, epochs: last.epochs });
  }
};

/** The build puts the page there. */
const PAGE_FOLDER = fileURLToPath(new URL('../page', import.meta.url));

const MEGABYTE = 1e6;

const describeRead = (read: number, size: number | undefined): string =>
  `${(read / MEGABYTE).toFixed(1)} MB read${size === undefined || size === 0 ? '' : `, ${Math.floor((100 * read) / size)} %`}`;

/** The one place of the application that subscribes. */
const untilDone = <A>(work$: Observable<A>, onNext: (value: A) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    work$.subscribe({ next: onNext, error: reject, complete: resolve });
  });

/** One Ctrl-C comes twice under npm: from the terminal, and at once again from npm, which passes it on. */
const SAME_SIGNAL: Millis = 200;

/** Emits at the first SIGINT or SIGTERM; the second ends the process at once. */
const stopSignals = (logger: Logger): Observable<unknown> => {
  const stop$ = new ReplaySubject<string>(1);
  let stoppedAt: Millis | undefined;
  const onSignal = (signal: string): void => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      logger.info('stopping', { signal, advice: 'a second signal ends the process at once' });
      stop$.next(signal);
    } else if (performance.now() - stoppedAt > SAME_SIGNAL) process.exit(STOPPED_AT_ONCE);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop$;
};

process.exit(await main());
