import type { Picture } from '../drawing/picture.js';
import { element } from '../drawing/xml.js';

/** A picture as it stands in the page, whose style it shares. */
export const asMarkup = ({ width, height, markup, told }: Picture, title: string): string =>
  element('svg', { class: 'marbles', role: 'img', 'aria-label': `${title}. ${told}`, width, height, viewBox: `0 0 ${width} ${height}` }, element('rect', { class: 'paper', width, height, rx: 6 }), markup);
