import { REASONS, type Reason } from './deadLetter.js';

/** The reason that a word names; undefined for any other. */
export const reasonOf = (word: unknown): Reason | undefined => REASONS.find((reason) => reason === word);
