import type { Millis } from '../../operators/index.js';
import type { Reason } from '../model/deadLetter.js';
import type { KeptLetter } from '../model/keptLetter.js';

/** Which dead letters are wanted. */
export interface Selection {
  /** Undefined: all. */
  readonly reasons: readonly Reason[] | undefined;
  /** Undefined: all; else those that do not say when they are not wanted. */
  readonly since: Millis | undefined;
  /** Those that have been redriven so often are refused. */
  readonly maxRedrives: number;
}

/**
 * What is to become of a dead letter:
 * - `other`: it is not wanted;
 * - `redriven_before`: a former redrive has sent it;
 * - `truncated`: what was kept is not the whole message;
 * - `no_event`: it is a result that was too large, not what came in;
 * - `too_often`: it has been redriven so often that it will not go well this time;
 * - `too_many_attributes`: Pub/Sub would not take it with one more;
 * - `redriven`: it is sent.
 */
export type Verdict = 'other' | 'redriven_before' | 'truncated' | 'no_event' | 'too_often' | 'too_many_attributes' | 'redriven';

/** The attribute that counts how often a message has been redriven. */
export const REDRIVE_COUNT = 'redrive_count';

/** Of Pub/Sub. */
const MOST_ATTRIBUTES = 100;

export const verdictOn = (letter: KeptLetter, { reasons, since, maxRedrives }: Selection, sent: ReadonlySet<string>): Verdict => {
  const { place, reason, truncated, message: { attributes } } = letter;
  if (reasons?.includes(reason) === false) return 'other';
  if (since !== undefined && !(letter.since !== undefined && letter.since >= since)) return 'other';
  if (sent.has(place)) return 'redriven_before';
  if (truncated) return 'truncated';
  if (reason === 'too_large') return 'no_event';
  if (redrivesOf(letter) >= maxRedrives) return 'too_often';
  return Object.keys({ ...attributes, [REDRIVE_COUNT]: '' }).length > MOST_ATTRIBUTES ? 'too_many_attributes' : 'redriven';
};

/** What counts nothing sensible has not been counted by us. */
const redrivesOf = ({ message: { attributes } }: KeptLetter): number => {
  const count = Number(attributes[REDRIVE_COUNT] ?? 0);
  return Number.isInteger(count) && count > 0 ? count : 0;
};

/** The message as it came, but for the count of its redrives. */
export const counted = (letter: KeptLetter): KeptLetter => {
  const { message } = letter;
  return { ...letter, message: { ...message, attributes: { ...message.attributes, [REDRIVE_COUNT]: `${redrivesOf(letter) + 1}` } } };
};
