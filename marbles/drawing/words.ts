import { WATERMARK_ROW } from '../score.js';
import type { Label } from './labels.js';
import type { Word, WordLane } from './scene.js';
import { SMALL_SIZE, WORD_SIZE, widthOf, wrap } from './text.js';
import { element, escape, path } from './xml.js';

const LINE = 14;
const INSIDE = 6;

/** The words of a row of what comes out: watermarks as they are, all else as flags that point at their instant. */
export const wordLabels = ({ name, words }: WordLane, most: number): readonly Label[] =>
  words.map((word) => (name === WATERMARK_ROW ? plainText(word.at, word.text, 'small water') : flag(word, most)));

/** A text in the middle of its instant. */
export const plainText = (at: Label['at'], text: string, kind: string): Label => ({
  at,
  begins: -widthOf(text, SMALL_SIZE) / 2,
  width: widthOf(text, SMALL_SIZE),
  height: SMALL_SIZE + 2,
  draw: (left, top) => element('text', { x: left + widthOf(text, SMALL_SIZE) / 2, y: top + SMALL_SIZE, class: `${kind} mid` }, escape(text)),
});

const flag = ({ at, text, kind }: Word, most: number): Label => {
  const lines = wrap(text, most);
  const [width, height] = [Math.max(...lines.map((line) => widthOf(line, WORD_SIZE))) + 2 * INSIDE, lines.length * LINE + 5];
  return {
    at,
    begins: -8,
    width,
    height: height + NUB,
    draw: (left, top, stem) => element('g', { class: kind.toLowerCase().replace('_', '-') },
      element('path', { class: 'pill', d: outline(left, top + NUB, width, height, stem) }),
      element('text', {}, ...lines.map((line, i) => element('tspan', { x: left + INSIDE, y: top + NUB + LINE * (i + 1) - 1 }, escape(line))))),
  };
};

const NUB = 5;

/** A box whose upper side has a tip where its instant is. */
const outline = (left: number, top: number, width: number, height: number, stem: number): string => {
  const [right, bottom] = [left + width, top + height];
  const tip = Math.min(stem, right - 8);
  return `${path([[left, top], [tip - 5, top], [tip, top - NUB], [tip + 5, top], [right, top], [right, bottom], [left, bottom]])}Z`;
};
