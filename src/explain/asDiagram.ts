import { diagram, marks, printScore, record, scoreOf, type Diagram, type Happening, type Lane } from '../../marbles/index.js';
import { deployed } from '../../marbles/pipeline/deployed.js';
import { outcomeText, rowOfOutcome } from '../../marbles/pipeline/outcome.js';
import type { Millis } from '../../operators/index.js';
import { drawnMarks, type DrawnMarks } from './drawnMarks.js';
import type { Names } from './names.js';
import type { Fields, Mover, Story } from './story.js';
import { iso, type Words } from './words.js';

export interface DiagramOptions {
  readonly story: Story;
  readonly names: Names;
  readonly words: Words;
  /** Those of the run, by name and in the units of the flags, that are not as they are by default. */
  readonly settings: Fields;
  readonly fieldsOf: (event: Fields) => Fields;
  /** Where the story is from. */
  readonly recording: string;
}

/** A larger one is nothing to look at, nor to keep. */
const MOST_MARKS = 1_000;

/** What comes out is seen when it is committed. */
const COMMITTED_WITHIN: Millis = 3_000;

const HIDDEN = ['Watermark', 'Count', 'Ack'];

/**
 * A story as a regression test: a file of the form of `marbles/pipeline.marbles.ts` whose only diagram plays the
 * events of the session through the whole pipeline. Of all other events it has as few as it takes for the same to happen, and that
 * it does is tried before it is told: what the diagram shows is what came when it was played.
 *
 * Throws where no diagram of at most a thousand marks tells the same of the session as the recording.
 */
export const asDiagram = (options: DiagramOptions): string => {
  const { story } = options;
  const wanted = told(options);
  for (const movers of selections(story)) {
    if (story.happenings.length + movers.length > MOST_MARKS) break;
    const drawn = drawnMarks(story, movers, options.names, options.fieldsOf);
    const score = played(options, drawn);
    if (toldIn(score) === wanted) return file(options, drawn, score);
  }
  throw new Error(`no diagram of at most ${MOST_MARKS} events tells the same of this session as the recording; it tells: ${wanted}`);
};

/** Fewer others first: those without which it cannot be the same, all from there on, all. */
const selections = ({ happenings, movers }: Story): readonly (readonly Mover[])[] => {
  const needed = new Set<Mover | undefined>();
  for (const it of happenings) {
    if (it._tag === 'Arrived') needed.add(movers.findLast(({ line }) => line < it.line));
    else needed.add(movers.find(({ line }) => line === it.cause));
  }
  const least = movers.filter((it) => needed.has(it));
  return [least, movers.filter(({ line }) => line >= (least[0]?.line ?? Infinity)), movers];
};

/** What a reader of the topics is told of the session, in order: results and the reasons of dead letters. */
const told = ({ story: { happenings }, words }: DiagramOptions): string => {
  const results = happenings.flatMap((it) => (it._tag === 'Told' ? [words.result(it.result)] : []));
  const reasons = happenings.flatMap((it) => (it._tag === 'Arrived' && it.fate._tag === 'Refused' ? [it.fate.deadLetter.reason] : []));
  return [...results, ...reasons].join(' ');
};

const toldIn = (lanes: readonly Lane[]): string => {
  const own = (row: string): readonly string[] =>
    lanes.filter(({ name }) => name === row).flatMap(({ happenings }) => happenings.map(({ text }) => text)).filter((text) => !/^(\w+:)?other\d+\./.test(text));
  return [...own('results'), ...own('dead_letters').map((text) => text.replace(/:.*/, ''))].join(' ');
};

/** The rows of the score, as they come. */
const played = ({ story, settings }: DiagramOptions, { marks: drawn, fields, zero }: DrawnMarks): readonly Lane[] => {
  const isToTheEnd = story.happenings.some((it) => it._tag !== 'Arrived' && it.cause === 'end');
  const lastAt = Math.max(...drawn.map(({ at }) => at), ...story.happenings.map(({ at }) => at - zero));
  const play = (end: Happening): { readonly source: Lane; readonly lanes: readonly Lane[] } => {
    const source = { name: 'source', happenings: [...drawn, end] };
    const made = diagramOf(settings, fields, printScore(scoreOf([source])));
    return { source, lanes: lanesOf(made) };
  };
  if (isToTheEnd) {
    const { source, lanes } = play({ at: Math.max(lastAt, story.end - zero), text: '|' });
    return [source, ...lanes];
  }
  const { lanes: early } = play({ at: lastAt + COMMITTED_WITHIN, text: '!' });
  const ownAt = early.flatMap(({ happenings }) => happenings).filter(({ text }) => !/^(\w+:)?other\d+\./.test(text)).map(({ at }) => at);
  const { source, lanes } = play({ at: Math.max(lastAt, ...ownAt), text: '!' });
  return [source, ...lanes];
};

const diagramOf = (settings: Fields, fields: DrawnMarks['fields'], score: string): Diagram =>
  diagram({
    id: 'pipeline/explained', title: 'a session of a recording', score,
    operator: deployed({ settings, fields }), given: marks, show: outcomeText, row: rowOfOutcome, hide: HIDDEN,
  });

const lanesOf = (made: Diagram): readonly Lane[] => {
  const lanes = new Map<string, Happening[]>();
  for (const { at, value: { row, text } } of record(made).outs) lanes.set(row, [...(lanes.get(row) ?? []), { at, text }]);
  return [...lanes].map(([name, happenings]) => ({ name, happenings }));
};

const file = ({ story: { sessionId, happenings }, settings, recording }: DiagramOptions, { fields, zero }: DrawnMarks, lanes: readonly Lane[]): string => {
  const name = sessionId.toLowerCase().replace(/[^a-z\d]+/g, '-').replace(/^-+|-+$/g, '') || 'session';
  const events = happenings.filter(({ _tag }) => _tag === 'Arrived').length;
  const results = happenings.filter(({ _tag }) => _tag === 'Told').length;
  const setup = [...(isEmpty(settings) ? [] : [`settings: ${JSON.stringify(settings)}`]), ...(isEmpty(fields) ? [] : [`fields: ${JSON.stringify(fields)}`])].join(', ');
  const inComment = (text: string): string => text.replaceAll('*/', '* /').replace(/\s+/g, ' ');
  return `import { diagram } from './diagram.js';
import { marks } from './mark.js';
import { deployed } from './pipeline/deployed.js';
import { outcomeText, rowOfOutcome } from './pipeline/outcome.js';

/*
 * What happened to the session ${inComment(sessionId)} in ${inComment(recording)}, where 0s is ${iso(zero)}.
 * Made by pages-viewed explain --as_diagram, to be kept as marbles/pipeline.NAME.marbles.ts: npm run spec -- spec/marbles.spec.ts
 * plays it. What is "other" is there because it moves the watermark.
 */

export const explained = diagram({
  id: 'pipeline/explained-${name}',
  title: ${JSON.stringify(`explained: session ${sessionId}, ${events} events, ${results} results`)},
  operator: deployed(${setup === '' ? '' : `{ ${setup} }`}),
  given: marks,
  show: outcomeText,
  row: rowOfOutcome,
  hide: ${JSON.stringify(HIDDEN).replaceAll('"', "'").replaceAll(',', ', ')},
  score: \`
${printScore(scoreOf(lanes)).replace(/^/gm, '    ')}
  \`,
});
`;
};

const isEmpty = (them: object): boolean => Object.keys(them).length === 0;
