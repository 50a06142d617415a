import type { Window } from '../types.js';

/** What was last emitted under one identity. */
export interface Emission<R> {
  readonly value: R;
  readonly revision: number;
  readonly window: Window;
}

export type KeyedEmissions<R> = readonly (readonly [identity: string, emission: Emission<R>])[];

/** The same, while it may still change. */
interface KnownResult<R> {
  readonly identity: string;
  value: R;
  revision: number;
  window: Window;
}

/** Up to this many results of a key are kept in a list; a `Map` for each key would take more room than they do. */
const SCANNED = 8;

/** The results of one key that have been emitted, by identity. */
export class KnownResults<R> {
  private list: readonly KnownResult<R>[] = [];
  private index: Map<string, KnownResult<R>> | undefined;

  static of<R>(emissions: KeyedEmissions<R>): KnownResults<R> {
    const results = emissions.map(([identity, { value, revision, window }]): KnownResult<R> => ({ identity, value, revision, window }));
    const known = new KnownResults<R>();
    if (results.length <= SCANNED) known.list = results;
    else known.index = new Map(results.map((each) => [each.identity, each]));
    return known;
  }

  get size(): number {
    return this.index?.size ?? this.list.length;
  }

  get(identity: string): KnownResult<R> | undefined {
    return this.index ? this.index.get(identity) : this.list.find((known) => known.identity === identity);
  }

  /** The identity is a new one. */
  add(known: KnownResult<R>): void {
    if (this.index) this.index.set(known.identity, known);
    // Copied, for an array that grows gets room for a dozen more.
    else if (this.list.length < SCANNED) this.list = this.list.concat(known);
    else this.index = new Map([...this.list, known].map((each) => [each.identity, each]));
  }

  without(isForgotten: (known: KnownResult<R>) => boolean): KnownResults<R> {
    const left = new KnownResults<R>();
    for (const known of this.all()) if (!isForgotten(known)) left.add(known);
    return left;
  }

  saved(): KeyedEmissions<R> {
    return Array.from(this.all(), ({ identity, value, revision, window }) => [identity, { value, revision, window }] as const);
  }

  private all(): Iterable<KnownResult<R>> {
    return this.index?.values() ?? this.list;
  }
}
