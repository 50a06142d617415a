import type * as fp from 'fp-ts/lib/Either.js';
import { EMPTY, type Observable } from 'rxjs';
import { assignWatermarks, branch, sessionWindow, type Either, type Element, type Future, type Late, type Left, type Right, type Watermark } from '../../operators/index.js';
import type { Hit } from './values.js';

/** `true` only when each accepts the other's values: then, and only then, do the claims below compile. */
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

const noHits: Observable<Hit> = EMPTY;

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
});
