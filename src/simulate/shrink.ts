import { EMPTY, concatMap, defer, expand, filter, from, last, map, of, take, toArray, type Observable } from 'rxjs';
import type { Scenario, ScenarioFault, ScenarioMessage } from './scenario.js';

/** Whether a scenario still fails. */
export type Fails = (scenario: Scenario) => Observable<boolean>;

/** Something of a scenario that may be left out. */
type Item = { readonly _tag: 'Fault'; readonly it: ScenarioFault } | { readonly _tag: 'Message'; readonly it: ScenarioMessage };

interface Search {
  readonly items: readonly Item[];
  /** So many items are left out at once. */
  readonly chunk: number;
}

/**
 * A smallest part of a failing scenario that still fails: leaves out faults and messages, many at once, then
 * fewer, until each one that is left is needed. Emits that part, once.
 */
export const shrunk = (scenario: Scenario, fails: Fails): Observable<Scenario> => {
  const all: readonly Item[] = [
    ...scenario.faults.map((it) => ({ _tag: 'Fault' as const, it })),
    ...scenario.messages.map((it) => ({ _tag: 'Message' as const, it })),
  ];
  const scenarioWith = (items: readonly Item[]): Scenario => ({
    ...scenario,
    faults: items.flatMap((item) => (item._tag === 'Fault' ? [item.it] : [])),
    messages: items.flatMap((item) => (item._tag === 'Message' ? [item.it] : [])),
  });
  const start: Search = { items: all, chunk: Math.ceil(all.length / 2) };
  const next = ({ items, chunk }: Search): Observable<Search> =>
    from(withoutSome(items, chunk)).pipe(
      concatMap((fewer) => defer(() => fails(scenarioWith(fewer))).pipe(filter(Boolean), map(() => fewer))),
      take(1),
      toArray(),
      concatMap(([fewer]) => {
        if (fewer) return of({ items: fewer, chunk: Math.min(chunk, Math.max(1, Math.ceil(fewer.length / 2))) });
        return chunk > 1 ? of({ items, chunk: Math.floor(chunk / 2) }) : EMPTY;
      }),
    );
  return of(start).pipe(expand(next), last(), map(({ items }) => scenarioWith(items)));
};

/** The items without the first so many, without the next so many, and so on. */
function* withoutSome<A>(items: readonly A[], count: number): Generator<readonly A[]> {
  for (let at = 0; at < items.length; at += count) yield [...items.slice(0, at), ...items.slice(at + count)];
}
