/** What is to become of a message; `either`: a result or a dead letter `late`, as the order of delivery has it. */
export type Due = 'result' | 'duplicate' | 'either' | 'invalid' | 'not_json' | 'excluded' | 'future' | 'late' | 'processing_failed';

/** A message that was published, and what is due. */
export interface Planned {
  /** Its number; it is also its attribute `n`. */
  readonly n: number;
  readonly data: string;
  readonly due: Due;
}

/** The name of a session whose messages are due as `either` begins so. */
export const ANY_ORDER = 'anyhow';

export const isOfAnyOrder = (session: string): boolean => session.startsWith(ANY_ORDER);
