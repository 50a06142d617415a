import type { Millis } from '../../operators/index.js';

/** Of the two results that are compared, where one is told. */
export type Side = 'left' | 'right';

export const SIDES: readonly [Side, Side] = ['left', 'right'];

/** A record of results, as far as a comparison needs it. */
export interface Told {
  readonly session: string;
  readonly page: string;
  /** As the body has it: when the page was left, or, in other pipelines, when it was entered. */
  readonly timestamp: Millis;
  readonly spent: Millis;
  /** Undefined where the body does not say. */
  readonly windowStart: Millis | undefined;
  readonly windowEnd: Millis | undefined;
  /** What the header `pane` says; undefined where there is none. */
  readonly pane: ToldPane | undefined;
  /** Offset of the record, or number of the line: of two that are equal otherwise, the later one counts. */
  readonly place: number;
}

export interface ToldPane {
  readonly entry: Millis;
  readonly revision: number;
  readonly rule: 'next_view' | 'session_gap';
  readonly historic: boolean;
}

/** What a side's `timestamp` means. */
export type TimestampMeaning = 'entry' | 'exit';

/** A {@link Told} of which is known when the page was entered, and how exactly. */
export interface Entered extends Told {
  readonly entry: Millis;
  /** The entry may be this much later: its `timestamp` was cut to the second and its time was not. */
  readonly slack: Millis;
}

const SECOND: Millis = 1_000;

export const entered = (told: Told, meaning: TimestampMeaning): Entered => {
  if (told.pane !== undefined) return { ...told, entry: told.pane.entry, slack: 0 };
  if (meaning === 'entry') return { ...told, entry: told.timestamp, slack: 0 };
  const isCut = told.timestamp % SECOND === 0 && told.spent % SECOND !== 0;
  return { ...told, entry: told.timestamp - told.spent, slack: isCut ? SECOND : 0 };
};
