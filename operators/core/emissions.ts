import { changesOf, type Changes, type Saved, type Stateful } from '../state.js';
import type { Closed, Emitted, Pane } from '../types.js';
import type { Emission, KeyedEmissions } from './emission.js';
import { Journal } from './journal.js';
import { Places, areDistinct } from './places.js';

export interface EmissionRules<K, V, R> {
  readonly results: (pane: Pane<K, V>) => Iterable<R>;
  readonly identity: (result: R) => string;
  readonly same: (a: R, b: R) => boolean;
}

const NOTHING: readonly never[] = [];

/** As it was handed in at a restore, until somebody asks for it: most are forgotten unread. */
class Unread<R> {
  constructor(readonly emissions: KeyedEmissions<R>) {}
}

type Known<R> = readonly Emission<R>[] | Unread<R>;

const read = <R>(known: Known<R>): readonly Emission<R>[] => (known instanceof Unread ? Array.from(known.emissions, ([, emission]) => emission) : known);

/** Which results of a pane are new or changed. What a key is known for is a list that is replaced, never altered. */
export class Emissions<K, V, R> implements Stateful<K, KeyedEmissions<R>, undefined> {
  private readonly keys: Journal<K, Known<R>>;

  /** @param tracking whether {@link changes} will be asked for */
  constructor(
    private readonly rules: EmissionRules<K, V, R>,
    private readonly emit: (emitted: Emitted<K, R>) => void,
    tracking: boolean,
    saved?: Saved<K, KeyedEmissions<R>, undefined>,
  ) {
    this.keys = new Journal(tracking);
    for (const [key, emissions] of saved?.entries ?? []) this.keys.replace(key, undefined, new Unread(emissions));
    // What was restored is not news.
    this.keys.takeChanged();
  }

  pane(pane: Pane<K, V>): void {
    const known = this.keys.get(pane.key);
    // Most panes are the only one of their window: nothing to compare with, and nothing to remember for.
    if (known || !pane.isLast) this.set(pane.key, known, stillWanted(this.compare(this.rules.results(pane), pane, known ? read(known) : NOTHING), pane));
    else this.emitOnly([...this.rules.results(pane)], pane);
  }

  /** Forgets what was emitted of a window, that is, of every one that lies inside it: what it grew from and what it absorbed. */
  closed({ key, window }: Closed<K>): void {
    const known = this.keys.get(key);
    if (!known) return;
    this.set(key, known, read(known).filter(({ window: earlier }) => earlier.start < window.start || earlier.end > window.end));
  }

  header(): undefined {
    return undefined;
  }

  sizes(): { readonly keys: number } {
    return { keys: this.keys.size };
  }

  entry(key: K): KeyedEmissions<R> | undefined {
    return this.savedOf(key);
  }

  *entries(): Generator<readonly [K, KeyedEmissions<R>], void> {
    for (const [key, known] of this.keys.all()) yield [key, this.saved(known)];
  }

  changes(): Changes<K, KeyedEmissions<R>, undefined> {
    const keys = this.keys.takeChanged();
    return changesOf(undefined, () => Array.from(new Set(keys), (key) => [key, this.savedOf(key)] as const));
  }

  *former(): Generator<readonly [K, KeyedEmissions<R>], void> {
    for (const [key, known] of this.keys.former()) yield [key, this.saved(known)];
  }

  private emitOnly(results: readonly R[], pane: Pane<K, V>): void {
    if (areDistinct(results.map(this.rules.identity))) {
      for (const value of results) this.emit({ _tag: 'Emitted', key: pane.key, value, revision: 0, pane });
    } else this.compare(results, pane, NOTHING);
  }

  /** Emits what is news and returns what is known then. */
  private compare(results: Iterable<R>, pane: Pane<K, V>, known: readonly Emission<R>[]): readonly Emission<R>[] {
    const { identity: identityOf, same } = this.rules;
    const { key, window } = pane;
    const places = new Places(known.map(({ value }) => identityOf(value)));
    const next = known.slice();
    for (const value of results) {
      const identity = identityOf(value);
      const place = places.of(identity);
      const last = next[place];
      if (last && same(last.value, value)) {
        next[place] = { value: last.value, revision: last.revision, window };
        continue;
      }
      const revision = last ? last.revision + 1 : 0;
      if (!last) places.append(identity);
      next[last ? place : next.length] = { value, revision, window };
      this.emit({ _tag: 'Emitted', key, value, revision, pane });
    }
    // Copied, for an array that has grown has room for a dozen more.
    return next.slice();
  }

  private set(key: K, known: Known<R> | undefined, emissions: readonly Emission<R>[]): void {
    this.keys.replace(key, known, emissions.length > 0 ? emissions : undefined);
  }

  private saved(known: Known<R>): KeyedEmissions<R> {
    if (known instanceof Unread) return known.emissions;
    return known.map((emission) => [this.rules.identity(emission.value), emission] as const);
  }

  private savedOf(key: K): KeyedEmissions<R> | undefined {
    const known = this.keys.get(key);
    return known && this.saved(known);
  }
}

/** A session that a cap cuts short was longer when it showed its earlier panes: what starts in it is forgotten with its last one. */
const stillWanted = <R>(known: readonly Emission<R>[], { forced, window }: Pane<unknown, unknown>): readonly Emission<R>[] =>
  forced === 'cap' ? known.filter(({ window: earlier }) => earlier.start < window.start || earlier.start >= window.end) : known;
