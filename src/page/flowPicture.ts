import type { Edge, Place, Status } from '../status/status.js';
import { count, duration, rate, several } from './format.js';

/** What the picture says: texts by place and edge, without a word about where they stand. */
export interface FlowPicture {
  readonly places: ReadonlyMap<Place, PlaceText>;
  /** By {@link edgeName}. */
  readonly edges: ReadonlyMap<string, EdgeText>;
}

export interface PlaceText {
  readonly title: string;
  /** How it is there now; empty: it has nothing to tell. */
  readonly note: string;
  /** What leaves the flow there. */
  readonly exits: readonly ExitText[];
}

export interface ExitText {
  readonly what: string;
  readonly figures: string;
}

export interface EdgeText {
  readonly count: string;
  readonly rate: string;
  readonly unit: string;
  /** Something has gone along it within the last ten seconds. */
  readonly isMoving: boolean;
}

/** The places that are drawn, in the order of the flow; one row of them each on a wide screen. */
export const ROWS: readonly (readonly Place[])[] = [
  ['source', 'messages', 'validate', 'filter', 'enrich', 'assignWatermarks'],
  ['sessionWindow', 'earlyTrigger', 'timeOnPage', 'dedupeEmitted', 'sink'],
];
export const FLOW: readonly Place[] = ROWS.flat();
/** So many lines are kept free for what leaves at one place. */
export const MOST_EXITS = 3;

export const edgeName = ({ from, to }: Pick<Edge, 'from' | 'to'>): string => `${from}-${to}`;

const LONGEST_NAME = 19;

/** The end of a path or of a resource name says most. */
export const shortName = (name: string): string => {
  const last = name.split('/').filter((part) => part !== '').pop() ?? name;
  return last.length > LONGEST_NAME ? `…${last.slice(1 - LONGEST_NAME)}` : last;
};

export const flowPicture = (status: Status): FlowPicture => ({
  places: new Map(FLOW.map((place) => [place, { title: titleOf(place, status), note: NOTES[place]?.(status) ?? '', exits: exitsOf(place, status) }])),
  edges: new Map(status.edges.filter(isInFlow).map((edge) => [edgeName(edge), { count: count(edge.count), rate: rate(edge.perSecond), unit: edge.unit, isMoving: edge.perSecond > 0 }])),
});

const isInFlow = ({ to }: Edge): boolean => to !== 'deadLetters' && to !== 'duplicates';

const exitsOf = (place: Place, { edges }: Status): readonly ExitText[] =>
  edges.filter((edge) => edge.from === place && !isInFlow(edge)).map((edge) => ({ what: edge.reason ?? 'duplicates', figures: `${count(edge.count)} · ${rate(edge.perSecond)}` }));

const titleOf = (place: Place, { source, sink }: Status): string => {
  if (place === 'source') return source.kind === 'file' ? 'File' : 'Pub/Sub';
  if (place === 'sink') return sink.kind === 'file' ? 'File' : 'Kafka';
  return place;
};

const fileName = (name: string, standard: string): string => (name === '-' ? standard : shortName(name));

const NOTES: Partial<Record<Place, (status: Status) => string>> = {
  source: ({ source, time }) => (source.isOpen || time.isAtEnd ? fileName(source.name, 'stdin') : 'not open'),
  messages: ({ source }) => `${count(source.waiting)} waiting`,
  assignWatermarks: ({ time }) => (time.isAtEnd ? 'at the end' : time.lag === null ? 'no event yet' : `${duration(time.lag)} behind`),
  sessionWindow: ({ sessions }) => `${count(sessions.open)} open`,
  earlyTrigger: ({ results }) => several(results.panes.EARLY, 'early pane'),
  dedupeEmitted: ({ results }) => several(results.revisions, 'revision'),
  sink: ({ sink }) => fileName(sink.name, 'stdout'),
};
