import type { KeptLetter } from '../model/keptLetter.js';

/** What redriving asks of the outside world; `io/` implements it. Failures are errors that name the topic or the file. */

/** Where dead letters lie. */
export interface DeadLetters {
  /** Hands over those that are there now, some at a time, and waits for each `take`; no more are read once `isStopped`. */
  read(take: (letters: readonly KeptLetter[]) => Promise<void>, isStopped: () => boolean): Promise<void>;
}

/** A message as it is sent again. */
export type Redriven = Pick<KeptLetter, 'message'>;

/** Where they go. */
export interface Destination {
  open(): Promise<void>;
  /** Resolves when all are safely there; after an error some may be. */
  send(messages: readonly Redriven[]): Promise<void>;
  close(): Promise<void>;
}

/** What is remembered of former redrives of the same dead letters: the places of those that were sent. */
export interface Redrives {
  /** Only looks. */
  look(): Promise<ReadonlySet<string>>;
  /** From here on no other redrive of the same dead letters can remember anything. */
  takeOver(): Promise<ReadonlySet<string>>;
  /** Sends, and remembers that these were sent. After an error of either they are as if not sent. */
  remember(places: readonly string[], send: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
