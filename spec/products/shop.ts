import * as fc from 'fast-check';
import { productFlow } from '../../src/flow.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Message } from '../../src/model/message.js';
import type { Result } from '../../src/model/outcome.js';
import { resultBody, resultHeaders } from '../../src/model/resultRecord.js';
import type { SessionEvent } from '../../src/model/sessionEvent.js';
import type { Product } from '../../src/products/product.js';
import { iso, message, playFlow, rulesWith, type Changes } from '../pipeline/play.js';

/** An event of a shop: who did what, seconds after T0. */
export interface Done {
  readonly session?: string;
  readonly name: string;
  readonly at: number;
  readonly items?: unknown;
  /** Default: as it was done. */
  readonly published?: number;
  readonly id?: string;
}

export const done = ({ session = 's', name, at, items, published = at, id }: Done): Message =>
  message(JSON.stringify({ session_id: session, event_name: name, ga_event_dtm: iso(at), items }), { at, published, ...(id !== undefined && { id }) });

/** By their publish times, to the end of the input. */
export const shopped = <E extends SessionEvent, M extends { readonly timestamp: number }, A>(product: Product<E, M, A>, all: readonly Done[], changes: Changes = {}) => {
  const messages = all.map(done).sort((a, b) => (a.publishTime ?? 0) - (b.publishTime ?? 0));
  return playFlow(productFlow(product, rulesWith(changes)), messages);
};

/** The bodies of results as they go out, of final ones only if that is asked for. */
export const told = (results: readonly Result[], { final = false } = {}): readonly unknown[] =>
  results.filter((result) => !final || result.emitted.pane.isLast).map((result): unknown => JSON.parse(resultBody(result)));

export const pane = (result: Result): unknown => JSON.parse(resultHeaders(result)['pane'] ?? '');

export const reasons = (deadLetters: readonly DeadLetter[]) => deadLetters.map(({ reason, faults }) => ({ reason, faults }));

const item = fc.record({ item_id: fc.constantFrom('A', 'B', '(not set)', 7), item_name: fc.constantFrom('Tee', 'Cap') });

/** What visitors do in a shop; some of it twice, some of it at once. */
export const anyEvents = (names: readonly string[]): fc.Arbitrary<readonly Done[]> =>
  fc.array(
    fc.record({
      session: fc.constantFrom('ada', 'bob'), name: fc.constantFrom(...names, 'page_view'), at: fc.oneof(fc.nat(60), fc.nat(400)),
      items: fc.array(item, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 40 },
  );
