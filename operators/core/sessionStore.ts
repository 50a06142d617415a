import { firstOf } from './firstOf.js';
import type { HeldSession, Keyed, Session } from './session.js';

/** The held sessions by key, and which keys have changed since somebody asked. */
export class SessionStore<K, V> {
  private readonly keys = new Map<K, Keyed<K, V>>();
  private changedKeys: Keyed<K, V>[] = [];

  /** @param tracking whether {@link takeChanged} will be asked for */
  constructor(private readonly tracking: boolean) {}

  get(key: K): Keyed<K, V> | undefined {
    return this.keys.get(key);
  }

  create(key: K, remembered: boolean): Keyed<K, V> {
    const keyed: Keyed<K, V> = { key, sessions: [], remembered, changed: false };
    this.keys.set(key, keyed);
    return keyed;
  }

  insert(keyed: Keyed<K, V>, session: Session<K, V>): void {
    keyed.sessions = keyed.sessions.length === 0 ? [session] : [...keyed.sessions, session].sort((a, b) => a.window.start - b.window.start);
    this.touch(keyed);
  }

  /** A key without sessions goes. */
  remove(keyed: Keyed<K, V>, session: Session<K, V>): void {
    session.owner = undefined;
    keyed.sessions = keyed.sessions.length === 1 ? [] : keyed.sessions.filter((other) => other !== session);
    this.touch(keyed);
    if (keyed.sessions.length === 0) this.keys.delete(keyed.key);
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

  /** Those that are there now; a key that comes during the walk is not waited for. */
  all(): Iterable<Keyed<K, V>> {
    return firstOf(this.keys.values(), this.keys.size);
  }

  /** Without sessions: the key is held no more, or anew by another entry. */
  takeChanged(): readonly Keyed<K, V>[] {
    const taken = this.changedKeys;
    this.changedKeys = [];
    for (const keyed of taken) keyed.changed = false;
    return taken;
  }
}

/** Held sessions as plain values. */
export const plain = <K, V>(sessions: readonly Session<K, V>[]): readonly HeldSession<V>[] =>
  sessions.map(({ window, accumulator, events, mode, index, fresh, arrivedAt, ordinal }) => ({
    window, accumulator, events, mode, index, fresh, arrivedAt, ordinal,
  }));

/** A session of a saved state; its members in the order of those that are opened, so that all are alike to the engine. */
export const heldAgain = <K, V>(owner: Keyed<K, V>, { window, accumulator, events, mode, index, fresh, arrivedAt, ordinal }: HeldSession<V>): Session<K, V> => ({
  owner, window, accumulator, events, mode, index, fresh, arrivedAt, ordinal, dueAt: Infinity,
});
