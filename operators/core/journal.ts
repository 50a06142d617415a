import { firstOf } from './firstOf.js';

/**
 * A map of values that are replaced and never altered. It can tell which keys have changed since
 * somebody asked, and what stood there before: a value that was replaced is kept until then.
 */
export class Journal<K, V> {
  private readonly values = new Map<K, V>();
  private changedKeys: K[] = [];
  /** What stood at each of them before the change. */
  private replaced: (V | undefined)[] = [];

  /** @param tracking whether anybody will ask */
  constructor(private readonly tracking: boolean) {}

  get size(): number {
    return this.values.size;
  }

  get(key: K): V | undefined {
    return this.values.get(key);
  }

  /** Puts a value in the place of the one that {@link get} gives. Undefined: there is none. */
  replace(key: K, known: V | undefined, value: V | undefined): void {
    if (this.tracking) {
      this.changedKeys.push(key);
      this.replaced.push(known);
    }
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
  }

  /** Those that are there now; a key that comes during the walk is not waited for. */
  all(): Iterable<readonly [K, V]> {
    return firstOf(this.values, this.values.size);
  }

  /** May name a key more than once. */
  takeChanged(): readonly K[] {
    const taken = this.changedKeys;
    this.changedKeys = [];
    this.replaced = [];
    return taken;
  }

  /** What was there when changes were last taken. */
  former(): Map<K, V> {
    const former = new Map(this.values);
    const restored = new Set<K>();
    this.changedKeys.forEach((key, place) => {
      if (restored.has(key)) return;
      restored.add(key);
      const value = this.replaced[place];
      if (value === undefined) former.delete(key);
      else former.set(key, value);
    });
    return former;
  }
}
