import type { Millis, Timing, Window } from '../../operators/index.js';
import { KEY } from '../mark.js';
import { windowsIn } from '../notation.js';
import type { Lane } from '../timeline.js';
import type { Dot, Place } from './arrival.js';
import { field } from './field.js';

/** A window, from its first event to where it is last spoken of. */
export interface Bar {
  readonly key: string;
  readonly window: Window;
  readonly from: Place | undefined;
  readonly until: Millis;
  readonly panes: readonly { readonly at: Millis; readonly timing: Timing }[];
}

/** That a window is spoken of: it is shown, or let go, or another one takes its place. */
interface Mention {
  readonly at: Millis;
  readonly key: string;
  readonly window: Window;
  readonly how: 'shown' | 'closed' | 'replaced';
  readonly timing: Timing | undefined;
}

/** The windows that words name, in the notation or by what they stand for. */
export const barsOf = (lanes: readonly Lane[], legend: ReadonlyMap<string, unknown>, dots: readonly Dot[]): readonly Bar[] => {
  const mentions = lanes.flatMap(({ happenings }) => happenings).sort((a, b) => a.at - b.at).flatMap(({ at, text }) => mentionsIn(at, text, legend.get(text)));
  return livesIn(mentions).flatMap((life): readonly Bar[] => {
    // A historic session is let go long after its last pane.
    const isShown = life.some(({ timing }) => timing !== undefined);
    const last = life.filter(({ how }) => how !== 'closed' || !isShown).at(-1);
    if (last === undefined || life.every(({ how }) => how === 'replaced')) return [];
    const { key, window, at: until } = last;
    const since = mentions.filter((it) => it.how === 'closed' && isSame(it, last) && it.at < until).at(-1)?.at ?? -Infinity;
    const first = dots.find(({ mark, place, isRefused }) =>
      !isRefused && mark.key === key && mark.at >= window.start && mark.at < window.end && place.at > since && place.at <= until);
    return [{ key, window, until, from: first?.place, panes: life.flatMap(({ at, timing }) => (timing === undefined ? [] : [{ at, timing }])) }];
  });
};

/** When the pane was drawn that a word shows. */
export const timingOf = (text: string, value: unknown): Timing | undefined => {
  const timing = field(field(value, 'pane'), 'timing') ?? field(value, 'timing') ?? /(?:^|[./])(early|on_time|late)(?=[#[/]|$)/i.exec(text)?.[1]?.toUpperCase();
  return timing === 'EARLY' || timing === 'ON_TIME' || timing === 'LATE' ? timing : undefined;
};

/** What is said of each window; one that was let go may come again. */
const livesIn = (mentions: readonly Mention[]): readonly (readonly Mention[])[] =>
  mentions.reduce<Mention[][]>((lives, mention) => {
    const life = lives.find((it) => it[0] !== undefined && isSame(it[0], mention) && it.at(-1)?.how !== 'closed');
    if (life === undefined) lives.push([mention]);
    else life.push(mention);
    return lives;
  }, []);

const isSame = (a: Mention, b: Mention): boolean => a.key === b.key && a.window.start === b.window.start && a.window.end === b.window.end;

const mentionsIn = (at: Millis, text: string, value: unknown): readonly Mention[] => {
  const key = keyOf(text, value);
  const [own, ...replaced] = [windowOf(value) ?? [], windowsIn(text)].flat();
  if (own === undefined) return [];
  const isClosed = field(value, '_tag') === 'Closed' || /(?:^|\.)closed\[/.test(text);
  return [
    ...replaced.map((window): Mention => ({ at, key, window, how: 'replaced', timing: undefined })),
    { at, key, window: own, how: isClosed ? 'closed' : 'shown', timing: timingOf(text, value) },
  ];
};

const windowOf = (value: unknown): Window | undefined => {
  const window = field(value, 'window') ?? field(field(value, 'pane'), 'window');
  const [start, end] = [field(window, 'start'), field(window, 'end')];
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined;
};

const keyOf = (text: string, value: unknown): string => {
  const key = field(value, 'key');
  return typeof key === 'string' ? key : (/^([\w-]+)\.(?:EARLY|ON_TIME|LATE|changed|closed|emitted)(?=[#[])/.exec(text)?.[1] ?? KEY);
};
