import { enrich, type Either } from '../../operators/index.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { diagram } from './marbles.js';

const right = <A>(value: A): Either<string, A> => ({ _tag: 'Right', right: value });
const left = (why: string): Either<string, never> => ({ _tag: 'Left', left: why });

const segments: Readonly<Record<string, string>> = { ada: 'gold' };
const segment = (name: string): Either<string, { readonly name: string; readonly segment: string }> => {
  const found = segments[name];
  return found === undefined ? left(`${name} has no segment`) : right({ name, segment: found });
};

describe('enrich', () => {
  behavesAsAnOperator({ operator: enrich(segment), value: right('ada'), emits: [right({ name: 'ada', segment: 'gold' })] });

  test('adds to a value, may refuse it, and leaves refusals alone', diagram({
    operator: enrich(segment),
    source: '      -a-b-c-|', given: { a: right('ada'), b: right('bob'), c: left('invalid') },
    subscription: '^------!',
    result: '      -a-b-c-|',
    expected: { a: right({ name: 'ada', segment: 'gold' }), b: left('bob has no segment'), c: left('invalid') },
  }));

  test('a function that throws is a fault', failsWith(right('ada'), (broken) => enrich(broken)));
});
