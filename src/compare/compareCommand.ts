import { catchError, concatMap, defer, ignoreElements, mergeMap, race, throwError, type Observable } from 'rxjs';
import type { CompareConfig } from '../config/compareConfig.js';
import type { Log } from '../io/kafkaLog.js';
import { OutputFile } from '../io/outputFile.js';
import { compare } from './compare.js';
import { comparisonHtml } from './comparisonHtml.js';
import { comparisonText } from './comparisonText.js';
import type { ComparisonReport } from './report.js';

/** The report is written, and it tells of differences. */
export class Different extends Error {
  override readonly name = 'Different';
}

/** There is no report. */
export class NotCompared extends Error {
  override readonly name = 'NotCompared';
}

/**
 * Compares and writes the report.
 *
 * Errors: `Different` once a report of differences that count is written; `NotCompared` where a side could not be
 * read, the report could not be written, or `stop$` has emitted.
 */
export const compareCommand = (config: CompareConfig, log: Log, stop$: Observable<unknown>): Observable<never> => {
  const stopped$ = stop$.pipe(mergeMap(() => throwError(() => new Error('it was stopped'))));
  const written$ = compare(config, log).pipe(
    concatMap((report) => write(config, report)),
    mergeMap((report) => (report.same ? [] : throwError(() => new Different('the report tells of differences')))),
    ignoreElements(),
  );
  return race(written$, stopped$).pipe(
    catchError((thrown: unknown) => throwError(() => (thrown instanceof Different ? thrown : new NotCompared(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })))),
  );
};

const FORMATS: Readonly<Record<CompareConfig['format'], (report: ComparisonReport) => string>> = {
  text: comparisonText,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  html: comparisonHtml,
};

const write = ({ format, report: path }: CompareConfig, report: ComparisonReport): Observable<ComparisonReport> =>
  defer(async () => {
    const file = new OutputFile(path);
    await file.open(new Map());
    try {
      await file.write(FORMATS[format](report));
    } finally {
      await file.close();
    }
    return report;
  });
