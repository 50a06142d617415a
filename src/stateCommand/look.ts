import { concat, defer, ignoreElements, of, switchMap, tap, type Observable } from 'rxjs';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import type { KafkaJobState } from '../io/kafkaJobState.js';
import { Inspector, type Found } from './inspector.js';

/**
 * What there is now; emits once. A job that runs may trim its changelog while it is read, and what is
 * left of it then does not fit what was read: so a refusal counts only if nothing was trimmed meanwhile.
 */
export const look = (state: Pick<KafkaJobState, 'beginning' | 'records'>): Observable<Found> =>
  state.beginning().pipe(
    switchMap((first) => {
      const inspector = new Inspector();
      const found$ = concat(
        state.records().pipe(tap((record) => inspector.read(record)), ignoreElements()),
        defer(() => of(inspector.finish(first !== 0n))),
      );
      return found$.pipe(
        switchMap((found) => {
          if (!(found.restored instanceof ChangelogRefusal)) return of(found);
          return state.beginning().pipe(switchMap((now) => (now === first ? of(found) : look(state))));
        }),
      );
    }),
  );
