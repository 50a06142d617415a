import { filter, type Either } from '../../operators/index.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { diagram } from './marbles.js';

const right = (n: number): Either<string, number> => ({ _tag: 'Right', right: n });
const left = (why: string): Either<string, number> => ({ _tag: 'Left', left: why });

const even = filter((n: number) => n % 2 === 0, (n) => `${n} is odd`);

describe('filter', () => {
  behavesAsAnOperator({ operator: even, value: right(2), emits: [right(2)] });

  test('what is excluded goes on as a refusal that says why', diagram({
    operator: even,
    source: '      -a-b-|', given: { a: right(1), b: right(2) },
    subscription: '^----!',
    result: '      -a-b-|',
    expected: { a: left('1 is odd'), b: right(2) },
  }));

  test('what was refused before is not looked at again', () => {
    const seen: number[] = [];
    diagram({
      operator: filter((n: number) => { seen.push(n); return false; }, () => 'never'),
      source: '-a-b-|', given: { a: left('invalid'), b: right(2) },
      result: '-a-b-|', expected: { a: left('invalid'), b: left('never') },
    })();

    expect(seen).toStrictEqual([2]);
  });

  test('a predicate that throws is a fault', failsWith(right(1), (broken) => filter(broken, () => 'no')));
  test('a reason that throws is a fault', failsWith(right(1), (broken) => filter<string, number>(() => false, broken)));
});
