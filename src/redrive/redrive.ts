import { Subject, defer, finalize, firstValueFrom, ignoreElements, merge, tap, timer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { KeptLetter } from '../model/keptLetter.js';
import { alongside } from '../runtime/alongside.js';
import type { DeadLetters, Destination, Redrives } from './ports.js';
import { Counting, type Tally } from './tally.js';
import { counted, verdictOn, type Selection } from './verdict.js';

export interface Redrive {
  readonly deadLetters: DeadLetters;
  readonly redrives: Redrives;
  /** Undefined: nothing is sent, and nothing remembered. */
  readonly destination: Destination | undefined;
  readonly selection: Selection;
  /** Messages a second, on average; undefined: as fast as they are taken. */
  readonly rate: number | undefined;
}

/** So many are sent, then remembered; what dies in between sends at most so many twice. */
export const MOST_AT_ONCE = 100;

const SECOND: Millis = 1_000;

/**
 * Sends dead letters again that were there when it began.
 *
 * Shape: the tally so far, again and again (it is the same object); completes when all are done, or
 * after the piece in hand when `stop$` emits.
 *
 * Delivery guarantee: each one that was wanted and could be sent is sent at least once by all redrives of the
 * same dead letters together. It is sent again only if a redrive ended between sending and remembering, and those are
 * at most {@link MOST_AT_ONCE}.
 *
 * Errors: those of the ports; what was remembered before stays remembered.
 */
export const redrive = ({ deadLetters, redrives, destination, selection, rate }: Redrive, stop$: Observable<unknown>): Observable<Tally> =>
  defer(() => {
    const told$ = new Subject<Tally>();
    const tally = new Counting();
    let isStopped = false;
    let dueAt: Millis = -Infinity;

    const paced = async (count: number): Promise<void> => {
      if (rate === undefined) return;
      const now = performance.now();
      if (dueAt > now) await firstValueFrom(merge(timer(dueAt - now), stop$));
      dueAt = Math.max(dueAt, now) + (count * SECOND) / rate;
    };

    const send = async (letters: readonly KeptLetter[], to: Destination): Promise<void> => {
      const atOnce = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(rate ?? MOST_AT_ONCE)));
      for (let from = 0; from < letters.length; from += atOnce) {
        const piece = letters.slice(from, from + atOnce);
        await paced(piece.length);
        if (isStopped) return;
        await redrives.remember(piece.map(({ place }) => place), () => to.send(piece.map(counted)));
        for (const { reason } of piece) tally.add(reason, 'redriven');
        told$.next(tally);
      }
    };

    const work = async (): Promise<void> => {
      await destination?.open();
      const sent = destination ? await redrives.takeOver() : await redrives.look();
      await deadLetters.read(async (letters) => {
        const wanted: KeptLetter[] = [];
        for (const letter of letters) {
          const verdict = verdictOn(letter, selection, sent);
          if (verdict === 'redriven' && destination) wanted.push(letter);
          else tally.add(letter.reason, verdict);
        }
        if (destination) await send(wanted, destination);
        told$.next(tally);
      }, () => isStopped);
    };

    const close = async (): Promise<void> => {
      await redrives.close();
      await destination?.close();
    };
    const work$ = defer(() => work().finally(close)).pipe(ignoreElements(), finalize(() => told$.complete()));
    return merge(told$, work$).pipe(alongside(stop$.pipe(tap(() => (isStopped = true)), ignoreElements())));
  });
