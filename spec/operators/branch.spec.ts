import { branch, type Either, type Element, type Late, type Left, type Watermark } from '../../operators/index.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { diagram } from './marbles.js';
import { element, hit, late, watermark, type Hit } from './values.js';

type Tagged = Element<Hit> | Watermark | Late<string, Hit>;

const ignored = (): void => undefined;
const [a, b] = [hit('/', 10), hit('/old', 3)];

describe('branch', () => {
  behavesAsAnOperator<Tagged, unknown>({ operator: branch('Late', ignored), value: element(a), emits: [element(a)] });

  test.each([
    { name: 'a function', observer: (seen: unknown[]) => (value: unknown) => { seen.push(value); } },
    { name: 'an observer', observer: (seen: unknown[]) => ({ next: (value: unknown) => { seen.push(value); } }) },
  ])('one tag leaves the stream for $name, the rest passes in order', ({ observer }) => {
    const seen: unknown[] = [];
    diagram<Tagged, unknown>({
      operator: branch('Late', observer(seen)),
      source: '      -a-l-w-|', given: { a: element(a), l: late(b, 5), w: watermark(8) },
      subscription: '^------!',
      result: '      -a---w-|', expected: { a: element(a), w: watermark(8) },
    })();

    expect(seen).toStrictEqual([late(b, 5)]);
  });

  test('without its refusals an Either is its plain value', () => {
    const seen: Left<string>[] = [];
    diagram<Either<string, number>, number>({
      operator: branch('Left', (refused) => { seen.push(refused); }),
      source: '-a-b-c-|', given: { a: { _tag: 'Right', right: 1 }, b: { _tag: 'Left', left: 'no' }, c: { _tag: 'Right', right: 3 } },
      result: '-a---c-|', expected: { a: 1, c: 3 },
    })();

    expect(seen).toStrictEqual([{ _tag: 'Left', left: 'no' }]);
  });

  test('what goes aside goes before what comes after it', () => {
    const order: string[] = [];
    diagram<Tagged, unknown>({
      operator: (source) => source.pipe(branch('Late', () => { order.push('late'); }), branch('Watermark', () => { order.push('watermark'); })),
      source: '(lwl|)', given: { l: late(b, 5), w: watermark(8) },
      result: '|',
    })();

    expect(order).toStrictEqual(['late', 'watermark', 'late']);
  });

  test('an observer that throws is a fault', failsWith<Tagged>(late(b, 5), (broken) => branch('Late', broken)));
});
