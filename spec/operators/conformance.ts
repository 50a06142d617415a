import { Observable, take, type OperatorFunction } from 'rxjs';
import { diagram, marbles } from './marbles.js';

interface Form<In, Out> {
  /** The operator value under test; used for several subscriptions. */
  readonly operator: OperatorFunction<In, Out>;
  /** A value that makes it emit at once. */
  readonly value: In;
  /** What it emits for that value, at the instant it comes. */
  readonly emits: readonly Out[];
  /** What it emits, for an empty source, before it completes. */
  readonly last?: readonly Out[];
  /** What it emits, after the value, before it completes. */
  readonly lastAfterValue?: readonly Out[];
}

const LETTERS = 'abcdefgh';
const letters = (from: number, values: readonly unknown[]): string => LETTERS.slice(from, from + values.length);
const record = <T>(values: readonly T[]): Record<string, T> => Object.fromEntries(values.map((value, i) => [LETTERS.charAt(i), value]));

/** What every operator owes to its neighbours, whatever it does: the corner cases of RxJS's own operators. */
export const behavesAsAnOperator = <In, Out>({ operator, value, emits, last = [], lastAfterValue = last }: Form<In, Out>): void => {
  const given = { v: value };

  test('an empty source gives an end', diagram({
    operator,
    source: '      |',
    subscription: '(^!)',
    result: `      (${letters(0, last)}|)`,
    expected: record(last),
  }));

  test('a source that is silent gives silence', diagram({
    operator,
    source: '      -',
    subscription: '^',
    result: '      -',
  }));

  test('an error of the source passes, with nothing before it', diagram({
    operator,
    source: '      --#',
    subscription: '^-!',
    result: '      --#',
  }));

  test('a value, then the end', diagram({
    operator,
    source: '      -v-------|', given,
    subscription: '^--------!',
    result: `      -(${letters(0, emits)})${'-'.repeat(8 - 2 - emits.length)}(${letters(emits.length, lastAfterValue)}|)`,
    expected: record([...emits, ...lastAfterValue]),
  }));

  test('when the consumer leaves, the source is left at once', diagram({
    operator,
    source: '      -v-------v--|', given,
    consumer: '    ^------!',
    subscription: '^------!',
    result: `      -(${letters(0, emits)})`,
    expected: record(emits),
  }));

  test('a synchronous source stops when the consumer has enough', () => {
    let sent = 0;
    const source = new Observable<In>((out) => {
      while (!out.closed && sent < 100) {
        sent += 1;
        out.next(value);
      }
      out.complete();
    });
    const received: Out[] = [];
    source.pipe(operator, take(1)).subscribe((out) => received.push(out));

    expect(received).toStrictEqual(emits.slice(0, 1));
    expect(sent).toBe(1);
  });

  test('each subscription has its own state', marbles(({ cold, expectObservable }) => {
    const source = cold('-v', given);
    const result = `     -(${letters(0, emits)})`;
    const shared = source.pipe(operator);

    expectObservable(shared, '^------!').toBe(result, record(emits));
    expectObservable(shared, '---^------!').toBe(`---${result.trim()}`, record(emits));
  }));
};

/** A throw in a callback is a fault of the program: it ends the stream as `error`, and the source is left. */
export const failsWith = <In>(value: In, operator: (broken: () => never) => OperatorFunction<In, unknown>): (() => void) =>
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const fault = new Error('a fault in the callback');
    const source = cold('         -v---v-|', { v: value });
    const subs = '                ^!';
    const result = '              -#';

    expectObservable(source.pipe(operator(() => { throw fault; }))).toBe(result, undefined, fault);
    expectSubscriptions(source.subscriptions).toBe(subs);
  });
