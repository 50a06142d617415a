import { printScore, run, type AssertEqual } from '../marbles/index.js';
import { DIAGRAMS, FILES, diagramsOf } from './marbles/diagrams.js';

const equal: AssertEqual = (actual, expected) => expect(actual).toStrictEqual(expected);

/** Those that occur more than once. */
const repeated = (texts: readonly string[]): readonly string[] => texts.filter((text, i) => texts.indexOf(text) < i);

test('each diagram has an id and a title of its own', () => {
  expect(repeated(DIAGRAMS.map(({ diagram }) => diagram.id))).toEqual([]);
  expect(repeated(DIAGRAMS.map(({ diagram }) => diagram.title))).toEqual([]);
  expect(DIAGRAMS.map(({ diagram }) => diagram.id).filter((id) => !/^[a-z][A-Za-z]*\/[a-z\d]+(-[a-z\d]+)*$/.test(id))).toEqual([]);
});

describe.each(FILES)('%s', (file) => {
  test.each(diagramsOf(file))('%s', (_, diagram) => {
    run(diagram, equal);
  });

  test('its scores are written as scores are printed', () => {
    const diagrams = diagramsOf(file).map(([, { id, text, score }]) => ({ id, text, printed: printScore(score) }));
    const toPaste = diagrams.filter(({ text, printed }) => text !== printed).map(({ id, printed }) => `${id} is to be\n\n${printed.replace(/^/gm, '    ')}\n`);
    if (toPaste.length > 0) throw new Error(toPaste.join('\n'));
  });
});
