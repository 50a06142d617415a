import type { Millis } from '../../operators/index.js';
import type { EffectiveSetting } from '../config/effectiveSettings.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Outcome, Result } from '../model/outcome.js';
import { PageTime } from '../model/pageTime.js';
import { MASK, type DeadLetterSample, type LatestResult } from './status.js';

/** How much may be shown: everything, or nothing that says who somebody is, what they read or what stood in an event. */
export interface ShownValues {
  result(result: Result): LatestResult;
  deadLetter(deadLetter: DeadLetter, at: Millis): DeadLetterSample;
  setting(setting: EffectiveSetting): EffectiveSetting;
}

export const shownValues = (showValues: boolean): ShownValues => {
  const value = (text: string): string => (showValues ? text : MASK);
  const valueOrNull = (text: string | undefined): string | null => (text === undefined ? null : value(text));
  return {
    result: ({ emitted: { key, value: outcome, revision, pane: { timing, historic, forced, window } }, processingTime }) => ({
      session: value(key), ...told(outcome, value), timing, revision, historic, forced,
      at: processingTime, windowStart: window.start, windowEnd: window.end,
    }),
    deadLetter: ({ stage, sessionId, message, faults }, at) => ({
      at, stage, session: valueOrNull(sessionId), messageId: valueOrNull(message.id), publishTime: message.publishTime ?? null,
      errors: faults.map(({ path, expected, got }) => ({ path, expected: stage === 'filter' ? rule(expected, showValues) : expected, got: value(got) })),
    }),
    setting: (setting) => (setting.isSecret || (setting.isPersonal && isGiven(setting) && !showValues) ? { ...setting, value: MASK } : setting),
  };
};

type Told = Pick<LatestResult, 'page' | 'seconds' | 'rule'>;

const told = (outcome: Outcome, value: (text: string) => string): Told =>
  outcome instanceof PageTime
    ? { page: value(outcome.page), seconds: outcome.timeSpent / 1_000, rule: outcome.rule }
    : { page: value(JSON.stringify(outcome.shown())), seconds: null, rule: null };

/** What a filter expects stands in the configuration, and may be a customer: its name remains. */
const rule = (expected: string, showValues: boolean): string => (showValues || !expected.includes(': ') ? expected : `${expected.slice(0, expected.indexOf(': '))}: ${MASK}`);

const isGiven = ({ value }: EffectiveSetting): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
