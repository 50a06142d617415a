import type { Status } from '../status/status.js';
import { draw, write } from './dom.js';
import { tallLayout, wideLayout, type FlowLayout, type PlacedEdge, type PlacedPlace } from './flowLayout.js';
import { edgeName, flowPicture, type FlowPicture } from './flowPicture.js';
import { count, rate } from './format.js';
import { fillRows } from './rows.js';

/** Below that the letters of the wide picture would be too small. */
const WIDE = '(min-width: 1000px)';

type Update = (picture: FlowPicture) => void;

/** The pipeline as a picture with live numbers, and the same as a table. */
export const flowView = (stage: HTMLElement, table: HTMLTableSectionElement): ((status: Status) => void) => {
  const isWide = matchMedia(WIDE);
  let shown: Status | undefined;
  let update: Update = () => undefined;

  const lay = (): void => {
    const [svg, next] = drawn(isWide.matches ? wideLayout() : tallLayout());
    stage.replaceChildren(svg);
    update = next;
    if (shown) update(flowPicture(shown));
  };
  isWide.addEventListener('change', lay);
  lay();

  return (status) => {
    shown = status;
    update(flowPicture(status));
    fillRows(
      table,
      status.edges.map((edge) => [
        { text: edge.from },
        { text: edge.reason === undefined ? edge.to : `dead letters: ${edge.reason}` },
        { text: count(edge.count), kind: 'number' },
        { text: edge.unit },
        { text: rate(edge.perSecond), kind: 'number' },
      ]),
      'nothing yet',
    );
  };
};

const drawn = ({ width, height, places, edges }: FlowLayout): readonly [SVGSVGElement, Update] => {
  const tip = draw('marker', { id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' }, draw('path', { d: 'M0 0L8 4L0 8Z', class: 'tip' }));
  const svg = draw('svg', { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' }, draw('defs', {}, tip));
  const updates = [...edges.map((edge) => edgeView(svg, edge)), ...places.map((place) => placeView(svg, place))];
  return [svg, (picture) => updates.forEach((update) => update(picture))];
};

const edgeView = (svg: SVGSVGElement, { from, to, path, count: countAt, rate: rateAt, anchor }: PlacedEdge): Update => {
  const name = edgeName({ from, to });
  const [counted, rated] = [draw('text', { ...countAt, 'text-anchor': anchor, class: 'count' }), draw('text', { ...rateAt, 'text-anchor': anchor, class: 'rate' })];
  const title = draw('title');
  const group = draw('g', { class: 'edge', 'data-edge': name }, title, draw('path', { d: path, 'marker-end': 'url(#tip)' }), counted, rated);
  svg.append(group);
  return ({ edges }) => {
    const edge = edges.get(name);
    if (!edge) return;
    write(counted, edge.count);
    write(rated, edge.rate);
    write(title, `${edge.count} ${edge.unit}, ${edge.rate}`);
    group.classList.toggle('moving', edge.isMoving);
  };
};

const placeView = (svg: SVGSVGElement, { place, x, y, width, height, exits }: PlacedPlace): Update => {
  const middle = x + width / 2;
  const [title, note] = [draw('text', { x: middle, y: y + height / 2, 'text-anchor': 'middle', class: 'title' }), draw('text', { x: middle, y: y + height / 2 + 16, 'text-anchor': 'middle', class: 'note' })];
  const leaving = exits.ys.map((line) => draw('text', { x: exits.x, y: line, class: 'exit' }));
  svg.append(draw('g', { class: 'place', 'data-place': place }, draw('rect', { x, y, width, height, rx: 8 }), title, note, ...leaving));
  return ({ places }) => {
    const text = places.get(place);
    if (!text) return;
    write(title, text.title);
    write(note, text.note);
    title.setAttribute('y', String(y + height / 2 + (text.note === '' ? 5 : -3)));
    leaving.forEach((line, index) => {
      const exit = text.exits[index];
      write(line, exit ? `${exits.arrow} ${exit.what} ${exit.figures}` : '');
    });
  };
};
