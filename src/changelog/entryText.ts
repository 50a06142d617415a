import type { StateEntry } from './committedState.js';
import { earlyText } from './earlyText.js';
import { emissionsText } from './emissionText.js';
import { idsText } from './idsText.js';
import type { ProductCodec } from './productCodec.js';
import { sessionsText } from './sessionText.js';

/** What lines are about, as the one letter that stands there for it. */
export const KINDS = { sessions: 's', early: 'e', emitted: 'r', ids: 'i' } as const;

/**
 * One entry as a line: a JSON list of its kind, its key and its value; a key that is gone has none, and message ids have no key. Behind tabs,
 * which JSON has nowhere, follows what each session has accumulated: it is most of a state and needed last, so each part can be
 * read without the others.
 *
 * Lists, not objects: names would be most of it. Numbers stand as JSON writes them, so they come back
 * to the last bit; all numbers in entries are finite.
 */
export const entryText = <A>(entry: StateEntry<A>, codec: ProductCodec<A>): string => {
  switch (entry._tag) {
    case 'Sessions': {
      if (!entry.value) return line(KINDS.sessions, entry.key, undefined);
      const { sessions, accumulators } = sessionsText(entry.value, codec);
      return [line(KINDS.sessions, entry.key, sessions), ...accumulators].join('\t');
    }
    case 'Early':
      return line(KINDS.early, entry.key, entry.value && earlyText(entry.value));
    case 'Emitted':
      return line(KINDS.emitted, entry.key, entry.value && emissionsText(entry.value));
    case 'Ids':
      return `["${KINDS.ids}",${idsText(entry.ids)}]`;
  }
};

const line = (kind: string, key: string, value: string | undefined): string => {
  const beginning = `["${kind}",${JSON.stringify(key)}`;
  return value === undefined ? `${beginning}]` : `${beginning},${value}]`;
};

/** Where the kind of a line stands, and where its key begins, behind the quote. */
export const KIND_AT = '["'.length;
export const KEY_AT = '["s","'.length;
