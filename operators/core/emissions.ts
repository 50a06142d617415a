import type { Changes, Snapshot, Stateful } from '../state.js';
import type { Closed, Emitted, Pane, Window } from '../types.js';

export interface EmissionRules<K, V, R> {
  readonly results: (pane: Pane<K, V>) => Iterable<R>;
  readonly identity: (result: R) => string;
  readonly same: (a: R, b: R) => boolean;
}

/** What was last emitted under one identity. */
export interface Emission<R> {
  readonly value: R;
  readonly revision: number;
  readonly window: Window;
}

export type KeyedEmissions<R> = readonly (readonly [identity: string, emission: Emission<R>])[];

/** Which results of a pane are new or changed. */
export class Emissions<K, V, R> implements Stateful<K, KeyedEmissions<R>, undefined> {
  private readonly keys: Map<K, Map<string, Emission<R>>>;
  private readonly changedKeys = new Set<K>();

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: EmissionRules<K, V, R>,
    private readonly emit: (emitted: Emitted<K, R>) => void,
    private readonly tracking: boolean,
    restored?: Snapshot<K, KeyedEmissions<R>, undefined>,
  ) {
    this.keys = new Map(restored?.entries.map(([key, emissions]) => [key, new Map(emissions)]));
  }

  pane(pane: Pane<K, V>): void {
    const known = this.keys.get(pane.key);
    // Most panes are the only one of their window: nothing to compare with, and nothing to remember for.
    if (known || !pane.isLast) this.remember(pane, known ?? new Map<string, Emission<R>>());
    else this.compare(pane, new Map<string, Emission<R>>());
  }

  /**
   * Forgets what was emitted of a session, that is, of every window that starts within this one: a
   * window that grew or was absorbed does, and one that a cap cut short keeps its start.
   */
  closed({ key, window }: Closed<K>): void {
    const known = this.keys.get(key);
    if (!known) return;
    for (const [identity, { window: earlier }] of known) {
      if (earlier.start >= window.start && earlier.start < window.end) known.delete(identity);
    }
    if (known.size === 0) this.keys.delete(key);
    this.touch(key);
  }

  header(): undefined {
    return undefined;
  }

  snapshot(): Snapshot<K, KeyedEmissions<R>, undefined> {
    return { header: undefined, entries: Array.from(this.keys, ([key, known]) => [key, [...known]] as const) };
  }

  changes(): Changes<K, KeyedEmissions<R>, undefined> {
    const entries = Array.from(this.changedKeys, (key) => {
      const known = this.keys.get(key);
      return [key, known && [...known]] as const;
    });
    this.changedKeys.clear();
    return { header: undefined, entries };
  }

  private remember(pane: Pane<K, V>, known: Map<string, Emission<R>>): void {
    this.compare(pane, known);
    if (known.size > 0) this.keys.set(pane.key, known);
    this.touch(pane.key);
  }

  private compare(pane: Pane<K, V>, known: Map<string, Emission<R>>): void {
    for (const value of this.rules.results(pane)) {
      const identity = this.rules.identity(value);
      const last = known.get(identity);
      const isNews = !last || !this.rules.same(last.value, value);
      const revision = last ? last.revision + Number(isNews) : 0;
      if (isNews) this.emit({ _tag: 'Emitted', key: pane.key, value, revision, pane });
      known.set(identity, { value: isNews ? value : last.value, revision, window: pane.window });
    }
  }

  private touch(key: K): void {
    if (this.tracking) this.changedKeys.add(key);
  }
}
