import { firstOf } from './firstOf.js';
import type { Mode } from './openWindow.js';
import { siblings, type HeldSession, type Session } from './session.js';

/** The held sessions, and which have changed since somebody asked. */
export class SessionStore<K, V> {
  /** The first session of each key; the others hang on it. */
  private readonly keys = new Map<K, Session<K, V>>();
  private changed: Session<K, V>[] = [];
  /** What each of them was before; undefined for one that is new. */
  private replaced: (HeldSession<V> | undefined)[] = [];
  /** Held sessions, and those among them that processing time drives. */
  size = 0;
  historic = 0;

  /**
   * @param tracking whether {@link takeChanged} will be asked for
   * @param plain a session as plain values
   */
  constructor(
    private readonly tracking: boolean,
    private readonly plain: (session: Session<K, V>) => HeldSession<V>,
  ) {}

  /** The first session of the key, by start; they never overlap. */
  first(key: K): Session<K, V> | undefined {
    return this.keys.get(key);
  }

  insert(session: Session<K, V>): void {
    const { key, window } = session;
    this.note(session, undefined);
    this.size += 1;
    if (session.mode === 'historic') this.historic += 1;
    const first = this.keys.get(key);
    if (first && first.window.start < window.start) {
      let before = first;
      while (before.next && before.next.window.start < window.start) before = before.next;
      session.next = before.next;
      before.next = session;
    } else {
      session.next = first;
      this.keys.set(key, session);
    }
  }

  remove(session: Session<K, V>): void {
    this.touch(session);
    this.size -= 1;
    if (session.mode === 'historic') this.historic -= 1;
    const { key, next } = session;
    let before = this.keys.get(key);
    if (before !== session) {
      while (before && before.next !== session) before = before.next;
      if (before) before.next = next;
    } else if (next) this.keys.set(key, next);
    else this.keys.delete(key);
    session.held = false;
    session.next = undefined;
  }

  /** A held session waits for something else from now on. */
  become(session: Session<K, V>, mode: Mode): void {
    if (session.mode === 'historic') this.historic -= 1;
    if (mode === 'historic') this.historic += 1;
    session.mode = mode;
  }

  /** To be called before a held session changes. */
  touch(session: Session<K, V>): void {
    if (this.tracking && !session.changed) this.note(session, this.plain(session));
  }

  /** All held sessions, oldest first. */
  held(): Session<K, V>[] {
    const all: Session<K, V>[] = [];
    for (const first of this.keys.values()) for (let one: Session<K, V> | undefined = first; one; one = one.next) all.push(one);
    return all.sort((a, b) => a.ordinal - b.ordinal);
  }

  /** The first session of each key that there is now; a key that comes during the walk is not waited for. */
  all(): Iterable<Session<K, V>> {
    return firstOf(this.keys.values(), this.keys.size);
  }

  /** Some may not be held any more. */
  takeChanged(): readonly Session<K, V>[] {
    const taken = this.changed;
    this.changed = [];
    this.replaced = [];
    for (const session of taken) session.changed = false;
    return taken;
  }

  /** The sessions that were held when changes were last taken, as they were. */
  *former(): Generator<readonly [K, HeldSession<V>], void> {
    for (const first of this.keys.values()) {
      for (const session of siblings(first)) if (!session.changed) yield [session.key, this.plain(session)];
    }
    for (const [place, { key }] of this.changed.entries()) {
      const session = this.replaced[place];
      if (session) yield [key, session];
    }
  }

  /** The sessions of a key as plain values. */
  plainOf(first: Session<K, V> | undefined): readonly HeldSession<V>[] {
    return siblings(first).map(this.plain);
  }

  private note(session: Session<K, V>, replaced: HeldSession<V> | undefined): void {
    if (!this.tracking) return;
    session.changed = true;
    this.changed.push(session);
    this.replaced.push(replaced);
  }
}

export const plain = <K, V>({ window, accumulator, events, mode, index, fresh, arrivedAt, ordinal }: Session<K, V>): HeldSession<V> => ({
  window, accumulator, events, mode, index, fresh, arrivedAt, ordinal,
});

/** A session that is held from now on; made here only, so that all are alike to the engine. */
export const heldOf = <K, V>(key: K, { window, accumulator, events, mode, index, fresh, arrivedAt, ordinal }: HeldSession<V>): Session<K, V> => ({
  key, held: true, next: undefined, changed: false, window, accumulator, events, mode, index, fresh, arrivedAt, ordinal, dueAt: Infinity,
});
