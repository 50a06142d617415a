import type { Diagram } from './diagram.js';
import { draw } from './drawing/picture.js';
import { STYLE } from './drawing/style.js';
import { element, escape } from './drawing/xml.js';

/** A page of documentation is not wider, in px. */
const WIDTH = 900;

/**
 * Draws a diagram as a picture of its own: arrival to the right, event time upwards.
 *
 * The same diagram gives the same text every time. It holds no script and refers to nothing outside.
 */
export const toSvg = (diagram: Diagram): string => {
  const { width, height, markup, told } = draw(diagram, { width: WIDTH });
  const id = diagram.id.replace(/[^\w-]/g, '-');
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', class: 'marbles', role: 'img', 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-told`, width, height, viewBox: `0 0 ${width} ${height}` },
    element('title', { id: `${id}-title` }, escape(diagram.title)),
    element('desc', { id: `${id}-told` }, escape(told)),
    element('style', {}, escape(STYLE)),
    element('rect', { class: 'paper', width, height, rx: 6 }),
    markup,
  )}\n`;
};
