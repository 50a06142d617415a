import type { Place } from '../status/status.js';
import { FLOW, MOST_EXITS, ROWS } from './flowPicture.js';

/** Where all is, in px. */
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly places: readonly PlacedPlace[];
  readonly edges: readonly PlacedEdge[];
}

export interface PlacedPlace {
  readonly place: Place;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The baselines of what leaves there. */
  readonly exits: { readonly x: number; readonly ys: readonly number[]; readonly arrow: string };
}

export interface PlacedEdge {
  readonly from: Place;
  readonly to: Place;
  readonly path: string;
  readonly count: Point;
  readonly rate: Point;
  readonly anchor: 'middle' | 'start';
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const LINE = 18;
/** An arrow ends so far before the box it points to. */
const TIP = 3;

/** Two rows, the second of them entered from the left. */
export const wideLayout = (): FlowLayout => {
  const [width, margin, boxWidth, boxHeight, rowHeight] = [1_200, 24, 142, 52, 176];
  const places = ROWS.flatMap((row, r) => {
    const pitch = (width - 2 * margin - boxWidth) / (row.length - 1);
    return row.map((place, column): PlacedPlace => {
      const [x, y] = [margin + column * pitch, 8 + r * rowHeight];
      return { place, x, y, width: boxWidth, height: boxHeight, exits: { x, ys: lines(y + boxHeight + LINE + 2), arrow: '↓' } };
    });
  });
  const edges = pairs(places).map(([from, to]): PlacedEdge => {
    const [left, right, middle] = [from.x + from.width, to.x - TIP, from.y + from.height / 2];
    const along = { from: from.place, to: to.place, anchor: 'middle' } as const;
    if (from.y === to.y) {
      const x = (left + right) / 2;
      return { ...along, path: `M${left} ${middle}H${right}`, count: { x, y: middle - 8 }, rate: { x, y: middle + LINE } };
    }
    const [between, x] = [to.y - 32, width / 2];
    return { ...along, path: `M${left} ${middle}H${width - 8}V${between}H8V${to.y + to.height / 2}H${right}`, count: { x, y: between - 8 }, rate: { x, y: between + LINE } };
  });
  return { width, height: 2 * rowHeight - 36, places, edges };
};

/** One below the other. */
export const tallLayout = (): FlowLayout => {
  const [width, boxWidth, boxHeight, pitch] = [344, 142, 50, 100];
  const places = FLOW.map((place, row): PlacedPlace => {
    const y = 4 + row * pitch;
    return { place, x: 2, y, width: boxWidth, height: boxHeight, exits: { x: boxWidth + 14, ys: lines(y + 14), arrow: '→' } };
  });
  const edges = pairs(places).map(([from, to]): PlacedEdge => {
    const [x, top, bottom] = [from.x + from.width / 2, from.y + from.height, to.y - TIP];
    const y = (top + bottom) / 2;
    return { from: from.place, to: to.place, anchor: 'start', path: `M${x} ${top}V${bottom}`, count: { x: x + 10, y: y - 2 }, rate: { x: x + 10, y: y + 14 } };
  });
  return { width, height: FLOW.length * pitch - 44, places, edges };
};

const lines = (first: number): readonly number[] => Array.from({ length: MOST_EXITS }, (_, line) => first + line * LINE);

const pairs = <A>(values: readonly A[]): (readonly [A, A])[] =>
  values.flatMap((value, index) => {
    const next = values[index + 1];
    return next === undefined ? [] : [[value, next] as const];
  });
