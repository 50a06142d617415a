import type { Millis } from '../../operators/index.js';
import type { SeenId } from '../runtime/messageIds.js';
import { list, number, text } from './shape.js';

/** So many ids are one line: enough to share its cost, and few enough to be written at once. */
export const IDS_A_LINE = 200;

/** What follows the kind of a line: when the youngest was seen, then two lists of ids, each with when it was seen: the pinned ones are in the second. */
export const idsText = (ids: readonly SeenId[]): string => {
  const newest = ids.reduce((most, { seenAt }) => Math.max(most, seenAt), -Infinity);
  return `${newest},[${textOf(ids, false)}],[${textOf(ids, true)}]`;
};

const textOf = (ids: readonly SeenId[], isPinned: boolean): string =>
  ids.filter(({ pinned }) => pinned === isPinned).map(({ id, seenAt }) => `${JSON.stringify(id)},${seenAt}`).join();

const NEWEST = '["i",'.length;
const NONE_PINNED = ',[]]';

/** When the youngest of a line's ids was seen. */
export const newestOf = (line: string): Millis => number(JSON.parse(line.slice(NEWEST, line.indexOf(',', NEWEST))));

export const idsOf = (line: string): Generator<SeenId, void> => seenIn(list(JSON.parse(line))[2], false);

export const pinnedOf = (line: string): Iterable<SeenId> => (line.endsWith(NONE_PINNED) ? [] : seenIn(list(JSON.parse(line))[3], true));

function* seenIn(value: unknown, pinned: boolean): Generator<SeenId, void> {
  const members = list(value);
  for (let place = 0; place < members.length; place += 2) yield { id: text(members[place]), seenAt: number(members[place + 1]), pinned };
}
