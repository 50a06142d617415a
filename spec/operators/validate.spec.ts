import { validate, type Either } from '../../operators/index.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { diagram } from './marbles.js';

const positive = (n: number): Either<string, number> => (n > 0 ? { _tag: 'Right', right: n } : { _tag: 'Left', left: `${n} is not positive` });

describe('validate', () => {
  behavesAsAnOperator({ operator: validate(positive), value: 1, emits: [{ _tag: 'Right', right: 1 }] });

  test('bad data is a value, and the stream goes on', diagram({
    operator: validate(positive),
    source: '      -a-b-c-|', given: { a: 1, b: -2, c: 3 },
    subscription: '^------!',
    result: '      -a-b-c-|',
    expected: { a: { _tag: 'Right', right: 1 }, b: { _tag: 'Left', left: '-2 is not positive' }, c: { _tag: 'Right', right: 3 } },
  }));

  test('a decoder that throws is a fault', failsWith(1, (broken) => validate(broken)));
});
