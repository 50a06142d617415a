import type { Diagram, End } from '../diagram.js';
import { KEY, WATERMARK, type Mark } from '../mark.js';
import { printTime } from '../time.js';
import type { Dot, Place } from './arrival.js';
import type { Label } from './labels.js';
import type { Scene } from './scene.js';
import { KEY_COLOURS } from './style.js';
import { SMALL_SIZE, WORD_SIZE, widthOf } from './text.js';
import { element, escape, path } from './xml.js';

/** Half the height of a marble. */
export const RADIUS = 9;

/** How far the next marble of the same instant is. */
const BESIDE = 5;

const CAPTION = SMALL_SIZE + 4;

/** Where marks of one instant stand, right of it. */
export interface Slots {
  offset(place: Place): number;
  /** How far behind a marble the watermark moves that it causes. */
  readonly behind: number;
}

/** All at their instant. */
export const NO_SLOTS: Slots = { offset: () => 0, behind: 0 };

/** One beside the other. */
export const slotsOf = ({ marks, sourceEnd }: Diagram): Slots => ({
  offset({ at, slot }) {
    const widths = [...marks.filter((it) => it.at === at).map((it) => roomOf(it.mark, at)), ...(sourceEnd.at === at ? [endRoom(sourceEnd.text)] : [])];
    const before = widths.slice(0, slot).reduce((sum, width) => sum + width + BESIDE, 0);
    return slot <= 0 ? 0 : before - (widths[0] ?? 0) / 2 + (widths[slot] ?? 0) / 2;
  },
  behind: RADIUS + 3,
});

/** The source's marks and its end, each with what there is to say about it. */
export const sourceLabels = ({ marks, sourceEnd }: Diagram, scene: Scene, slots: Slots): readonly Label[] => [
  ...marks.map(({ at, mark }, index): Label => {
    const [caption, width] = [captionOf(mark, at), roomOf(mark, at)];
    const dot = scene.dots.find((it) => it.index === index);
    const slot = marks.slice(0, index).filter((it) => it.at === at).length;
    return {
      at,
      begins: slots.offset({ at, slot }) - width / 2,
      width,
      height: 2 * RADIUS + (caption === '' ? 0 : CAPTION),
      draw: (left, top) => [
        dot === undefined ? flag(mark, left + width / 2, top + RADIUS) : marble(dot, scene.keys, left + width / 2, top + RADIUS),
        captionText(caption, left + width / 2, top),
      ].join(''),
    };
  }),
  endLabel(sourceEnd, slots.offset({ at: sourceEnd.at, slot: marks.filter(({ at }) => at === sourceEnd.at).length })),
];

/** A marble with its name on it. */
export const marble = ({ mark, isBehind, isRefused, index }: Dot, keys: readonly string[], x: number, y: number, isDot = false): string => {
  const width = widthOfMarble(mark);
  const kinds = [`k${keys.indexOf(mark.key) % KEY_COLOURS}`, ...(isRefused ? ['refused'] : isBehind ? ['behind'] : [])];
  return element('g', { class: kinds.join(' '), 'data-dot': isDot ? index : undefined },
    element('rect', { class: 'ball', x: x - width / 2, y: y - RADIUS, width, height: 2 * RADIUS, rx: RADIUS }),
    element('text', { class: 'mid', x, y: y + 4 }, escape(mark.name)),
    isRefused ? element('path', { class: 'strike', d: path([[x - width / 2 + 1, y + RADIUS - 1], [x + width / 2 - 1, y - RADIUS + 1]]) }) : '');
};

const flag = (mark: Mark, x: number, y: number): string => {
  const text = wordOf(mark);
  const width = widthOf(text, WORD_SIZE) + 6;
  return element('g', {}, element('rect', { class: mark.name === WATERMARK ? 'flag' : 'flag befalls', x: x - width / 2, y: y - RADIUS, width, height: 2 * RADIUS, rx: 3 }), element('text', { class: 'mid', x, y: y + 4 }, escape(text)));
};

/** A sign of how a stream ends. */
export const endLabel = ({ at, text }: End, offset = 0): Label => {
  const width = endRoom(text);
  return {
    at,
    begins: offset - width / 2,
    width,
    height: 2 * RADIUS + CAPTION,
    draw: (left, top) => {
      const [x, y] = [left + width / 2, top + RADIUS];
      return element('g', {}, element('path', { class: 'sign', d: SIGNS[text](x, y) }), captionText(CAPTIONS[text], x, top));
    },
  };
};

const SIGNS: Readonly<Record<End['text'], (x: number, y: number) => string>> = {
  '|': (x, y) => path([[x, y - RADIUS], [x, y + RADIUS]]),
  '#': (x, y) => path([[x - 6, y - 6], [x + 6, y + 6]]) + path([[x - 6, y + 6], [x + 6, y - 6]]),
  '!': (x, y) => path([[x - 4, y - 7], [x + 4, y], [x - 4, y + 7]]),
};

const CAPTIONS: Readonly<Record<End['text'], string>> = { '|': '| complete', '#': '# error', '!': '! leaves' };

const captionText = (caption: string, x: number, top: number): string =>
  caption === '' ? '' : element('text', { class: 'small quiet mid', x, y: top + 2 * RADIUS + SMALL_SIZE + 1 }, escape(caption));

/** Whose it is and its event time, where they are not what one would think. */
const captionOf = ({ name, key, at }: Mark, now: number): string =>
  name === WATERMARK ? '' : [key === KEY ? '' : key, at === now ? '' : `@${printTime(at)}`].filter((it) => it !== '').join(' ');

const wordOf = ({ name, at }: Mark): string => (name === WATERMARK ? `${WATERMARK}${printTime(at)}` : name);

const widthOfMarble = ({ name }: Mark): number => Math.max(2 * RADIUS, widthOf(name, WORD_SIZE) + 8);

const roomOf = (mark: Mark, at: number): number =>
  mark.name === WATERMARK ? widthOf(wordOf(mark), WORD_SIZE) + 6 : Math.max(widthOfMarble(mark), widthOf(captionOf(mark, at), SMALL_SIZE));

const endRoom = (sign: End['text']): number => widthOf(CAPTIONS[sign], SMALL_SIZE);
