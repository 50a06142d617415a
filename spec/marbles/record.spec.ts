import { EMPTY, NEVER, Observable, Subject, asyncScheduler, config, delay, interval, map, merge, mergeMap, range, repeat, switchMap, take, tap, timer, type OperatorFunction } from 'rxjs';
import { PlayError, diagram, marks, record, type Mark, type Output, type Recording } from '../../marbles/index.js';

/** What comes when a source goes through an operator, as `what at seconds`. */
const recorded = (source: string, operator: OperatorFunction<Mark, unknown>): Recording<Output> =>
  record(diagram({ id: 'example/record', title: 'an example', operator, given: marks, score: source }));

const told = ({ outs, end }: Recording<Output>): string => [...outs.map(({ at, value }) => `${value.text} ${at}`), `${end.text} ${end.at}`].join(', ');

const twoMarks = `
  time    0s  2s  3s
  source  a   b   |`;

describe('a recording', () => {
  test('begins at 0 and is in virtual time, whatever the scheduler and the timer', () => {
    const operator = (source: Observable<Mark>): Observable<unknown> =>
      merge(
        source.pipe(delay(1_000)),
        timer(500).pipe(map(() => `timer:${asyncScheduler.now()}`)),
        new Observable<string>((out) => asyncScheduler.schedule(() => out.next('scheduled'), 700)).pipe(take(1)),
      );
    expect(told(recorded(twoMarks, operator))).toBe('timer:500 500, scheduled 700, a 1000, b 3000, | 3000');
  });

  test.each([
    ['a source that completes', '|', 'a 0, b 2000, | 3000'],
    ['a source that fails', '#', 'a 0, b 2000, # 3000'],
    ['a consumer that leaves', '!', 'a 0, b 2000, ! 3000'],
  ])('ends with %s', (_, end, expected) => {
    expect(told(recorded(twoMarks.replace('|', end), map((it) => it)))).toBe(expected);
  });

  test('sees what happens at the instant at which the consumer leaves, and nothing after it', () => {
    expect(told(recorded(twoMarks.replace('|', '!'), switchMap(() => interval(500))))).toBe('0 500, 1 1000, 2 1500, 0 2500, 1 3000, ! 3000');
  });

  test('ends where the operator ends, be it before the source or after it', () => {
    expect(told(recorded(twoMarks, take(1)))).toBe('a 0, | 0');
    expect(told(recorded(twoMarks.replace('|', '!'), take(1)))).toBe('a 0, | 0');
    expect(told(recorded(twoMarks, delay(3_600_000)))).toBe('a 3600000, b 3602000, | 3602000');
  });

  test('says what the operator failed with', () => {
    const failure = new RangeError('no b');
    const { end, error } = recorded(twoMarks, tap(({ name }) => {
      if (name === 'b') throw failure;
    }));
    expect({ end, error }).toStrictEqual({ end: { at: 2_000, text: '#' }, error: failure });
  });

  test('says so when the operator never ends', () => {
    expect(told(recorded(twoMarks, (source) => merge(source, NEVER)))).toBe('a 0, b 2000, never 3000');
  });

  test('plays the source anew for each of those who subscribe to it', () => {
    expect(told(recorded(twoMarks, repeat(2)))).toBe('a 0, b 2000, a 3000, b 5000, | 6000');
  });

  test('leaves rxjs as it was', () => {
    const before = config.onUnhandledError;
    recorded(twoMarks, map((it) => it));
    expect(() => recorded(twoMarks, repeat())).toThrow();
    expect(config.onUnhandledError).toBe(before);
  });
});

describe('a play goes wrong', () => {
  const peek: OperatorFunction<Mark, Mark> = (source) =>
    new Observable((out) => {
      source.subscribe({
        next: (it) => {
          if (it.name === 'b') throw new Error('b is not a');
          out.next(it);
        },
        complete: () => out.complete(),
      });
    });
  const holding = (end: Observable<unknown>): OperatorFunction<Mark, unknown> => (source) =>
    new Observable((out) => {
      source.subscribe((it) => out.next(it));
      out.add(end.subscribe({ complete: () => out.complete() }));
    });
  const leaking: OperatorFunction<Mark, Mark> = (source) =>
    new Observable((out) => {
      interval(1_000).subscribe();
      return source.subscribe(out);
    });

  test.each<readonly [string, OperatorFunction<Mark, unknown>, string]>([
    ['when something throws inside a subscribe', peek, 'something threw inside a subscribe, where no test can see it (collect first, expect afterwards): Error: b is not a'],
    ['when the source is held after the end', holding(timer(1_000)), 'the source is still held after the end: unsubscribe from it when what comes out ends'],
    ['when it is held from the very beginning', holding(EMPTY), 'the source is still held after the end: unsubscribe from it when what comes out ends'],
    ['when a timer goes on after the end', leaking, 'a timer goes on after the end: clear it when what comes out ends'],
    ['when outputs never stop', repeat(), 'the diagram never ends: more than 10000 outputs came by 4h10m'],
    ['when they do not stop after the end of the source', mergeMap(() => interval(1_000)), 'the diagram never ends: more than 10000 outputs came by 1h23m22s'],
    ['when they do not even stop at one instant', () => interval(0), 'the diagram never ends: more than 10000 outputs came by 0s'],
    ['when they do not stop in one go', () => range(0, Infinity), 'the diagram never ends: more than 10000 outputs came by 0s'],
  ])('%s', (_, operator, message) => {
    expect(() => recorded(twoMarks, operator)).toThrow(new PlayError(message));
  });

  test('also when the consumer leaves, and not the source ends', () => {
    expect(() => recorded(twoMarks.replace('|', '!'), leaking)).toThrow('a timer goes on after the end');
    expect(() => recorded(twoMarks.replace('|', '!'), holding(new Subject()))).toThrow('the source is still held after the end');
  });
});
