import { collected, elements, marks, type Mark } from '../../marbles/index.js';
import { parseMark } from '../../marbles/mark.js';

const mark = (name: string, at = 0, key = 'k'): Mark => ({ name, key, at });

describe('a word in the row "source"', () => {
  const now = 30_000;

  test.each([
    ['a', mark('a', now)],
    ['a@10s', mark('a', 10_000)],
    ['a@0s', mark('a', 0)],
    ['a@-1m', mark('a', -60_000)],
    ['a@0.5ms', mark('a', 0.5)],
    ['bob.a', mark('a', now, 'bob')],
    ['bob.a@10s', mark('a', 10_000, 'bob')],
    ['/buy', mark('/buy', now)],
    ['bob.a-b/c_1', mark('a-b/c_1', now, 'bob')],
    ['~10s', mark('~', 10_000)],
    ['~-10s', mark('~', -10_000)],
    ['~inf', mark('~', Infinity)],
    ['~-inf', mark('~', -Infinity)],
  ])('%s is a mark', (text, expected) => {
    expect(parseMark(text, now)).toStrictEqual(expected);
  });

  test.each(['', '@10s', '.a', 'bob.', 'bob.@1s', 'a.b.c', 'a@', 'a@10', 'a@inf', 'a@1s@2s', '~', '~a', 'bob.~10s', 'a,b', 'a|', '{a}'])('"%s" is none', (text) => {
    expect(parseMark(text, now)).toBeUndefined();
  });
});

describe('what marks stand for', () => {
  test('as they are, they stand for themselves', () => {
    expect(marks(mark('a', 5))).toStrictEqual(mark('a', 5));
  });

  test('as elements, they carry their event time, and ~ is a watermark', () => {
    expect(elements(mark('a', 5))).toStrictEqual({ _tag: 'Element', value: mark('a', 5), timestamp: 5 });
    expect(elements(mark('~', 5))).toStrictEqual({ _tag: 'Watermark', timestamp: 5 });
  });
});

describe('marks collected in a window', () => {
  const [a, b, c] = [mark('a', 1), mark('b', 2), mark('c', 2)];

  test('stand in the order of event time, then of name', () => {
    expect(collected.add(collected.add([c], a, 1) ?? [], b, 2)).toStrictEqual([a, b, c]);
    expect(collected.merge([c], [a, b])).toStrictEqual([a, b, c]);
  });

  test('stand there once: the same name at the same time adds nothing', () => {
    expect(collected.add([a, b], mark('b', 2), 2)).toBeUndefined();
    expect(collected.add([a, b], mark('b', 3), 3)).toHaveLength(3);
  });
});
