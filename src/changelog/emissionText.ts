import type { EarlyDeadline, Emission, KeyedEmissions } from '../../operators/index.js';
import type { PageTime } from '../model/pageTime.js';
import { extraOf } from './extraText.js';
import type { Interning } from './interning.js';
import { list, number, text, word } from './shape.js';

const RULES = ['next_view', 'session_gap'] as const;

/** Most identities are this, and then 0 is written in their place. */
const usualIdentity = ({ entry, page }: PageTime): string => `${entry} ${page}`;

/** `[[identity, revision, start, end, page, entry, timeSpent, rule, elementTimestamp, extra], …]` */
export const emissionsText = (emissions: KeyedEmissions<PageTime>): unknown => emissions.map(emissionText);

export const emissionsOf = (value: unknown, intern: Interning): KeyedEmissions<PageTime> => list(value).map((emission) => emissionOf(list(emission), intern));

/** `[[start, end, at, ordinal], …]` */
export const earlyText = (deadlines: readonly EarlyDeadline[]): unknown => deadlines.map(({ window, at, ordinal }) => [window.start, window.end, at, ordinal]);

export const earlyOf = (value: unknown): readonly EarlyDeadline[] => list(value).map((deadline) => deadlineOf(list(deadline)));

const deadlineOf = (members: readonly unknown[]): EarlyDeadline => ({
  window: { start: number(members[0]), end: number(members[1]) }, at: number(members[2]), ordinal: number(members[3]),
});

const emissionText = ([identity, { value, revision, window }]: KeyedEmissions<PageTime>[number]): unknown => {
  const { page, entry, timeSpent, rule, elementTimestamp, extra } = value;
  const known = identity === usualIdentity(value) ? 0 : identity;
  const members = [known, revision, window.start, window.end, page, entry, timeSpent, RULES.indexOf(rule), elementTimestamp];
  return extra ? [...members, extra] : members;
};

const emissionOf = (members: readonly unknown[], intern: Interning): readonly [string, Emission<PageTime>] => {
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
