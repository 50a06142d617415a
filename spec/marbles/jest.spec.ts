import { NEVER, map, merge } from 'rxjs';
import { diagram, marbleMatchers, marks, type Diagram } from '../../marbles/index.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where jest's types take matchers from
  namespace jest {
    interface Matchers<R> {
      toPlayAsDrawn(): R;
    }
  }
}

expect.extend(marbleMatchers((actual, expected) => expect(actual).toStrictEqual(expected)));

const drawn = (out: string, score = `
  time    0s  1s
  source  a   |
  out     ${out}`): Diagram => diagram({ id: 'example/matched', title: 'a mark passes', operator: map((it) => it), given: marks, score });

describe('the matcher toPlayAsDrawn', () => {
  test('passes what plays as drawn', () => {
    expect(drawn('a')).toPlayAsDrawn();
  });

  test('refuses what does not, with both side by side', () => {
    expect(() => expect(drawn('b')).toPlayAsDrawn()).toThrow('0s    out: b  ≠ out: a');
  });

  test('negated, passes what does not play as drawn', () => {
    expect(drawn('b')).not.toPlayAsDrawn();
  });

  test('negated, refuses what does', () => {
    expect(() => expect(drawn('a')).not.toPlayAsDrawn()).toThrow('example/matched plays as drawn, and was expected not to');
  });

  test('refuses a play that goes wrong, negated too', () => {
    const broken = diagram({
      id: 'example/broken', title: 'nothing is drawn', given: marks, score: 'time    0s\nsource  a |',
      operator: (source) => {
        if (source !== NEVER) throw new Error('not me');
        return merge(source);
      },
    });
    expect(() => expect(broken).toPlayAsDrawn()).toThrow('example/broken: the play broke: Error: not me');
    expect(() => expect(broken).not.toPlayAsDrawn()).toThrow('example/broken: the play broke: Error: not me');
  });
});
