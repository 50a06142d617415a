/** All that a stateful operator knew at one moment, as plain values: `header` for the whole, one entry a key. */
export interface Saved<K, V, H> {
  readonly header: H;
  readonly entries: Iterable<readonly [K, V]>;
}

/** The same, with all entries at hand. */
export interface Snapshot<K, V, H> extends Saved<K, V, H> {
  readonly entries: readonly (readonly [K, V])[];
}

/**
 * What is different since the last time somebody asked; `undefined` stands for a key that is gone.
 * The entries are made when they are first looked at, which has to be before the next value: who
 * needs none of them pays for none.
 */
export interface Changes<K, V, H> {
  readonly header: H;
  readonly entries: readonly (readonly [K, V | undefined])[];
}

/** What a machine shows of its state. */
export interface Stateful<K, V, H> {
  /** What is known of the whole; cheap. */
  header(): H;
  /** How much of everything there is, by name; counted all along, so cheap however large the state is. */
  sizes(): Readonly<Record<string, number>>;
  /** What there is of one key, if there is anything. */
  entry(key: K): V | undefined;
  /**
   * A walk over the entries there are now, each as it is when it is taken: it may be gone on with
   * after further values, so that a large state can be saved bit by bit. A key that comes, changes
   * or goes in the meantime is in the {@link changes}, whatever the walk shows of it.
   */
  entries(): Iterator<readonly [K, V]>;
  /** Everything since the last call, or since the restore. */
  changes(): Changes<K, V, H>;
  /** The entries as they were at the last call of {@link changes}, or at the restore; also when a callback has thrown since, in the middle of something. */
  former(): Iterable<readonly [K, V]>;
}

/**
 * The place where a program meets the state of one operator: hand it in as `state`, with what was
 * saved before if the operator is to go on from there, and ask it between two values.
 *
 * Snapshots share no mutable part with the operator. Folding successive changes over a snapshot's
 * entries gives the next snapshot (the order of the keys aside).
 *
 * Errors: a slot serves one subscription; a second one, or a question before the first, throws.
 */
export class StateSlot<K, V, H> {
  private machine: { readonly state: Stateful<K, V, H>; formerHeader: H } | undefined;

  constructor(private saved?: Saved<K, V, H>) {}

  /** Called by the operator when it is subscribed: what it goes on from. It may be large, so it is handed over and not kept. */
  takeSaved(): Saved<K, V, H> | undefined {
    const { saved } = this;
    this.saved = undefined;
    return saved;
  }

  /** Called by the operator when it has restored itself. */
  attach(machine: Stateful<K, V, H>): void {
    if (this.machine) throw new Error('a StateSlot serves one subscription: give each its own');
    this.machine = { state: machine, formerHeader: machine.header() };
  }

  header(): H {
    return this.attached().state.header();
  }

  /** How much of everything there is, by name: each operator's documentation says of what. */
  sizes(): Readonly<Record<string, number>> {
    return this.attached().state.sizes();
  }

  /** What there is of one key, as it is now. */
  entry(key: K): V | undefined {
    return this.attached().state.entry(key);
  }

  entries(): Iterator<readonly [K, V]> {
    return this.attached().state.entries();
  }

  snapshot(): Snapshot<K, V, H> {
    return snapshotOf(this.attached().state);
  }

  changes(): Changes<K, V, H> {
    const machine = this.attached();
    const changes = machine.state.changes();
    machine.formerHeader = changes.header;
    return changes;
  }

  /** All there was when {@link changes} were last asked for, or at the restore: what to go on from when a callback has thrown. */
  former(): Saved<K, V, H> {
    const { state, formerHeader } = this.attached();
    return { header: formerHeader, entries: state.former() };
  }

  private attached(): { readonly state: Stateful<K, V, H>; formerHeader: H } {
    if (!this.machine) throw new Error('nothing has subscribed to the operator of this StateSlot yet');
    return this.machine;
  }
}

/** The whole state at once. */
export const snapshotOf = <K, V, H>(machine: Stateful<K, V, H>): Snapshot<K, V, H> => {
  const entries: (readonly [K, V])[] = [];
  const walk = machine.entries();
  for (let next = walk.next(); next.done !== true; next = walk.next()) entries.push(next.value);
  return { header: machine.header(), entries };
};

/** Changes whose entries are not made before somebody looks at them. */
export const changesOf = <K, V, H>(header: H, make: () => Changes<K, V, H>['entries']): Changes<K, V, H> => {
  let made: Changes<K, V, H>['entries'] | undefined;
  return {
    header,
    get entries() {
      made ??= make();
      return made;
    },
  };
};
