import type { Millis, Pane } from '../../operators/index.js';
import { isoTime, type TimestampPrecision } from './isoTime.js';
import type { Result } from './outcome.js';
import type { OutRecord } from './record.js';

/** How results are written. */
export interface ResultEncoding {
  readonly timestampPrecision: TimestampPrecision;
}

const DEFAULT: ResultEncoding = { timestampPrecision: 'milliseconds' };

/**
 * The body of a result: one JSON object with the session, what its product tells of it, and the window,
 * in their agreed order, then the enrichment fields that were chosen for the output, if any.
 * `element_timestamp` is the greatest event time in the pane.
 */
export function resultBody({ emitted: { value, pane } }: Result, encoding: ResultEncoding = DEFAULT): string {
  const { elementTimestamp, extra } = value;
  if (pane !== lastPane || encoding.timestampPrecision !== lastPrecision) sharePane(pane, elementTimestamp, encoding.timestampPrecision);
  const agreed = `${head}${value.members(lastPrecision)}${tail}`;
  return extra === undefined ? `${agreed}}` : `${agreed}${extraMembers(extra)}}`;
}

/*
 * This runs for every result, and the results of a pane come one after the other: what they share is
 * written once.
 */
let lastPane: unknown;
let lastPrecision: TimestampPrecision = 'milliseconds';
let head = '';
let tail = '';

const sharePane = (pane: Pane<string, unknown>, elementTimestamp: Millis, precision: TimestampPrecision): void => {
  const { key, window } = pane;
  head = ['{"session_id":', JSON.stringify(key), ','].join('');
  tail = [
    ',"window_start":"', isoTime(window.start, precision),
    '","window_end":"', isoTime(window.end, precision),
    '","element_timestamp":"', isoTime(elementTimestamp, precision), '"',
  ].join('');
  lastPane = pane;
  lastPrecision = precision;
};

const extraMembers = (extra: Readonly<Record<string, string | null>>): string =>
  Object.entries(extra).map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join('');

/**
 * The headers of a result: `session_id`, `processing_time` (by the wall clock) and `pane`, which tells
 * consumers which of several records for the same result stands. Of time on page:
 * `{"timing":"ON_TIME","index":0,"final":true,"revision":0,"entry":1738251000000,"rule":"next_view"}`,
 * with `"historic":true` and `"forced":"cap"` or `"drain"` where they apply.
 */
export function resultHeaders({ emitted, processingTime }: Result, encoding: ResultEncoding = DEFAULT): Record<string, string> {
  const { key, revision, pane, value } = emitted;
  return {
    session_id: key,
    processing_time: isoTime(processingTime, encoding.timestampPrecision),
    pane: [
      '{"timing":"', pane.timing, '","index":', pane.index, ',"final":', pane.isLast, ',"revision":', revision,
      ',', value.mark(),
      pane.historic ? ',"historic":true' : '', pane.forced === false ? '' : `,"forced":"${pane.forced}"`, '}',
    ].join(''),
  };
}

/** A result as it goes out: all revisions of all results of a session share its key, and so stay in order. */
export const resultRecord = (result: Result, encoding: ResultEncoding): OutRecord => ({
  key: result.emitted.key,
  value: resultBody(result, encoding),
  headers: resultHeaders(result, encoding),
  placement: result.emitted.key,
});
