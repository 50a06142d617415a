import { dedupeEmitted, StateSlot, type Closed, type DedupeEmittedSlot, type Emitted, type Pane, type Watermark } from '../../operators/index.js';
import { behavesAsAnOperator, failsWith } from './conformance.js';
import { Drive } from './drive.js';
import { diagram } from './marbles.js';
import { closed, early, pane, watermark } from './values.js';

/** Time on a page, as a session might yield it; the pane's value is the list of its results. */
interface Spent {
  readonly page: string;
  readonly seconds: number;
  readonly note?: string;
}

type Input = Pane<string, readonly Spent[]> | Closed<string> | Watermark;

const spent = (page: string, seconds: number): Spent => ({ page, seconds });
const emitted = (from: Pane<string, readonly Spent[]>, value: Spent, revision: number): Emitted<string, Spent> => ({ _tag: 'Emitted', key: from.key, value, revision, pane: from });

const rules = {
  results: (it: Pane<string, readonly Spent[]>) => it.value,
  identity: (it: Spent) => it.page,
  same: (a: Spent, b: Spent) => a.seconds === b.seconds,
};
const deduped = (state?: DedupeEmittedSlot<string, Spent>) => dedupeEmitted<Input, string, readonly Spent[], Spent>({ ...rules, ...(state && { state }) });

describe('dedupeEmitted', () => {
  const only = pane(0, 10, [spent('/', 30)]);
  behavesAsAnOperator<Input, unknown>({ operator: deduped(), value: only, emits: [emitted(only, spent('/', 30), 0)] });

  const first = early(0, 10, [spent('/', 30)]);
  const grown = early(0, 20, [spent('/', 30), spent('/buy', 5)], { index: 1 });
  const changed = early(0, 20, [spent('/', 12), spent('/buy', 5)], { index: 2 });
  const last = pane(0, 20, [spent('/', 30), spent('/buy', 5), spent('/pay', 60)], { index: 3 });

  test('a result goes out when it is new, and again with the next revision when it differs from the last one', diagram<Input, unknown>({
    operator: deduped(),
    source: '      -a-b-b-c----d------|', given: { a: first, b: grown, c: changed, d: last },
    subscription: '^------------------!',
    result: '      -a-b---c----(de)---|',
    expected: {
      a: emitted(first, spent('/', 30), 0), b: emitted(grown, spent('/buy', 5), 0), c: emitted(changed, spent('/', 12), 1),
      d: emitted(last, spent('/', 30), 2), e: emitted(last, spent('/pay', 60), 0),
    },
  }));

  test('what counts as the same is the caller\'s to say', diagram<Input, unknown>({
    operator: deduped(),
    source: '-a-b-', given: { a: first, b: early(0, 10, [{ ...spent('/', 30), note: 'told otherwise' }], { index: 1 }) },
    result: '-a---', expected: { a: emitted(first, spent('/', 30), 0) },
  }));

  test('it is compared with what was emitted last: small steps that each count as the same do not add up unseen', () => {
    const drive = new Drive(() => dedupeEmitted<Input, string, readonly Spent[], Spent>({ ...rules, same: (a, b) => Math.abs(a.seconds - b.seconds) <= 1 }));
    const at = (seconds: number) => early(0, 10, [spent('/', seconds)]);

    expect(drive.send(at(10), at(11), at(12)).taken()).toStrictEqual([emitted(at(10), spent('/', 10), 0), emitted(at(12), spent('/', 12), 1)]);
  });

  test('what is no pane passes by', diagram<Input, unknown>({
    operator: deduped(),
    source: '-w-c-|', given: { w: watermark(5), c: closed(0, 10) },
    result: '-w-c-|', expected: { w: watermark(5), c: closed(0, 10) },
  }));

  test('of two results of one pane with one identity the second is a revision, or nothing when it is the same', () => {
    const twice = pane(0, 10, [spent('/', 30), spent('/', 30), spent('/', 31)]);

    expect(new Drive(() => deduped()).send(twice).taken()).toStrictEqual([emitted(twice, spent('/', 30), 0), emitted(twice, spent('/', 31), 1)]);
  });

  test('the same identity under two keys are two results', () => {
    const drive = new Drive(() => deduped());
    const other = pane(0, 10, [spent('/', 30)], { key: 'other' });

    expect(drive.send(only, other).taken()).toStrictEqual([emitted(only, spent('/', 30), 0), emitted(other, spent('/', 30), 0)]);
  });

  describe('memory', () => {
    test('ends with the session: after that the same result is new', () => {
      const drive = new Drive(() => deduped());
      drive.send(first, closed(0, 10)).taken();

      expect(drive.send(first).taken()).toStrictEqual([emitted(first, spent('/', 30), 0)]);
    });

    test('another session of the key keeps its own', () => {
      const drive = new Drive(() => deduped());
      const second = early(50, 60, [spent('/second', 1)]);
      drive.send(first, second, closed(50, 60)).taken();

      expect(drive.send(first, second).taken()).toStrictEqual([emitted(second, spent('/second', 1), 0)]);
    });

    test('a window that overlaps another of the key and outlasts it keeps its own', () => {
      const drive = new Drive(() => deduped());
      const overlapping = early(5, 15, [spent('/later', 1)]);
      drive.send(first, overlapping, closed(0, 10)).taken();

      expect(drive.send(first, overlapping).taken()).toStrictEqual([emitted(first, spent('/', 30), 0)]);
    });

    test('a result that an earlier, smaller window emitted ends with the window that grew from it', () => {
      const state: DedupeEmittedSlot<string, Spent> = new StateSlot();
      const drive = new Drive(() => deduped(state));
      drive.send(first, grown, closed(0, 20)).taken();

      expect(drive.send(first).taken()).toStrictEqual([emitted(first, spent('/', 30), 0)]);
    });

    test('nothing is left of a session that was cut: its last window is smaller than those before', () => {
      const state: DedupeEmittedSlot<string, Spent> = new StateSlot();
      new Drive(() => deduped(state)).send(grown, pane(0, 15, [spent('/', 30), spent('/buy', 5)], { index: 2, forced: 'cap' }), closed(0, 15));

      expect(state.snapshot().entries).toStrictEqual([]);
    });

    test('nothing is left of it either when its last pane holds only what was new', () => {
      const state: DedupeEmittedSlot<string, Spent> = new StateSlot();
      new Drive(() => deduped(state)).send(grown, pane(0, 15, [], { index: 2, forced: 'cap' }), closed(0, 15));

      expect(state.snapshot().entries).toStrictEqual([]);
    });

    test('the session after a cut keeps what it has emitted', () => {
      const drive = new Drive(() => deduped());
      const next = early(15, 25, [spent('/pay', 5)]);
      drive.send(grown, pane(0, 15, [spent('/', 30), spent('/buy', 5)], { index: 2, forced: 'cap' }), closed(0, 15), next).taken();

      expect(drive.send(next).taken()).toStrictEqual([]);
    });

    test('it is state: what is restored knows its revisions', () => {
      const state: DedupeEmittedSlot<string, Spent> = new StateSlot();
      new Drive(() => deduped(state)).send(first);
      const drive = new Drive(() => deduped(new StateSlot(state.snapshot())));

      expect(drive.send(first, changed).taken()).toStrictEqual([emitted(changed, spent('/', 12), 1), emitted(changed, spent('/buy', 5), 0)]);
    });
  });

  describe('faults', () => {
    test('results that throw', failsWith<Input>(only, (broken) => dedupeEmitted<Input, string, readonly Spent[], Spent>({ ...rules, results: broken })));
    test('an identity that throws', failsWith<Input>(first, (broken) => dedupeEmitted<Input, string, readonly Spent[], Spent>({ ...rules, identity: broken })));
    test('a comparison that throws', () => {
      const drive = new Drive(() => dedupeEmitted<Input, string, readonly Spent[], Spent>({ ...rules, same: () => { throw new Error('a fault'); } }));

      expect(() => drive.send(first, first).taken()).toThrow('a fault');
    });
  });
});
