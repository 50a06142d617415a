/** A session as a batch job would find it. */
export interface Session<A> {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** In order of time. */
  readonly values: readonly A[];
}

/**
 * The sessions of complete input, computed without streams, windows or watermarks: sort what a key
 * has by time, and cut where two neighbours are at least a gap apart.
 */
export const sortAndCut = <A extends { readonly key: string; readonly at: number }>(values: readonly A[], gap: number): Session<A>[] => {
  const sessions: Session<A>[] = [];
  for (const key of new Set(values.map((value) => value.key))) {
    let open: A[] = [];
    const cut = (): void => {
      const [first, last] = [open.at(0), open.at(-1)];
      if (first && last) sessions.push({ key, start: first.at, end: last.at + gap, values: open });
      open = [];
    };
    for (const value of values.filter((it) => it.key === key).sort((a, b) => a.at - b.at)) {
      const last = open.at(-1);
      if (last && value.at - last.at >= gap) cut();
      open.push(value);
    }
    cut();
  }
  return sessions;
};
