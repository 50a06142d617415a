import type { Changes, Saved, Stateful } from '../state.js';
import type { Closed, Emitted, Pane } from '../types.js';
import { firstOf } from './firstOf.js';
import { KnownResults, type KeyedEmissions } from './knownResults.js';

export interface EmissionRules<K, V, R> {
  readonly results: (pane: Pane<K, V>) => Iterable<R>;
  readonly identity: (result: R) => string;
  readonly same: (a: R, b: R) => boolean;
}

/** Which results of a pane are new or changed. */
export class Emissions<K, V, R> implements Stateful<K, KeyedEmissions<R>, undefined> {
  private readonly keys = new Map<K, KnownResults<R>>();
  private readonly changedKeys = new Set<K>();

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: EmissionRules<K, V, R>,
    private readonly emit: (emitted: Emitted<K, R>) => void,
    private readonly tracking: boolean,
    saved?: Saved<K, KeyedEmissions<R>, undefined>,
  ) {
    for (const [key, emissions] of saved?.entries ?? []) this.keys.set(key, KnownResults.of(emissions));
  }

  pane(pane: Pane<K, V>): void {
    const known = this.keys.get(pane.key);
    // Most panes are the only one of their window: nothing to compare with, and nothing to remember for.
    if (known || !pane.isLast) this.remember(pane, known ?? new KnownResults<R>());
    else this.emitOnly([...this.rules.results(pane)], pane);
  }

  /**
   * Forgets what was emitted of a session, that is, of every window that starts within this one: a
   * window that grew or was absorbed does, and one that a cap cut short keeps its start.
   */
  closed({ key, window }: Closed<K>): void {
    const known = this.keys.get(key);
    if (!known) return;
    const left = known.without(({ window: earlier }) => earlier.start >= window.start && earlier.start < window.end);
    if (left.size > 0) this.keys.set(key, left);
    else this.keys.delete(key);
    this.touch(key);
  }

  header(): undefined {
    return undefined;
  }

  *entries(): Generator<readonly [K, KeyedEmissions<R>], void> {
    for (const [key, known] of firstOf(this.keys, this.keys.size)) yield [key, known.saved()];
  }

  changes(): Changes<K, KeyedEmissions<R>, undefined> {
    const entries = Array.from(this.changedKeys, (key) => [key, this.keys.get(key)?.saved()] as const);
    this.changedKeys.clear();
    return { header: undefined, entries };
  }

  private emitOnly(results: readonly R[], pane: Pane<K, V>): void {
    if (areDistinct(results.map(this.rules.identity))) {
      for (const value of results) this.emit({ _tag: 'Emitted', key: pane.key, value, revision: 0, pane });
    } else this.compare(results, pane, new KnownResults<R>());
  }

  private remember(pane: Pane<K, V>, known: KnownResults<R>): void {
    this.compare(this.rules.results(pane), pane, known);
    if (known.size > 0) this.keys.set(pane.key, known);
    this.touch(pane.key);
  }

  private compare(results: Iterable<R>, pane: Pane<K, V>, known: KnownResults<R>): void {
    for (const value of results) {
      const identity = this.rules.identity(value);
      const last = known.get(identity);
      if (!last) {
        known.add({ identity, value, revision: 0, window: pane.window });
      } else {
        last.window = pane.window;
        if (this.rules.same(last.value, value)) continue;
        last.value = value;
        last.revision += 1;
      }
      this.emit({ _tag: 'Emitted', key: pane.key, value, revision: last?.revision ?? 0, pane });
    }
  }

  private touch(key: K): void {
    if (this.tracking) this.changedKeys.add(key);
  }
}

/** Up to this many are compared with each other: that takes no room. */
const FEW = 16;

const areDistinct = (identities: readonly string[]): boolean =>
  identities.length <= FEW ? identities.every((identity, place) => identities.indexOf(identity) === place) : new Set(identities).size === identities.length;
