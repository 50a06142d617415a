import { Observable, config, finalize, take } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Millis } from '../operators/index.js';
import type { End } from './diagram.js';
import type { Mark } from './mark.js';
import { printTime } from './time.js';

/** What is to be played: what arrives when, how it ends, and what it goes through. */
export interface Playable<Out> {
  readonly marks: readonly { readonly at: Millis; readonly mark: Mark }[];
  readonly sourceEnd: End;
  readonly play: (source: Observable<Mark>) => Observable<Out>;
}

/** What came out, and how it went to its end. */
export interface Recording<Out> {
  readonly outs: readonly { readonly at: Millis; readonly value: Out }[];
  readonly end: End | { readonly at: Millis; readonly text: 'never' };
  /** What it failed with, if it did. */
  readonly error?: unknown;
}

/** A play that went wrong in a way no comparison would show. */
export class PlayError extends Error {
  override readonly name = 'PlayError';
}

const DAY: Millis = 24 * 3_600_000;

/** What happens at the instant of a `!` is still seen. */
const JUST_AFTER: Millis = 0.5;

const MOST_OUTS = 10_000;

/** What a failing source fails with. */
export const SOURCE_ERROR = new Error('the source failed');

/**
 * Plays a diagram's source through its operator in virtual time: rxjs's default schedulers and
 * timers stand still but for what is due. Processing time begins at 0.
 *
 * An operator that goes on after its source has ended is followed for a day of virtual time.
 *
 * @throws PlayError when something throws inside a `subscribe` (nothing outside would see it), when
 *   a timer or the source is kept after the end, or when outputs never stop
 */
export const record = <Out>({ marks, sourceEnd, play }: Playable<Out>): Recording<Out> => {
  const outs: { at: Millis; value: Out }[] = [];
  const swallowed: unknown[] = [];
  let end: Recording<Out>['end'] = { at: sourceEnd.at, text: sourceEnd.text === '!' ? '!' : 'never' };
  let error: unknown;
  let held = 0;

  const scheduler = new TestScheduler(() => undefined);
  const source = new Observable<Mark>((out) => {
    held += 1;
    for (const { at, mark } of marks) out.add(scheduler.schedule(() => out.next(mark), at));
    if (sourceEnd.text === '|') out.add(scheduler.schedule(() => out.complete(), sourceEnd.at));
    if (sourceEnd.text === '#') out.add(scheduler.schedule(() => out.error(SOURCE_ERROR), sourceEnd.at));
    return () => {
      held -= 1;
    };
  });
  const check = (): void => {
    if (swallowed.length > 0) throw new PlayError(`something threw inside a subscribe, where no test can see it (collect first, expect afterwards): ${String(swallowed[0])}`);
    if (outs.length > MOST_OUTS) throw new PlayError(`the diagram never ends: more than ${MOST_OUTS} outputs came by ${printTime(end.at)}`);
    if (held > 0) throw new PlayError('the source is still held after the end: unsubscribe from it when what comes out ends');
    if (scheduler.actions.length > 0) throw new PlayError('a timer goes on after the end: clear it when what comes out ends');
  };

  const before = config.onUnhandledError;
  config.onUnhandledError = (thrown) => swallowed.push(thrown);
  try {
    scheduler.run(() => {
      const consumer = play(source)
        .pipe(take(MOST_OUTS + 1), finalize(() => scheduler.schedule(check, JUST_AFTER)))
        .subscribe({
          next: (value) => outs.push({ at: scheduler.now(), value }),
          error: (thrown: unknown) => {
            error = thrown;
            end = { at: scheduler.now(), text: '#' };
          },
          complete: () => (end = { at: scheduler.now(), text: '|' }),
        });
      consumer.add(scheduler.schedule(() => consumer.unsubscribe(), sourceEnd.at + (sourceEnd.text === '!' ? JUST_AFTER : DAY)));
    });
  } finally {
    config.onUnhandledError = before;
  }
  return { outs, end, error };
};
