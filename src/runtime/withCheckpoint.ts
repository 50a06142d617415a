import { EMPTY, catchError, concat, throwError, type Observable } from 'rxjs';
import type { Checkpoint } from './ports.js';

/** Opens a checkpoint before the work on it begins, and closes it afterwards, also when that has failed. */
export const withCheckpoint = <A>(checkpoint: Pick<Checkpoint<unknown, never>, 'open' | 'close'>, work$: Observable<A>): Observable<A> =>
  concat(checkpoint.open(), work$, checkpoint.close()).pipe(
    catchError((error: unknown) => concat(checkpoint.close().pipe(catchError(() => EMPTY)), throwError(() => error))),
  );
