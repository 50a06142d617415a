import uPlot from 'uplot';
import { NOTHING, utc } from './format.js';
import type { Points } from './history.js';

export interface Line {
  readonly label: string;
  /** The custom property of the style sheet that has its colour. */
  readonly colour: string;
}

export interface TimeChartOptions {
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Steps that its axis may have. Default: round numbers. */
  readonly steps?: readonly number[];
}

const HEIGHT = 180;
const AXIS_WIDTH = 72;

/** What the legend says of a line: its value where somebody points to, else the newest. */
const pointed = (format: (value: number) => string): uPlot.Series.Value => (chart, _, line, index) => {
  const value = chart.data[line]?.[index ?? chart.data[line].length - 1];
  return typeof value === 'number' ? format(value) : NOTHING;
};

/** Lines over time; the axis of time is UTC. */
export const timeChart = (place: HTMLElement, { lines, format, steps }: TimeChartOptions): ((points: Points) => void) => {
  const coloured = (name: string) => (): string => getComputedStyle(place).getPropertyValue(name);
  const axis = { stroke: coloured('--quiet'), grid: { stroke: coloured('--grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const chart = new uPlot(
    {
      width: Math.max(1, place.clientWidth),
      height: HEIGHT,
      ms: 1,
      padding: [8, 28, 0, 0],
      cursor: { points: { size: 7 }, drag: { x: false, y: false } },
      legend: { live: true },
      scales: { x: { time: true }, y: { range: (_, least, most) => [Math.min(0, least), most > 0 ? most * 1.1 : 1] } },
      axes: [
        { ...axis, space: 70, values: (_, splits, __, ___, step) => splits.map((at) => new Date(at).toISOString().slice(11, step < 60_000 ? 19 : 16)) },
        { ...axis, size: AXIS_WIDTH, space: 36, values: (_, splits) => splits.map(format), ...(steps && { incrs: [...steps] }) },
      ],
      series: [
        { label: 'at', value: pointed((at) => utc(at, at)) },
        ...lines.map(({ label, colour }): uPlot.Series => ({ label, stroke: coloured(colour), width: 2, points: { show: false }, value: pointed(format) })),
      ],
    },
    [[], ...lines.map(() => [])],
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: Math.max(1, place.clientWidth), height: HEIGHT })).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.redraw());
  return ({ from, to, at, values }) => {
    chart.batch(() => {
      chart.setData([[...at], ...values.map((line) => [...line])], false);
      chart.setScale('x', { min: from, max: to });
    });
    // Where nobody points to a place it tells of the newest point.
    if (typeof chart.cursor.idx !== 'number') chart.setLegend({ idxs: chart.series.map(() => null) }, false);
  };
};
