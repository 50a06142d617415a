import { filter, map, pipe, type Observable, type OperatorFunction } from 'rxjs';
import type { Millis } from '../operators/index.js';
import { WATERMARK, marks as asTheyAre, parseMark, type Mark } from './mark.js';
import { EMPTY, notation } from './notation.js';
import { ScoreError, WATERMARK_ROW, dedented, parseScore, timed, type Score } from './score.js';
import { parseTime, withPrintedTimes } from './time.js';
import { laneOf, type Happening, type Lane } from './timeline.js';

/** What a word of the source row stands for: a table by name, or a function of name, key and event time. */
export type Given<In> = Readonly<Record<string, In>> | ((mark: Mark) => In);

/** A diagram as it is written. */
export interface Drawn<In, Out> {
  /** `operator/what-it-shows`. */
  readonly id: string;
  /** The rule it shows, as a sentence. */
  readonly title: string;
  /** Its default scheduler is virtual while a diagram runs. */
  readonly operator: OperatorFunction<In, Out>;
  /**
   * A table. `time` has the instants of processing time, `source` what arrives (`|` completes it,
   * `#` fails it, `!` is the consumer leaving); every other row is one of what comes out.
   */
  readonly score: string;
  /** {@link marks}, {@link elements}, a function, or a table of words. */
  readonly given: Given<In>;
  /** What words in the rows of what comes out stand for; what is not in here is notation. */
  readonly expected?: Readonly<Record<string, Out>>;
  /** What it fails with, where it ends with `#`. Default: anything. */
  readonly error?: unknown;
  /** One output as a word of the score. Default: {@link notation}. */
  readonly show?: (out: Out) => string;
  /** The row an output belongs to. Default: by its tag, see {@link rowOf}. */
  readonly row?: (out: Out) => string;
  /** Tags of outputs that the diagram leaves out. */
  readonly hide?: readonly string[];
}

/** How a stream ends: `|` it completes, `#` it fails, `!` its consumer leaves. */
export interface End extends Happening {
  readonly text: '|' | '#' | '!';
}

/** A diagram that was read and checked. */
export interface Diagram {
  readonly id: string;
  readonly title: string;
  /** The score as it was written, without its indentation. */
  readonly text: string;
  readonly score: Score;
  /** The row `source`. */
  readonly source: Lane;
  readonly marks: readonly { readonly at: Millis; readonly mark: Mark }[];
  readonly sourceEnd: End;
  /** How what comes out ends: as the source does, unless the row `ends` says otherwise. */
  readonly end: End;
  /** The rows of what comes out. */
  readonly lanes: readonly Lane[];
  readonly play: (source: Observable<Mark>) => Observable<Output>;
  /** What words stand for. */
  readonly expected: ReadonlyMap<string, unknown>;
  /** What it is to fail with, if that matters. */
  readonly error?: unknown;
}

/** One output as a diagram looks at it. */
export interface Output {
  readonly value: unknown;
  readonly row: string;
  /** How the score writes it, unless a word stands for it. */
  readonly text: string;
}

const SOURCE_ROW = 'source';
const ENDS_ROW = 'ends';

/** The row of everything that has none of its own. */
export const OUT_ROW = 'out';

const ROWS: ReadonlyMap<string, string> = new Map([
  ['Element', 'elements'], ['Watermark', 'watermark'], ['Pane', 'panes'], ['Changed', 'changed'], ['Closed', 'closed'], ['Emitted', 'results'],
  ['Late', 'late'], ['SessionFull', 'late'], ['Future', 'late'], ['Left', 'late'],
]);

/** The row of an output by its tag: `elements`, `watermark`, `panes`, `changed`, `closed`, `results`, `late` (what is refused, for whatever reason), else `out`. */
export const rowOf = (out: unknown): string => ROWS.get(tagOf(out) ?? '') ?? OUT_ROW;

/**
 * Reads a diagram and checks it.
 *
 * @throws ScoreError when the score cannot be read, never ends, uses a word that nothing explains,
 *   or leaves a word of a legend unused
 */
export function diagram<In, Out>(drawn: Drawn<In, Out>): Diagram {
  try {
    return read(drawn);
  } catch (error) {
    throw error instanceof ScoreError ? new ScoreError(`${drawn.id}: ${error.message}`) : error;
  }
}

const read = <In, Out>({ id, title, operator, score: text, given, expected = {}, error, show, row = rowOf, hide = [] }: Drawn<In, Out>): Diagram => {
  const score = parseScore(text);
  const source = score.rows.find(({ name }) => name === SOURCE_ROW);
  if (source === undefined) throw new ScoreError('there is no row "source"');
  const arriving = laneOf(source).happenings;
  const sourceEnd = arriving.find(isEnd);
  if (sourceEnd === undefined) throw new ScoreError('the diagram never ends: complete the source with |, fail it with #, or let the consumer leave with !');
  if (arriving.at(-1) !== sourceEnd) throw new ScoreError(`"${arriving.at(-1)?.text}" arrives after the source has ended with ${sourceEnd.text}`);

  const marks = arriving.filter((it) => it !== sourceEnd).map(({ at, text: word }) => ({ at, mark: markFrom(word, at) }));
  const lanes = score.rows.filter(({ name }) => name !== SOURCE_ROW && name !== ENDS_ROW).map(laneOf);
  const ends = score.rows.find(({ name }) => name === ENDS_ROW);
  const end = ends === undefined ? sourceEnd : onlyEnd(laneOf(ends));
  const misplaced = lanes.find(({ happenings }) => happenings.some(isEnd));
  if (misplaced !== undefined) throw new ScoreError(`| # ! do not stand in the row "${misplaced.name}": what comes out ends as the source does, or as the row "ends" says`);

  const legend = new Map(Object.entries(expected).map(([word, value]) => [withPrintedTimes(word), value]));
  const words = lanes.flatMap(({ happenings }) => happenings).map((it) => it.text);
  // What a `show` of its own writes may look like a word of the legend.
  const isOfLegend = (word: string): boolean => legend.size > 0 && show === undefined && /^[\w-]+$/.test(word) && parseTime(word) === undefined;
  checkLegend('expected', [...legend.keys()], words, isOfLegend);
  if (error !== undefined && end.text !== '#') throw new ScoreError(`"error" says what it fails with, but it ends with ${end.text}`);
  const laneFor = (out: Out): string => {
    const own = row(out);
    return lanes.some(({ name }) => name === own) || !lanes.some(({ name }) => name === OUT_ROW) ? own : OUT_ROW;
  };
  const shown = (out: Out, name: string): string => {
    const text = (show ?? notation())(out).trim().replace(/\s+/g, ' ') || EMPTY;
    return timed(name, name === WATERMARK_ROW && text.startsWith(WATERMARK) ? text.slice(WATERMARK.length) : text);
  };
  return {
    id, title, text: dedented(text), score, source: { name: SOURCE_ROW, happenings: arriving }, marks, sourceEnd, end, lanes,
    expected: legend, error,
    play: pipe(
      map(meaning(given, marks.map(({ mark }) => mark))),
      operator,
      filter((out) => !hide.includes(tagOf(out) ?? '')),
      map((value): Output => {
        const name = laneFor(value);
        return { value, row: name, text: shown(value, name) };
      }),
    ),
  };
};

const meaning = <In>(given: Given<In>, marks: readonly Mark[]): ((mark: Mark) => In) => {
  if ((!isFunction(given) || given === asTheyAre) && marks.some(({ name }) => name === WATERMARK)) {
    throw new ScoreError('"given" does not say what ~ stands for: `elements` does');
  }
  if (isFunction(given)) return given;
  const table = Object.entries(given);
  checkLegend('given', table.map(([name]) => name), marks.map(({ name }) => name), () => true);
  return (mark) => {
    const known = table.find(([name]) => name === mark.name);
    if (known === undefined) throw new ScoreError(`"${mark.name}" is not defined in "given"`);
    return known[1];
  };
};

const isFunction = <In>(given: Given<In>): given is (mark: Mark) => In => typeof given === 'function';

const checkLegend = (legend: string, names: readonly string[], words: readonly string[], mustBeKnown: (word: string) => boolean): void => {
  const unknown = words.find((word) => !names.includes(word) && mustBeKnown(word));
  if (unknown !== undefined) throw new ScoreError(`"${unknown}" is used in the score and not defined in "${legend}"`);
  const unused = names.find((name) => !words.includes(name));
  if (unused !== undefined) throw new ScoreError(`"${unused}" is defined in "${legend}" and not used in the score`);
};

const onlyEnd = ({ happenings: [end, ...more] }: Lane): End => {
  if (end === undefined || more.length > 0 || !isEnd(end)) throw new ScoreError('the row "ends" holds one of | # !');
  return end;
};

const isEnd = (it: Happening): it is End => it.text === '|' || it.text === '#' || it.text === '!';

const markFrom = (word: string, at: Millis): Mark => {
  const mark = parseMark(word, at);
  if (mark === undefined) throw new ScoreError(`"${word}" in the row "source" is no mark: write a, a@10s, bob.a@10s, or ~10s for a watermark`);
  return mark;
};

const tagOf = (out: unknown): string | undefined =>
  typeof out === 'object' && out !== null && '_tag' in out && typeof out._tag === 'string' ? out._tag : undefined;
