import type * as fp from 'fp-ts/lib/Either.js';
import { of, type Observable } from 'rxjs';
import { assignWatermarks, branch, sessionWindow, type Either, type Element, type Future, type Late, type Left, type Watermark } from '../../operators/index.js';
import type { Hit } from './values.js';

/** The two types accept each other's values. */
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Compiles only when `T` is `true`; the specs below are checked by the compiler, jest only runs past them. */
const holds = <T extends true>(...claims: readonly T[]): void => expect(claims).toStrictEqual([]);

describe('types', () => {
  test('our Either is that of fp-ts, and the other way round', () => {
    holds<Mutual<Either<string, number>, fp.Either<string, number>>>();
    holds<Mutual<Left<string>, fp.Left<string>>>();
  });

  test('branch takes its tag out of the type', () => {
    const future: Future<Hit>[] = [];
    const late: Late<string, Hit>[] = [];
    const windows = of<Hit>().pipe(
      assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness: 0 }),
      branch('Future', (it) => { future.push(it); }),
      sessionWindow({ key: (it: Hit) => it.key, gap: 10, aggregate: { create: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b } }),
      branch('Late', (it) => { late.push(it); }),
    );
    type Tag = typeof windows extends Observable<{ readonly _tag: infer T }> ? T : never;

    holds<Mutual<Tag, 'Changed' | 'Pane' | 'SessionFull' | 'Closed' | 'Watermark'>>();
  });

  test('an element may be made by hand', () => {
    holds<Mutual<Element<number> | Watermark, { readonly _tag: 'Element'; readonly value: number; readonly timestamp: number } | { readonly _tag: 'Watermark'; readonly timestamp: number }>>();
  });
});
