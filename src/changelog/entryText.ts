import type { StateEntry } from './committedState.js';
import { earlyOf, earlyText, emissionsOf, emissionsText } from './emissionText.js';
import type { Interning } from './interning.js';
import { sessionsOf, sessionsText } from './sessionText.js';
import { list, number, text, wrong } from './shape.js';

/** Between a session and what was viewed in it. JSON has it nowhere, so each half can be read without the other. */
const TAB = '\t';

/**
 * One entry as a line: a JSON list of its kind (`s`essions, `e`arly deadlines, `r`esults, message
 * `i`d, `p`inned message id), its key and its value; a key that is gone has none. Behind a tab follow
 * the visits of sessions, which are most of a state and needed last.
 *
 * Lists, not objects: names would be most of it. Numbers stand as JSON writes them, so they come back
 * to the last bit; all numbers in entries are finite.
 */
export const entryText = (entry: StateEntry): string => {
  const { key } = entry;
  switch (entry._tag) {
    case 'Sessions': {
      if (!entry.value) return line('s', key, undefined);
      const { sessions, visits } = sessionsText(entry.value);
      return line('s', key, sessions) + TAB + JSON.stringify(visits);
    }
    case 'Early':
      return line('e', key, entry.value && earlyText(entry.value));
    case 'Emitted':
      return line('r', key, entry.value && emissionsText(entry.value));
    case 'Id':
      return line(entry.value.pinned ? 'p' : 'i', key, entry.value.seenAt);
  }
};

/** Throws where the line has another shape. */
export const entryOf = (line: string, intern: Interning): StateEntry => {
  const tab = line.indexOf(TAB);
  const [kind, name, value] = list(JSON.parse(tab < 0 ? line : line.slice(0, tab)));
  const key = text(name);
  switch (kind) {
    case 's':
      return { _tag: 'Sessions', key, value: value === undefined ? undefined : sessionsOf(value, JSON.parse(line.slice(tab + 1)), intern) };
    case 'e':
      return { _tag: 'Early', key, value: value === undefined ? undefined : earlyOf(value) };
    case 'r':
      return { _tag: 'Emitted', key, value: value === undefined ? undefined : emissionsOf(value, intern) };
    case 'i':
    case 'p':
      return { _tag: 'Id', key, value: { id: key, seenAt: number(value), pinned: kind === 'p' } };
    default:
      return wrong('a kind of entry', kind);
  }
};

const PARTS: ReadonlyMap<string, StateEntry['_tag']> = new Map([['s', 'Sessions'], ['e', 'Early'], ['r', 'Emitted'], ['i', 'Id'], ['p', 'Id']]);

/** Where the kind stands, and where the key begins: `["s","key"`. */
const KIND = 2;
const KEY = 5;

/** Which entry a line is about, without reading the rest of it. The key is as JSON writes it, with its quotes. Throws where the line begins otherwise. */
export const lineKeyOf = (line: string): { readonly part: StateEntry['_tag']; readonly key: string; readonly isGone: boolean } => {
  const part = PARTS.get(line.charAt(KIND));
  const end = endOfString(line, KEY);
  if (part === undefined || end < 0 || line[KEY] !== '"') return wrong('an entry', line);
  return { part, key: line.slice(KEY, end + 1), isGone: line[end + 1] === ']' };
};

/** Of the closing quote of the string that begins at `start`; -1: there is none. */
const endOfString = (line: string, start: number): number => {
  let end = line.indexOf('"', start + 1);
  while (end > 0 && isEscaped(line, end)) end = line.indexOf('"', end + 1);
  return end;
};

const isEscaped = (line: string, at: number): boolean => {
  let backslashes = 0;
  while (line[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
};

const line = (kind: string, key: string, value: unknown): string => JSON.stringify(value === undefined ? [kind, key] : [kind, key, value]);
