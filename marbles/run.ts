import type { Diagram, Output } from './diagram.js';
import { difference } from './difference.js';
import { valueText } from './notation.js';
import { PlayError, SOURCE_ERROR, record, type Recording } from './record.js';
import { wordsUnder, type Happening, type Lane } from './timeline.js';

/** Compares what came with what was drawn, and throws when they differ: `assert.deepStrictEqual`, jest's `toStrictEqual`, … */
export type AssertEqual = (actual: unknown, expected: unknown) => void;

/** What came is not what was drawn; the message shows both, side by side, and the score as it came. */
export class MarbleMismatch extends Error {
  override readonly name = 'MarbleMismatch';
}

/**
 * Plays a diagram in virtual time and compares what comes with what it shows.
 *
 * @param assertEqual compares an output with the value its word stands for in `expected`
 * @throws MarbleMismatch when they differ; PlayError when the play itself went wrong
 */
export const run = (diagram: Diagram, assertEqual: AssertEqual): void => {
  if (thrownBy(() => assertEqual({ one: 1 }, { one: 2 })) === undefined) throw new TypeError('assertEqual must throw when its arguments differ, like assert.deepStrictEqual');
  const { lanes, end, details } = came(diagram, recorded(diagram), assertEqual);
  const told = difference(diagram, lanes, end);
  if (told !== undefined) throw new MarbleMismatch([`${diagram.id}: ${diagram.title}`, told, ...details].join('\n\n'));
};

const recorded = (diagram: Diagram): Recording<Output> => {
  try {
    return record(diagram);
  } catch (error) {
    throw new PlayError(`${diagram.id}: ${error instanceof PlayError ? error.message : `the play broke: ${String(error)}`}`, { cause: error });
  }
};

/** What came, in the words of the diagram. */
interface Came {
  readonly lanes: readonly Lane[];
  readonly end: Happening;
  /** Where a word stands for a value: how the output differs from it; and what a failure was. */
  readonly details: readonly string[];
}

const came = (diagram: Diagram, { outs, end, error }: Recording<Output>, assertEqual: AssertEqual): Came => {
  const details: string[] = [];
  const words = [...diagram.expected.keys()];
  const misfit = (value: unknown, word: string): string | undefined => thrownBy(() => assertEqual(value, diagram.expected.get(word)));

  /** The word that is due, if it stands for this very value; else another that does; else notation. */
  const wordFor = ({ value, text }: Output, due: string): string => {
    if (due === text && !words.includes(due)) return text;
    const word = [due, ...words].find((it) => words.includes(it) && misfit(value, it) === undefined);
    if (word !== undefined) return word;
    if (words.includes(due)) details.push(`"${due}" is not what came: ${misfit(value, due)}`);
    return words.includes(text) ? `"${text}"` : text;
  };

  const drawn = new Map(diagram.lanes.map((lane) => [lane.name, wordsUnder(lane)]));
  const lanes = new Map<string, Happening[]>(diagram.lanes.map(({ name }) => [name, []]));
  for (const { at, value: output } of outs) {
    const lane = lanes.get(output.row) ?? [];
    const place = lane.length - 1 - lane.findLastIndex((it) => it.at !== at);
    lane.push({ at, text: wordFor(output, drawn.get(output.row)?.({ from: at, to: at })[place] ?? '') });
    lanes.set(output.row, lane);
  }

  const misfailed = end.text === '#' && diagram.error !== undefined ? thrownBy(() => assertEqual(error, diagram.error)) : undefined;
  if (misfailed !== undefined) details.push(`it failed with another error: ${misfailed}`);
  else if (end.text === '#' && error !== SOURCE_ERROR) details.push(`it failed with ${valueText(error)}`);
  return {
    lanes: [...lanes].map(([name, happenings]) => ({ name, happenings })),
    end: misfailed === undefined ? end : { at: end.at, text: '#(another·error)' },
    details,
  };
};

const thrownBy = (body: () => void): string | undefined => {
  try {
    body();
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : valueText(thrown);
  }
};
