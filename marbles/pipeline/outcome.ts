import type { Watermark } from '../../operators/index.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Message } from '../../src/model/message.js';
import type { Result } from '../../src/model/outcome.js';
import { PageTime } from '../../src/model/pageTime.js';
import type { Counts } from '../../src/runtime/conservation.js';
import { printTime } from '../time.js';
import { whose } from './pageViewMessage.js';

/** What a reader of the pipeline's topics and counters sees. */
export type Outcome =
  | { readonly _tag: 'Result'; readonly result: Result }
  | { readonly _tag: 'DeadLetter'; readonly deadLetter: DeadLetter }
  /** A message that is done with for Pub/Sub. */
  | { readonly _tag: 'Ack'; readonly message: Message }
  /** In the times of the score. */
  | Watermark
  /** When the run has ended: how many messages were received, and how many of them became what. */
  | { readonly _tag: 'Count'; readonly of: string; readonly count: number };

export const countsOf = ({ received, closed, held, duplicates, deadLetters }: Counts): readonly Outcome[] =>
  Object.entries({ received, closed, held, duplicates, ...deadLetters }).map(([of, count]) => ({ _tag: 'Count', of, count }));

export const rowOfOutcome = ({ _tag: tag }: Outcome): string => ROWS[tag];

const ROWS: Readonly<Record<Outcome['_tag'], string>> = { Result: 'results', DeadLetter: 'dead_letters', Ack: 'acked', Watermark: 'watermark', Count: 'counts' };

/**
 * An outcome in a word:
 *
 * ```text
 * home=20s#0                  20 seconds on the page home, revision 0
 * bob.home=60s#1/gap/early    of bob; /gap: by the gap rule, no measurement; /early: by an early pane;
 *                             also /late, /historic, /cap, /drain
 * late:bob.home               a dead letter, by its reason
 * duplicates:2                a count
 * bob.home                    an acknowledgement, as the source row has the message
 * ```
 */
export const outcomeText = (outcome: Outcome): string => {
  switch (outcome._tag) {
    case 'Result': return resultText(outcome.result);
    case 'DeadLetter': return `${outcome.deadLetter.reason}:${whose(outcome.deadLetter.sessionId)}${pageOf(outcome.deadLetter)}`;
    case 'Ack': return `${outcome.message.receipt}`;
    case 'Watermark': return `~${printTime(outcome.timestamp)}`;
    case 'Count': return `${outcome.of}:${outcome.count}`;
  }
};

const resultText = ({ emitted: { key, value, revision, pane } }: Result): string => {
  if (!(value instanceof PageTime)) throw new Error('a diagram shows pages viewed');
  const { page, timeSpent, rule } = value;
  const flags = [rule === 'session_gap' && 'gap', pane.timing !== 'ON_TIME' && pane.timing.toLowerCase(), pane.historic && 'historic', pane.forced];
  return `${whose(key)}${page}=${timeSpent / 1_000}s#${revision}${flags.filter((flag) => flag !== false).map((flag) => `/${flag}`).join('')}`;
};

const pageOf = ({ message: { body } }: DeadLetter): string => {
  const event: unknown = JSON.parse(body.toString());
  return typeof event === 'object' && event !== null && 'page_title' in event ? String(event.page_title) : '';
};
