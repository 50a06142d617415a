import type { Millis } from '../../operators/index.js';
import type { Axis } from './axis.js';

/** Something with a text, that has its place in a lane by an instant. */
export interface Label {
  readonly at: Millis;
  /** Where it begins, right of its instant. */
  readonly begins: number;
  readonly width: number;
  readonly height: number;
  /** Its markup, when its left upper corner is there; `stem` is where its instant is. */
  draw(left: number, top: number, stem: number): string;
}

/** Labels of a lane, each where there is room for it. */
export interface Packed {
  readonly height: number;
  readonly markup: string;
}

const BESIDE = 5;
const BELOW = 6;
/** A lane has a name, even if nothing happens in it. */
const LEAST = 12;

/** Puts labels, in order of time, under their instants: each into the first row where none before it is in its way, and none beyond the right edge. */
export const pack = (labels: readonly Label[], axis: Axis, top: number, right: number): Packed => {
  const rows: { free: number; height: number }[] = [];
  const placed = labels.map((label) => {
    const stem = axis.at(label.at);
    const left = Math.min(stem + label.begins, right - label.width);
    const found = rows.findIndex(({ free }) => free <= left);
    const row = found === -1 ? rows.push({ free: 0, height: 0 }) - 1 : found;
    const before = rows[row];
    rows[row] = { free: left + label.width + BESIDE, height: Math.max(before?.height ?? 0, label.height) };
    return { label, left, stem, row };
  });
  const tops = rows.map((_, i) => top + rows.slice(0, i).reduce((sum, { height }) => sum + height + BELOW, 0));
  return {
    height: Math.max(LEAST, rows.reduce((sum, { height }) => sum + height, 0) + BELOW * (rows.length - 1)),
    markup: placed.map(({ label, left, stem, row }) => label.draw(left, tops[row] ?? top, stem)).join(''),
  };
};

/** How far right of its predecessor a lane's next label may begin. */
export { BESIDE as LABEL_DISTANCE };
