import { concat, defer, ignoreElements, of, switchMap, tap, type Observable } from 'rxjs';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import type { KafkaJobState } from '../io/kafkaJobState.js';
import { Inspector, type Found } from './inspector.js';

/**
 * What there is now; emits once. A job that runs writes to its changelog while it is read. It may trim it, and what is
 * left then does not fit what was read; and the reading may end in the middle of an epoch. So a refusal counts only
 * if nothing was trimmed meanwhile, and that the end is missing only if it is the same end when somebody looks again.
 *
 * @param formerEnd the last offset there was when the end was found to be missing before
 */
export const look = (state: Pick<KafkaJobState, 'beginning' | 'records'>, formerEnd?: bigint): Observable<Found> =>
  state.beginning().pipe(
    switchMap((first) => {
      const inspector = new Inspector();
      const found$ = concat(
        state.records().pipe(tap((record) => inspector.read(record)), ignoreElements()),
        defer(() => of(inspector.finish(first !== 0n))),
      );
      return found$.pipe(
        switchMap((found) => {
          const { restored, log: { lastOffset } } = found;
          if (!(restored instanceof ChangelogRefusal)) return of(found);
          if (restored.fault === 'incomplete' && restored.offset === undefined && lastOffset !== formerEnd) return look(state, lastOffset);
          return state.beginning().pipe(switchMap((now) => (now === first ? of(found) : look(state))));
        }),
      );
    }),
  );
