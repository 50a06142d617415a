import type { Changed, Closed, Element, Emitted, Future, Late, Pane, SessionFull, Watermark, Window } from '../../operators/index.js';
import { notation, rowOf, valueText, type Mark } from '../../marbles/index.js';
import { windowsIn } from '../../marbles/notation.js';

const mark = (name: string, at = 0, key = 'k'): Mark => ({ name, key, at });
const [a, b] = [mark('a'), mark('b')];
const window: Window = { start: 0, end: 80_000 };
const pane: Pane<string, readonly Mark[]> = {
  _tag: 'Pane', key: 'k', window, value: [a, b], timing: 'EARLY', index: 0, isFirst: true, isLast: false, historic: false, forced: false,
};
const changed: Changed<string, readonly Mark[]> = { _tag: 'Changed', key: 'k', window, replaces: [], draw: () => pane };
const closed: Closed<string> = { _tag: 'Closed', key: 'k', window };
const late: Late<string, Mark> = { _tag: 'Late', key: 'k', value: a, timestamp: 10_000, watermark: 60_000 };
const full: SessionFull<string, Mark> = { _tag: 'SessionFull', key: 'k', value: a, timestamp: 10_000, window, cap: 'maxSessionEvents' };
const element: Element<Mark> = { _tag: 'Element', value: a, timestamp: 10_000 };
const future: Future<Mark> = { _tag: 'Future', value: a, timestamp: 3_600_000, now: 0 };
const watermark: Watermark = { _tag: 'Watermark', timestamp: -10_000 };
const emitted: Emitted<string, string> = { _tag: 'Emitted', key: 'k', value: '/buy 20s', revision: 1, pane };

describe('the notation, and the row, of what comes out', () => {
  test.each<readonly [string, string, unknown]>([
    ['elements', 'a@10s', element],
    ['elements', 'bob.a@10s', { ...element, value: mark('a', 10_000, 'bob') }],
    ['elements', 'hello@10s', { ...element, value: 'hello' }],
    ['watermark', '~-10s', watermark],
    ['watermark', '~inf', { ...watermark, timestamp: Infinity }],
    ['panes', 'EARLY#0{a,b}[0s..1m20s)', pane],
    ['panes', 'bob.EARLY#0{a,b}[0s..1m20s)', { ...pane, key: 'bob' }],
    ['panes', '7.EARLY#0{a,b}[0s..1m20s)', { ...pane, key: 7 }],
    ['panes', 'ON_TIME#1/last{a}[0s..1m20s)', { ...pane, timing: 'ON_TIME', value: [a], index: 1, isFirst: false, isLast: true }],
    ['panes', 'ON_TIME#0/last/historic/cap{a,b}[0s..1m20s)', { ...pane, timing: 'ON_TIME', isLast: true, historic: true, forced: 'cap' }],
    ['panes', 'LATE#2/drain{a,b}[0s..1m20s)', { ...pane, timing: 'LATE', index: 2, isFirst: false, forced: 'drain' }],
    ['panes', 'EARLY#0/not_first{a,b}[0s..1m20s)', { ...pane, isFirst: false }],
    ['panes', 'EARLY#1/first{a,b}[0s..1m20s)', { ...pane, index: 1 }],
    ['panes', 'EARLY#0{}[0s..1m20s)', { ...pane, value: [] }],
    ['panes', 'EARLY#0{3}[-500ms..1.5s)', { ...pane, value: 3, window: { start: -500, end: 1_500 } }],
    ['changed', 'changed[0s..1m20s)', changed],
    ['changed', 'bob.changed[0s..1m20s)<[0s..1m)<[10s..1m20s)', { ...changed, key: 'bob', replaces: [{ start: 10_000, end: 80_000 }, { start: 0, end: 60_000 }] }],
    ['closed', 'closed[0s..1m20s)', closed],
    ['closed', 'bob.closed[0s..1m20s)', { ...closed, key: 'bob' }],
    ['late', 'late(a@10s,~1m)', late],
    ['late', 'bob.late(a@10s,~1m)', { ...late, key: 'bob' }],
    ['late', 'full(a@10s,maxSessionEvents)[0s..1m20s)', full],
    ['late', 'future(a@1h,0s)', future],
    ['late', 'bob.future(a@1h,0s)', { ...future, value: mark('a', 0, 'bob') }],
    ['late', 'left{no·id}', { _tag: 'Left', left: 'no id' }],
    ['out', 'right{a}', { _tag: 'Right', right: a }],
    ['results', 'emitted#1{/buy·20s}/EARLY[0s..1m20s)', emitted],
    ['results', 'bob.emitted#1{/buy·20s}/EARLY[0s..1m20s)', { ...emitted, key: 'bob' }],
    ['out', 'a', a],
    ['out', 'two·words', ' two \t words\n'.trim()],
    ['out', '·', ''],
    ['out', '{"_tag":"Else","x":1}', { _tag: 'Else', x: 1 }],
  ])('%s: %s', (row, word, out) => {
    expect(notation()(out)).toBe(word);
    expect(rowOf(out)).toBe(row);
  });

  test('values are shown as the diagram says', () => {
    const inSeconds = notation((value) => (typeof value === 'number' ? `${value / 1_000}s` : valueText(value)));
    expect(inSeconds({ ...pane, value: 2_000 })).toBe('EARLY#0{2s}[0s..1m20s)');
    expect(inSeconds({ ...emitted, value: 2_000 })).toBe('emitted#1{2s}/EARLY[0s..1m20s)');
    expect(inSeconds(2_000)).toBe('2s');
  });
});

const circle: Record<string, unknown> = {};
circle['again'] = circle;

test.each<readonly [string, unknown]>([
  ['text', 'text'], ['a', a], ['a,b', [a, b]], ['1,2', [1, 2]], ['', []], ['5', 5], ['NaN', NaN], ['true', true], ['null', null], ['undefined', undefined],
  ['12', 12n], ['[object Object]', circle], ['{"page":"/"}', { page: '/' }], ['RangeError: no', new RangeError('no')], ['Symbol(s)', Symbol('s')],
])('a value is shown as %s', (text, value) => {
  expect(valueText(value)).toBe(text);
});

test.each<readonly [string, readonly Window[]]>([
  ['EARLY#0{a,b}[0s..1m20s)', [window]],
  ['changed[0s..1m45s)<[0s..1m20s)', [{ start: 0, end: 105_000 }, window]],
  ['late(a@10s,~1m)', []],
  ['[soon..later)', []],
])('the windows that %s names', (word, windows) => {
  expect(windowsIn(word)).toStrictEqual(windows);
});
