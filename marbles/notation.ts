import type { Window } from '../operators/index.js';
import { KEY, type Mark } from './mark.js';
import { parseTime, printTime } from './time.js';

/**
 * How scores write what operators put out, in one word each:
 *
 * ```text
 * Element      a@10s                                   Watermark    ~10s
 * Pane         EARLY#0{a,b}[0s..1m20s)                 timing, index, value, window
 *              ON_TIME#1/last{a,b,c}[0s..1m45s)        flags: /last /historic /cap /drain
 * Changed      changed[0s..1m45s)<[0s..1m20s)          the window and those it replaces
 * Closed       closed[0s..1m45s)
 * Late         late(c@10s,~1m)                         with the watermark when it was judged
 * Future       future(c@1h,0s)                         with the clock when it was judged
 * SessionFull  full(c@10s,maxSessionEvents)[0s..1m)
 * Emitted      emitted#0{…}/EARLY[0s..1m20s)           revision, value, timing and window of its pane
 * Left, Right  left{…}  right{…}
 * ```
 *
 * Keys stand in front, `bob.EARLY#0{…}`, unless it is the default one. Whatever else comes is shown as its value.
 */
export const notation =
  (showValue: (value: unknown) => string = valueText) =>
  (out: unknown): string =>
    oneWord(tagged(out, showValue));

/** A value as scores show it: marks by their names, lists with commas, errors by name and message, other objects as JSON. */
export const valueText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(valueText).join(',');
  if (isMark(value)) return value.name;
  return isRecord(value) && !(value instanceof Error) ? jsonOf(value) : String(value);
};

/** What JSON cannot hold, like a circle, is shown by its type. */
const jsonOf = (value: object): string => {
  try {
    return JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
};

/** The windows a word of the notation names, the pane's own first. */
export const windowsIn = (text: string): readonly Window[] =>
  [...text.matchAll(/\[([^[\]]+?)\.\.([^[\]]+?)\)/g)].flatMap(([, from = '', to = '']) => {
    const [start, end] = [parseTime(from), parseTime(to)];
    return start === undefined || end === undefined ? [] : [{ start, end }];
  });

const tagged = (out: unknown, show: (value: unknown) => string): string => {
  if (!isTagged(out)) return show(out);
  const it = out;
  const of = (name: string): unknown => it[name];
  const whose = of('key') === undefined || of('key') === KEY ? '' : `${show(of('key'))}.`;
  switch (out._tag) {
    case 'Element': return `${keyOf(of('value'))}${show(of('value'))}@${time(of('timestamp'))}`;
    case 'Watermark': return `~${time(of('timestamp'))}`;
    case 'Pane': return `${whose}${String(of('timing'))}#${String(of('index'))}${flags(it)}{${show(of('value'))}}${span(of('window'))}`;
    case 'Changed': return `${whose}changed${span(of('window'))}${list(of('replaces')).map((window) => `<${span(window)}`).sort().join('')}`;
    case 'Closed': return `${whose}closed${span(of('window'))}`;
    case 'Late': return `${whose}late(${show(of('value'))}@${time(of('timestamp'))},~${time(of('watermark'))})`;
    case 'Future': return `${keyOf(of('value'))}future(${show(of('value'))}@${time(of('timestamp'))},${time(of('now'))})`;
    case 'SessionFull': return `${whose}full(${show(of('value'))}@${time(of('timestamp'))},${String(of('cap'))})${span(of('window'))}`;
    case 'Emitted': return `${whose}emitted#${String(of('revision'))}{${show(of('value'))}}${paneOf(of('pane'))}`;
    case 'Left': return `left{${show(of('left'))}}`;
    case 'Right': return `right{${show(of('right'))}}`;
    default: return show(out);
  }
};

interface Tagged {
  readonly _tag: string;
  readonly [field: string]: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isTagged = (value: unknown): value is Tagged => isRecord(value) && typeof value['_tag'] === 'string';
const isMark = (value: unknown): value is Mark => isRecord(value) && typeof value['name'] === 'string' && typeof value['key'] === 'string' && typeof value['at'] === 'number';

const time = (value: unknown): string => (typeof value === 'number' ? printTime(value) : String(value));
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const span = (window: unknown): string => (isRecord(window) ? `[${time(window['start'])}..${time(window['end'])})` : '[?)');
const paneOf = (pane: unknown): string => (isRecord(pane) ? `/${String(pane['timing'])}${span(pane['window'])}` : '');
const keyOf = (value: unknown): string => (isMark(value) && value.key !== KEY ? `${value.key}.` : '');

/** `isFirst` says the same as index 0: shown only where it does not. */
const flags = (pane: Tagged): string =>
  [
    pane['isFirst'] !== (pane['index'] === 0) && (pane['isFirst'] === true ? 'first' : 'not_first'),
    pane['isLast'] === true && 'last',
    pane['historic'] === true && 'historic',
    pane['forced'] !== false && String(pane['forced']),
  ].filter((flag) => flag !== false).map((flag) => `/${flag}`).join('');

/** What stands for a text without any. */
export const EMPTY = '·';

/** A score parts words by spaces. */
const oneWord = (text: string): string => (text === '' ? EMPTY : text.replace(/\s+/g, '·'));
