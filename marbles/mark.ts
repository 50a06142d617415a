import type { Aggregate, Element, Millis, Watermark } from '../operators/index.js';
import { parseTime } from './time.js';

/** What a word in a source row says: `a`, `a@10s` (its event time, if that is not when it arrives), `bob.a@10s` (whose it is). */
export interface Mark {
  readonly name: string;
  /** Whose it is; `k` unless the score says so. */
  readonly key: string;
  /** Event time. */
  readonly at: Millis;
}

/** The key of a mark that names none. */
export const KEY = 'k';

/** The name of the mark that `~10s` in a source row makes. */
export const WATERMARK = '~';

/** Reads a word of a source row that stands at the instant `now`; `undefined` when it is none. */
export const parseMark = (text: string, now: Millis): Mark | undefined => {
  if (text.startsWith(WATERMARK)) {
    const at = parseTime(text.slice(1));
    return at === undefined ? undefined : { name: WATERMARK, key: KEY, at };
  }
  const [, key = KEY, name, time] = /^(?:([\w-]+)\.)?([\w/-]+)(?:@(.+))?$/.exec(text) ?? [];
  const at = time === undefined ? now : parseTime(time);
  return name === undefined || at === undefined || !Number.isFinite(at) ? undefined : { name, key, at };
};

/** A `given` for operators that take marks as they are. */
export const marks = (mark: Mark): Mark => mark;

/** A `given` for operators that take elements and watermarks: `a@10s` is an `Element`, `~10s` a `Watermark`. */
export const elements = (mark: Mark): Element<Mark> | Watermark =>
  mark.name === WATERMARK ? { _tag: 'Watermark', timestamp: mark.at } : { _tag: 'Element', value: mark, timestamp: mark.at };

const inOrder = (marks: readonly Mark[]): readonly Mark[] => [...marks].sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));

/** An aggregate for diagrams: a window holds its marks in order of event time; the same name at the same time adds nothing. */
export const collected: Aggregate<Mark, readonly Mark[]> = {
  create: () => [],
  add: (held, mark) => (held.some((it) => it.name === mark.name && it.at === mark.at) ? undefined : inOrder([...held, mark])),
  merge: (a, b) => inOrder([...a, ...b]),
};
