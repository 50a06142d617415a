import type * as fp from 'fp-ts/lib/Either.js';
import { EMPTY, merge, type Observable, type ObservedValueOf } from 'rxjs';
import {
  afterCount, afterWatermark, assignWatermarks, branch, fixedWindow, mergeWatermarked, repeatedly, sessionWindow, slidingWindow,
  type AfterCount, type AfterProcessingTime, type Changed, type Closed, type Either, type Element, type Future, type Late, type Left, type Pane, type PaneTrigger,
  type Repeatedly, type Right, type SessionFull, type Watermark,
} from '../../operators/index.js';
import type { Hit } from './values.js';

/** `true` only when each accepts the other's values: then, and only then, do the claims below compile. */
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

const noHits: Observable<Hit> = EMPTY;

const broughtBy = (...sources: readonly Observable<unknown>[]): readonly unknown[] => {
  const brought: unknown[] = [];
  merge(...sources).subscribe((it) => brought.push(it));
  return brought;
};

describe('types (checked by the compiler)', () => {
  test('our Either is that of fp-ts, and the other way round', () => {
    const either: Mutual<Either<string, number>, fp.Either<string, number>> = true;
    const left: Mutual<Left<string>, fp.Left<string>> = true;
    const right: Mutual<Right<number>, fp.Right<number>> = true;

    expect([either, left, right]).toStrictEqual([true, true, true]);
  });

  test('branch takes its tag out of the type', () => {
    const aside: (Future<Hit> | Late<string, Hit>)[] = [];
    const windows$ = noHits.pipe(
      assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness: 0 }),
      branch('Future', (it) => { aside.push(it); }),
      sessionWindow({ key: (it: Hit) => it.key, gap: 10, aggregate: { create: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b } }),
      branch('Late', (it) => { aside.push(it); }),
    );
    const tags: string[] = [];
    windows$.subscribe(({ _tag }) => {
      const exact: Mutual<typeof _tag, 'Changed' | 'Pane' | 'SessionFull' | 'Closed' | 'Watermark'> = true;
      tags.push(`${_tag} ${exact}`);
    });

    expect([tags, aside]).toStrictEqual([['Watermark true'], []]);
  });

  test('elements and watermarks may be made by hand', () => {
    const mine: Mutual<Element<number> | Watermark, { readonly _tag: 'Element'; readonly value: number; readonly timestamp: number } | { readonly _tag: 'Watermark'; readonly timestamp: number }> = true;

    expect(mine).toBe(true);
  });

  test('windows of all kinds put out the same', () => {
    const options = { key: (it: Hit) => it.key, aggregate: { create: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b } };
    const elements$: Observable<Element<Hit> | Watermark> = EMPTY;
    const fixed$ = elements$.pipe(fixedWindow({ ...options, size: 10 }));
    const sliding$ = elements$.pipe(slidingWindow({ ...options, size: 10, every: 5 }));
    const session$ = elements$.pipe(sessionWindow({ ...options, gap: 10 }));
    const same: Mutual<ObservedValueOf<typeof fixed$>, ObservedValueOf<typeof sliding$>> = true;
    const exact: Mutual<ObservedValueOf<typeof fixed$>, Changed<string, number> | Pane<string, number> | Late<string, Hit> | Closed<string> | Watermark> = true;
    const session: Mutual<ObservedValueOf<typeof session$>, ObservedValueOf<typeof fixed$> | SessionFull<string, Hit>> = true;

    expect([same, exact, session, broughtBy(fixed$, sliding$, session$)]).toStrictEqual([true, true, true, []]);
  });

  test('a trigger of a phase is a once-trigger, or one repeated', () => {
    const trigger: Mutual<PaneTrigger, AfterCount | AfterProcessingTime | Repeatedly> = true;
    // @ts-expect-error what is repeated is not repeated again
    const nested = repeatedly(repeatedly(afterCount(1)));
    // @ts-expect-error the trigger of a window is not that of a phase
    const inner = afterWatermark({ early: afterWatermark() });

    expect([trigger, nested._tag, inner._tag]).toStrictEqual([true, 'Repeatedly', 'AfterWatermark']);
  });

  test('merged inputs keep what they bring, with one Watermark', () => {
    const hits$: Observable<Element<Hit> | Watermark> = EMPTY;
    const numbers$: Observable<Element<number> | Future<number> | Watermark> = EMPTY;
    const merged$ = mergeWatermarked(hits$, numbers$);
    const withOptions$ = mergeWatermarked(hits$, numbers$, { idleTimeout: 1_000 });
    const exact: Mutual<ObservedValueOf<typeof merged$>, Element<Hit> | Element<number> | Future<number> | Watermark> = true;
    const same: Mutual<ObservedValueOf<typeof withOptions$>, ObservedValueOf<typeof merged$>> = true;

    const end = { _tag: 'Watermark', timestamp: Infinity };
    expect([exact, same, broughtBy(merged$, withOptions$)]).toStrictEqual([true, true, [end, end]]);
  });
});
