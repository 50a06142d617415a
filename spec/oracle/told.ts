import type { Window } from '../../operators/index.js';
import type { Output } from '../operators/sessions.js';

/**
 * What one step brought, comparable: in order, but that the ends of historic sessions stand last.
 * They are told when a memory is over; which of several ends first within one step is not a rule.
 */
export const told = (out: readonly Output[], historic: Set<string>): unknown => {
  const name = (it: { readonly key: string; readonly window: Window }): string => `${it.key} ${it.window.start} ${it.window.end}`;
  for (const it of out) if (it._tag === 'Pane' && it.historic && it.isLast) historic.add(name(it));
  const ends = out.flatMap((it) => (it._tag === 'Closed' && historic.has(name(it)) ? [name(it)] : []));
  return { out: out.filter((it) => it._tag !== 'Closed' || !historic.has(name(it))), ends: ends.sort() };
};
