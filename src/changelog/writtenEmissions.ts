import type { Emission, KeyedEmissions } from '../../operators/index.js';
import type { PageTime } from '../model/pageTime.js';
import { extraOf } from './extraText.js';
import type { Interning } from './interning.js';
import type { Scanner } from './scanner.js';
import { list, number, text, word } from './shape.js';

/** What was emitted of a session as a changelog has it, read each time that somebody asks: most of it is forgotten unread. */
export class WrittenEmissions implements Iterable<KeyedEmission> {
  constructor(
    readonly text: string,
    private readonly intern: Interning,
  ) {}

  *[Symbol.iterator](): Generator<KeyedEmission, void> {
    for (const emission of list(JSON.parse(this.text))) yield emissionOf(list(emission), this.intern);
  }
}

type KeyedEmission = readonly [string, Emission<PageTime>];

const RULES = ['next_view', 'session_gap'] as const;

/** Most identities are this, and then 0 is written in their place. */
const usualIdentity = ({ entry, page }: PageTime): string => `${entry} ${page}`;

/** `[[identity, revision, start, end, page, entry, timeSpent, rule, elementTimestamp, extra], …]` */
export const emissionsText = (emissions: KeyedEmissions<PageTime>): string =>
  emissions instanceof WrittenEmissions ? emissions.text : JSON.stringify(Array.from(emissions, emissionText));

/** What follows a key, to the end of the line. */
export const emissionsOf = (value: Scanner, intern: Interning): KeyedEmissions<PageTime> => new WrittenEmissions(value.rest(']'.length), intern);

const emissionText = ([identity, { value, revision, window }]: KeyedEmission): unknown => {
  const { page, entry, timeSpent, rule, elementTimestamp, extra } = value;
  const known = identity === usualIdentity(value) ? 0 : identity;
  const members = [known, revision, window.start, window.end, page, entry, timeSpent, RULES.indexOf(rule), elementTimestamp];
  return extra ? [...members, extra] : members;
};

const emissionOf = (members: readonly unknown[], intern: Interning): KeyedEmission => {
  const value: PageTime = {
    page: intern(text(members[4])),
    entry: number(members[5]),
    timeSpent: number(members[6]),
    rule: word(RULES, members[7]),
    elementTimestamp: number(members[8]),
    extra: extraOf(members[9]),
  };
  const window = { start: number(members[2]), end: number(members[3]) };
  return [members[0] === 0 ? usualIdentity(value) : text(members[0]), { value, revision: number(members[1]), window }];
};
