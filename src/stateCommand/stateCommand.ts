import { EMPTY, concat, defer, ignoreElements, map, of, switchMap, throwError, type Observable } from 'rxjs';
import type { Restored } from '../changelog/changelogReader.js';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import type { CommittedState } from '../changelog/committedState.js';
import type { StateCommandConfig } from '../config/stateCommandConfig.js';
import { kafkaJobState, type KafkaJobState } from '../io/kafkaJobState.js';
import type { Log } from '../io/kafkaLog.js';
import { OutputFile } from '../io/outputFile.js';
import { storedCodec, type SomeCodec } from '../products/products.js';
import { exportLines } from './exportLines.js';
import type { Found } from './inspector.js';
import { look } from './look.js';
import { reportOf } from './report.js';
import { reportText } from './reportText.js';

/** What was asked for cannot be undone, and nobody has said that it is meant. Nothing was changed. */
export class Unconfirmed extends Error {
  override readonly name = 'Unconfirmed';
}

/**
 * Looks at the state of a job in Kafka, writes it down, or gives it up.
 *
 * Shape: texts for stdout; an export writes for itself.
 *
 * Errors: a `ChangelogRefusal`, after the report of an inspection, for a state that no run can
 * restore; `Unconfirmed`, after the report of what would be lost; a `KafkaError`, also where there is no such
 * state; a `FileError`.
 */
export const stateCommand = ({ job, brokers, security, task }: StateCommandConfig, log: Log): Observable<string> =>
  defer(() => {
    const state = kafkaJobState({ job, brokers, clientId: job, security, log });
    switch (task._tag) {
      case 'Inspect':
        return inspect(job, state, task.json);
      case 'Export':
        return exportTo(task.path, job, state);
      case 'Reset':
        return task.confirmed ? reset(job, state) : wouldReset(job, state);
    }
  });

/** By the product whose state it is. */
export const codecOf = ({ settings }: Restored): SomeCodec => {
  const product = settings?.['product'];
  const codec = storedCodec(product);
  if (!codec) throw new RangeError(`the state is one of product ${String(product)}, which this version does not know`);
  return codec;
};

const stateIn = ({ restored }: Found): CommittedState<unknown> | undefined => {
  if (restored instanceof ChangelogRefusal) return undefined;
  const { state } = restored;
  return state && codecOf(restored)((codec): CommittedState<unknown> => state.as(codec));
};

const inspect = (job: string, state: KafkaJobState, isForMachines: boolean): Observable<string> =>
  look(state).pipe(
    switchMap((found) => {
      const report = reportOf(job, state.topic, found, stateIn(found));
      const { restored } = found;
      return concat(of(isForMachines ? `${JSON.stringify(report)}\n` : reportText(report)), restored instanceof ChangelogRefusal ? throwError(() => restored) : EMPTY);
    }),
  );

const exportTo = (path: string, job: string, state: KafkaJobState): Observable<never> =>
  look(state).pipe(
    switchMap(({ restored }) => {
      if (restored instanceof ChangelogRefusal) return throwError(() => restored);
      const { state: written } = restored;
      return write(path, written ? codecOf(restored)((codec) => exportLines(job, written.as(codec), restored, codec)) : []);
    }),
    ignoreElements(),
  );

const wouldReset = (job: string, state: KafkaJobState): Observable<string> =>
  look(state).pipe(
    switchMap((found) =>
      concat(of(reportText(reportOf(job, state.topic, found, stateIn(found))), CONSEQUENCES), throwError(() => new Unconfirmed('nothing was changed: to give the state up, say --yes'))),
    ),
  );

const CONSEQUENCES = `
To give this up means, for good:
  - The open sessions are lost. What has not been told of them is never told; a visitor who goes on begins a session of his own.
  - The message ids are forgotten. A message that Pub/Sub delivers again is taken for a new one.
  - The closed sessions are forgotten. A late view makes a second session beside the one that was told.
An instance that still runs is stopped by it. The next run begins without a state. Results that were written stay.
`;

/** Reads nothing: a state that cannot be read is what this is for. */
const reset = (job: string, state: KafkaJobState): Observable<string> =>
  state.beginning().pipe(
    switchMap(() => state.giveUp()),
    map(
      (by) =>
        `The state of ${job} is given up: topic ${state.topic} was deleted and created anew. The next run begins without a state.\n` +
        `An instance that still runs can commit nothing more; it ends with exit code 4 and names ${by}.\n`,
    ),
  );

/** About as much text as one write takes. */
const WRITE_LENGTH = 1024 * 1024;

const write = (path: string, texts: Iterable<string>): Observable<never> =>
  defer(async () => {
    const file = new OutputFile(path);
    await file.open(new Map());
    try {
      let waiting = '';
      for (const text of texts) {
        waiting += `${text}\n`;
        if (waiting.length < WRITE_LENGTH) continue;
        await file.write(waiting);
        waiting = '';
      }
      await file.write(waiting);
    } finally {
      await file.close();
    }
  }).pipe(ignoreElements());
