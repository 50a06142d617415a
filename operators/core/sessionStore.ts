import { NO_MARKS } from './closedMarks.js';
import type { HeldSession, Keyed, KeyedSessions, Session } from './session.js';

/** What is kept per key, and which keys have changed since somebody asked. */
export class SessionStore<K, V> {
  private readonly keys = new Map<K, Keyed<K, V>>();
  private changedKeys: Keyed<K, V>[] = [];

  /** @param tracking whether {@link takeChanges} will be asked for */
  constructor(private readonly tracking: boolean) {}

  get(key: K): Keyed<K, V> | undefined {
    return this.keys.get(key);
  }

  create(key: K): Keyed<K, V> {
    const keyed: Keyed<K, V> = { key, sessions: [], closed: NO_MARKS, changed: false };
    this.keys.set(key, keyed);
    return keyed;
  }

  /** A key of which nothing is left goes. */
  tidy(keyed: Keyed<K, V>): void {
    if (keyed.sessions.length === 0 && keyed.closed.length === 0 && this.keys.get(keyed.key) === keyed) this.keys.delete(keyed.key);
  }

  touch(keyed: Keyed<K, V>): void {
    if (!this.tracking || keyed.changed) return;
    keyed.changed = true;
    this.changedKeys.push(keyed);
  }

  /** All held sessions, oldest first. */
  held(): Session<K, V>[] {
    return Array.from(this.keys.values(), (keyed) => keyed.sessions).flat().sort((a, b) => a.ordinal - b.ordinal);
  }

  entries(): (readonly [K, KeyedSessions<V>])[] {
    return Array.from(this.keys.values(), (keyed) => [keyed.key, saved(keyed)] as const);
  }

  takeChanges(): (readonly [K, KeyedSessions<V> | undefined])[] {
    const taken = this.changedKeys;
    this.changedKeys = [];
    return taken.map((keyed) => {
      keyed.changed = false;
      return [keyed.key, this.keys.get(keyed.key) === keyed ? saved(keyed) : undefined] as const;
    });
  }
}

export const insertByStart = <K, V>(keyed: Keyed<K, V>, session: Session<K, V>): void => {
  keyed.sessions = keyed.sessions.length === 0 ? [session] : [...keyed.sessions, session].sort((a, b) => a.window.start - b.window.start);
};

export const remove = <K, V>(keyed: Keyed<K, V>, session: Session<K, V>): void => {
  session.owner = undefined;
  keyed.sessions = keyed.sessions.length === 1 ? [] : keyed.sessions.filter((other) => other !== session);
};

const saved = <K, V>(keyed: Keyed<K, V>): KeyedSessions<V> => ({
  sessions: keyed.sessions.map(
    ({ window, accumulator, events, mode, index, fresh, arrivedAt, ordinal }): HeldSession<V> => ({
      window, accumulator, events, mode, index, fresh, arrivedAt, ordinal,
    }),
  ),
  closed: keyed.closed,
});
