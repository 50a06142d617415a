import type { Millis } from '../../operators/index.js';
import { KEY, parseMark, type Mark } from '../mark.js';
import { parseTime, printTime } from '../time.js';

/** An event of the playground. */
export interface Event {
  readonly name: string;
  readonly key: string;
  /** Processing time. */
  readonly arrives: Millis;
  /** Event time. */
  readonly at: Millis;
}

/** What the operators are given; 0 turns early panes and the idle timeout off. */
export interface Settings {
  readonly gap: Millis;
  readonly allowedLateness: Millis;
  readonly maxOutOfOrderness: Millis;
  readonly early: Millis;
  readonly idleTimeout: Millis;
  readonly accumulation: 'ACCUMULATING' | 'DISCARDING';
}

/** All that decides what comes out. */
export interface Situation {
  readonly events: readonly Event[];
  readonly settings: Settings;
  /** When the consumer leaves. */
  readonly until: Millis;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A setting in time, and within which bounds. */
export interface Measure {
  readonly name: Exclude<keyof Settings, 'accumulation'> | 'until';
  readonly label: string;
  readonly least: Millis;
  readonly most: Millis;
  readonly step: Millis;
}

export const MEASURES: readonly Measure[] = [
  { name: 'gap', label: 'gap', least: 10 * SECOND, most: 3 * MINUTE, step: 5 * SECOND },
  { name: 'maxOutOfOrderness', label: 'out-of-orderness', least: 0, most: 2 * MINUTE, step: 5 * SECOND },
  { name: 'allowedLateness', label: 'allowed lateness', least: 0, most: 5 * MINUTE, step: 10 * SECOND },
  { name: 'early', label: 'early every', least: 0, most: 2 * MINUTE, step: 5 * SECOND },
  { name: 'idleTimeout', label: 'idle timeout', least: 0, most: 2 * MINUTE, step: 5 * SECOND },
  { name: 'until', label: 'ends at', least: MINUTE, most: 15 * MINUTE, step: 30 * SECOND },
];

/** As in production. */
export const PRODUCTION: Settings = { gap: MINUTE, allowedLateness: 0, maxOutOfOrderness: 10 * SECOND, early: 30 * SECOND, idleTimeout: MINUTE, accumulation: 'ACCUMULATING' };

/** Whose events there may be, among others: one that need not be named, and two more. */
export const KEYS = [KEY, 'ada', 'bob'];

/** Events of the playground have short names. */
export const isName = (name: string): boolean => /^[a-z]$/.test(name);

/** More would be a crowd. */
export const MOST_EVENTS = 26;

/** How far before the begin an event may have happened. */
export const OLDEST: Millis = -10 * MINUTE;

export const measured = ({ settings, until }: Situation, name: Measure['name']): Millis => (name === 'until' ? until : settings[name]);

/** The same with another measure; it does not end before its last event. */
export const withMeasure = (situation: Situation, { name, least, most }: Measure, value: Millis): Situation => {
  const within = Math.min(most, Math.max(least, value));
  if (name !== 'until') return { ...situation, settings: { ...situation.settings, [name]: within } };
  return { ...situation, until: Math.max(within, ...situation.events.map(({ arrives, at }) => Math.max(arrives, at) + SECOND)) };
};

/** The event, not before the begin, not after the end, to the second; no event is older than {@link OLDEST} or from beyond the end. */
export const withinBounds = (event: Event, until: Millis): Event => {
  const bounded = (time: Millis, least: Millis): Millis => Math.min(until - SECOND, Math.max(least, Math.round(time / SECOND) * SECOND));
  return { ...event, arrives: bounded(event.arrives, 0), at: bounded(event.at, OLDEST) };
};

/** The first letter that no event has. */
export const freeName = (events: readonly Event[]): string | undefined =>
  Array.from({ length: MOST_EVENTS }, (_, i) => String.fromCharCode('a'.charCodeAt(0) + i)).find((name) => events.every((event) => event.name !== name));

/** A situation as the fragment of an address: `events=a@0s,bob.b@30s/40s` (it happened at 30s and came at 40s), then the measures. */
export const toFragment = (situation: Situation): string =>
  [
    `events=${situation.events.map(({ name, key, arrives, at }) => `${key === KEY ? '' : `${key}.`}${name}@${printTime(at)}${at === arrives ? '' : `/${printTime(arrives)}`}`).join(',')}`,
    ...MEASURES.map(({ name }) => `${name}=${printTime(measured(situation, name))}`),
    `accumulation=${situation.settings.accumulation}`,
  ].join('&');

/**
 * Reads the fragment of an address. What is missing or wrong in it is as in `otherwise`.
 *
 * @returns `undefined` when it says nothing of a situation
 */
export const fromFragment = (fragment: string, otherwise: Situation): Situation | undefined => {
  const said = new Map(fragment.replace(/^#/, '').split('&').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
  const events = said.get('events');
  if (events === undefined) return undefined;
  const measures = MEASURES.reduce<Situation>((made, measure) => {
    const value = parseTime(said.get(measure.name) ?? '');
    return value === undefined ? made : withMeasure(made, measure, value);
  }, { ...otherwise, events: [] });
  const accumulation = said.get('accumulation');
  return {
    ...measures,
    settings: { ...measures.settings, accumulation: accumulation === 'ACCUMULATING' || accumulation === 'DISCARDING' ? accumulation : otherwise.settings.accumulation },
    events: events.split(',').flatMap((word) => eventIn(word, measures.until)).filter(isFirstOfItsName).slice(0, MOST_EVENTS),
  };
};

const eventIn = (word: string, until: Millis): readonly Event[] => {
  const [first, arrival] = word.split('/');
  const mark: Mark | undefined = parseMark(first ?? '', 0);
  const arrives = arrival === undefined ? mark?.at : parseTime(arrival);
  if (mark === undefined || arrives === undefined || !isName(mark.name)) return [];
  return [withinBounds({ name: mark.name, key: mark.key, at: mark.at, arrives }, until)];
};

const isFirstOfItsName = ({ name }: Event, i: number, events: readonly Event[]): boolean => events.findIndex((event) => event.name === name) === i;
