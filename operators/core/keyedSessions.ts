import type { Changes } from '../state.js';
import { NO_MARKS, type ClosedSessions } from './closedSessions.js';
import type { HeldSession, KeyedSessions, Mark, Session, SessionsHeader } from './session.js';
import type { SessionStore } from './sessionStore.js';

/** Held and closed sessions are kept apart, and saved together: one entry a key. */

/** What there is now of the keys of these sessions, some of which may not be held any more, and of the keys of these marks. */
export const keyedChanges = <K, V>(
  store: SessionStore<K, V>,
  closed: ClosedSessions<K>,
  sessions: readonly Session<K, V>[],
  marked: readonly K[],
): Changes<K, KeyedSessions<V>, SessionsHeader>['entries'] => {
  const entries: (readonly [K, KeyedSessions<V> | undefined])[] = [];
  const others = new Set(marked);
  for (const session of sessions) {
    const { key } = session;
    if (session.next || store.first(key) !== session || others.has(key)) others.add(key);
    else entries.push([key, { sessions: store.plainOf(session), closed: closed.of(key) }]);
  }
  for (const key of others) {
    const first = store.first(key);
    const marks = closed.of(key);
    entries.push([key, first || marks.length > 0 ? { sessions: store.plainOf(first), closed: marks } : undefined]);
  }
  return entries;
};

/** What there was of each key when changes were last taken. */
export const formerlyKeyed = <K, V>(store: SessionStore<K, V>, closed: ClosedSessions<K>): Map<K, KeyedSessions<V>> => {
  const entries = new Map<K, { readonly sessions: HeldSession<V>[]; readonly closed: readonly Mark[] }>();
  for (const [key, marks] of closed.former()) entries.set(key, { sessions: [], closed: marks });
  for (const [key, session] of store.former()) {
    const entry = entries.get(key);
    if (entry) {
      entry.sessions.push(session);
      entry.sessions.sort((a, b) => a.window.start - b.window.start);
    } else entries.set(key, { sessions: [session], closed: NO_MARKS });
  }
  return entries;
};
