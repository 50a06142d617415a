import type { StateEntry } from './committedState.js';
import { earlyText } from './earlyText.js';
import { sessionsText } from './sessionText.js';
import { wrong } from './shape.js';
import { emissionsText } from './writtenEmissions.js';

/** What lines are about: sessions, early deadlines, results, message ids, pinned message ids. */
export const KINDS = { sessions: 's', early: 'e', emitted: 'r', id: 'i', pinned: 'p' } as const;

/**
 * One entry as a line: a JSON list of its kind, its key and its value; a key that is gone has none. Behind tabs,
 * which JSON has nowhere, follow the visits of each session: they are most of a state and needed last, so each part can be read
 * without the others.
 *
 * Lists, not objects: names would be most of it. Numbers stand as JSON writes them, so they come back
 * to the last bit; all numbers in entries are finite.
 */
export const entryText = (entry: StateEntry): string => {
  const { key } = entry;
  switch (entry._tag) {
    case 'Sessions': {
      if (!entry.value) return line(KINDS.sessions, key, undefined);
      const { sessions, visits } = sessionsText(entry.value);
      return [line(KINDS.sessions, key, sessions), ...visits].join('\t');
    }
    case 'Early':
      return line(KINDS.early, key, entry.value && earlyText(entry.value));
    case 'Emitted':
      return line(KINDS.emitted, key, entry.value && emissionsText(entry.value));
    case 'Id':
      return line(entry.value.pinned ? KINDS.pinned : KINDS.id, key, JSON.stringify(entry.value.seenAt));
  }
};

const line = (kind: string, key: string, value: string | undefined): string => {
  const beginning = `["${kind}",${JSON.stringify(key)}`;
  return value === undefined ? `${beginning}]` : `${beginning},${value}]`;
};

const BEGINNING = '["s","';
const QUOTE = '"'.charCodeAt(0);
const NAMES: ReadonlyMap<number, Kind> = new Map(Object.values(KINDS).map((kind) => [kind.charCodeAt(0), kind]));

type Kind = (typeof KINDS)[keyof typeof KINDS];

/** The kind of a line, and where its key begins, behind the quote. Throws where it begins otherwise. */
export const beginningOf = (text: Buffer, from: number): { readonly kind: Kind; readonly key: number } => {
  const kind = NAMES.get(text[from + BEGINNING.indexOf('s')] ?? 0);
  return kind === undefined || text[from + BEGINNING.length - 1] !== QUOTE
    ? wrong('an entry', text.toString('latin1', from, from + BEGINNING.length))
    : { kind, key: from + BEGINNING.length };
};
