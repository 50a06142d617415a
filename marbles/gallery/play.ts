import { identity, pipe } from 'rxjs';
import { assignWatermarks, branch, earlyTrigger, sessionWindow } from '../../operators/index.js';
import { diagram, type Diagram, type Output } from '../diagram.js';
import { KEY, collected, marks, type Mark } from '../mark.js';
import { record } from '../record.js';
import { printScore } from '../score.js';
import { printTime } from '../time.js';
import { scoreOf, type Happening, type Lane } from '../timeline.js';
import type { Event, Settings, Situation } from './situation.js';

/** The rows of what comes out, in this order. */
const ROWS = ['watermark', 'panes', 'late'];

/** Plays a situation through the operators in virtual time, and writes down what comes as a diagram. */
export const played = (situation: Situation, title: string): Diagram => {
  const drawn = { id: `playground/${title.replace(/\W+/g, '-')}`, title, operator: operatorOf(situation.settings), given: marks, hide: ['Changed', 'Closed'] };
  const source: Lane = { name: 'source', happenings: [...inOrder(situation.events).map(arrival), { at: situation.until, text: '!' }] };
  const { outs } = record<Output>(diagram({ ...drawn, score: printScore(scoreOf([source])) }));
  const lanes = ROWS.map((name): Lane => ({ name, happenings: outs.filter(({ value }) => value.row === name).map(({ at, value }) => ({ at, text: value.text })) }));
  return diagram({ ...drawn, score: printScore(scoreOf([source, ...lanes.filter(({ happenings }) => happenings.length > 0)])) });
};

/** Events as they arrive; those of one instant in order of event time. */
export const inOrder = (events: readonly Event[]): readonly Event[] => [...events].sort((a, b) => a.arrives - b.arrives || a.at - b.at || (a.name < b.name ? -1 : 1));

const operatorOf = ({ gap, allowedLateness, maxOutOfOrderness, early, idleTimeout, accumulation }: Settings) =>
  pipe(
    assignWatermarks<Mark>({ timestamp: ({ at }) => at, maxOutOfOrderness, idleTimeout: idleTimeout === 0 ? undefined : idleTimeout }),
    branch('Future', () => undefined),
    sessionWindow({ key: ({ key }: Mark) => key, gap, aggregate: collected, allowedLateness, accumulation }),
    early === 0 ? identity : earlyTrigger({ every: early }),
  );

const arrival = ({ name, key, arrives, at }: Event): Happening => ({ at: arrives, text: `${key === KEY ? '' : `${key}.`}${name}${at === arrives ? '' : `@${printTime(at)}`}` });

const digits = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, '_');

/** The diagram as one writes it. */
export const codeOf = ({ settings }: Situation, { id, title, text }: Diagram): string => {
  const { gap, allowedLateness, maxOutOfOrderness, early, idleTimeout, accumulation } = settings;
  const options = (all: Readonly<Record<string, string | number | false>>): string => Object.entries(all).filter(([, value]) => value !== false).map(([name, value]) => `${name}: ${typeof value === 'number' ? digits(value) : value}`).join(', ');
  const operators = [
    `assignWatermarks<Mark>({ timestamp: ({ at }) => at, ${options({ maxOutOfOrderness, idleTimeout: idleTimeout > 0 && idleTimeout })} })`,
    "branch('Future', () => undefined)",
    `sessionWindow({ key: ({ key }: Mark) => key, ${options({ gap, aggregate: 'collected', allowedLateness: allowedLateness > 0 && allowedLateness, accumulation: accumulation === 'DISCARDING' && "'DISCARDING'" })} })`,
    ...(early > 0 ? [`earlyTrigger({ every: ${digits(early)} })`] : []),
  ];
  return `import { pipe } from 'rxjs';
import { assignWatermarks, branch, ${early > 0 ? 'earlyTrigger, ' : ''}sessionWindow } from 'pages-viewed-streaming/operators';
import { collected, diagram, marks, type Mark } from 'pages-viewed-streaming/marbles';

export const example = diagram({
  id: '${id}',
  title: '${title}',
  operator: pipe(
${operators.map((operator) => `    ${operator},`).join('\n')}
  ),
  given: marks,
  hide: ['Changed', 'Closed'],
  score: \`
${text.split('\n').map((line) => `    ${line}`).join('\n')}
  \`,
});
`;
};
