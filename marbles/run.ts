import type { Diagram, Output } from './diagram.js';
import { difference } from './difference.js';
import { record, type Recording } from './record.js';
import type { Happening, Lane } from './timeline.js';

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
  const { lanes, end, details } = came(diagram, record(diagram), assertEqual);
  const told = difference(diagram, lanes, end);
  if (told !== undefined) throw new MarbleMismatch([`${diagram.id}: ${diagram.title}`, told, ...details].join('\n\n'));
};

/** What came, in the words of the diagram. */
interface Came {
  readonly lanes: readonly Lane[];
  readonly end: Recording<unknown>['end'];
  /** Where a word stands for a value: how the output differs from it; and what a failure was. */
  readonly details: readonly string[];
}

const came = (diagram: Diagram, { outs, end, error }: Recording<Output>, assertEqual: AssertEqual): Came => {
  const details: string[] = error === undefined ? [] : [`it failed with: ${saidBy(error)}`];
  const lanes = new Map<string, Happening[]>(diagram.lanes.map(({ name }) => [name, []]));

  /** The word that is due, if it stands for this very value; else another that does; else notation. */
  const wordFor = ({ value, text }: Output, due: string | undefined): string => {
    if (due !== undefined && diagram.expected.has(due)) {
      const misfit = thrownBy(() => assertEqual(value, diagram.expected.get(due)));
      if (misfit === undefined) return due;
      details.push(`"${due}" is not what came: ${misfit}`);
    }
    const other = [...diagram.expected].find(([, meant]) => thrownBy(() => assertEqual(value, meant)) === undefined);
    return other?.[0] ?? text;
  };

  for (const { at, value: output } of outs) {
    const lane = lanes.get(output.row) ?? [];
    const due = diagram.lanes.find(({ name }) => name === output.row)?.happenings.filter((it) => it.at === at);
    lane.push({ at, text: wordFor(output, due?.[lane.filter((it) => it.at === at).length]?.text) });
    lanes.set(output.row, lane);
  }
  return { lanes: [...lanes].map(([name, happenings]) => ({ name, happenings })), end, details };
};

const thrownBy = (body: () => void): string | undefined => {
  try {
    body();
    return undefined;
  } catch (thrown) {
    return saidBy(thrown);
  }
};

const saidBy = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : JSON.stringify(thrown));
