import { left, right, type Either } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Fault } from './deadLetter.js';
import { faultOf } from './faultOf.js';
import { guardedBy } from './guardedBy.js';
import { shown } from './shown.js';

/** What is known about accounts and pages beside the events. */
export interface ReferenceData {
  /** Customer segment by account number. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Standard page name by title: normalised, and in lower case. */
  readonly pages: ReadonlyMap<string, string>;
}

/** Where there is no reference data. */
export const NO_REFERENCE_DATA: ReferenceData = { accounts: new Map(), pages: new Map() };

export const segmentOf = ({ accounts }: ReferenceData, account: string): string | undefined => accounts.get(account);

/** Looks a title up that {@link normaliseTitle} has seen; upper and lower case are the same. */
export const standardPage = ({ pages }: ReferenceData, normalisedTitle: string): string | undefined =>
  pages.size === 0 ? undefined : pages.get(normalisedTitle.toLowerCase());

/** Visible ASCII and Latin-1, single spaces between words: nothing to normalise, and most titles are so. */
const NORMAL = /^[!-~¡-ÿ]+(?: [!-~¡-ÿ]+)*$/;

/** One spelling of what looks the same: Unicode NFC, no white space around, one space for any white space within. */
export const normaliseTitle = (title: string): string => (NORMAL.test(title) ? title : title.normalize('NFC').trim().replace(/\s+/gu, ' '));

const Text = guardedBy('text that is not blank', (value): value is string => typeof value === 'string' && value.trim() !== '');

const SECTIONS = ['accounts', 'pages'];

const ReferenceFile = t.partial(
  {
    accounts: t.record(t.string, Text, 'segments by account number'),
    pages: t.record(t.string, Text, 'standard page names by title'),
  },
  'accounts and pages, both optional',
);

/** Reads what a file of reference data holds, once its syntax is understood; or says all that is wrong with it. */
export function decodeReferenceData(value: unknown): Either<readonly Fault[], ReferenceData> {
  const decoded = ReferenceFile.decode(value);
  if (decoded._tag === 'Left') return left(decoded.left.map(faultOf));
  const faults: Fault[] = Object.keys(decoded.right)
    .filter((name) => !SECTIONS.includes(name))
    .map((name) => ({ path: `$.${name}`, expected: 'only accounts and pages', got: `a section ${name}` }));

  const { accounts = {}, pages = {} } = decoded.right;
  const byTitle = new Map<string, string>();
  for (const [title, name] of Object.entries(pages)) {
    const key = normaliseTitle(title).toLowerCase();
    const other = byTitle.get(key);
    if (other !== undefined && other !== name) faults.push({ path: `$.pages.${title}`, expected: `${shown(other)}, as for another spelling of this title`, got: shown(name) });
    byTitle.set(key, name);
  }
  return faults.length > 0 ? left(faults) : right({ accounts: new Map(Object.entries(accounts)), pages: byTitle });
}
