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

const line = (kind: string, key: string, value: unknown): string => JSON.stringify(value === undefined ? [kind, key] : [kind, key, value]);
