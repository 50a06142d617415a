/**
 * At most so many of them. A `Map` iterates in order of insertion and shows what is inserted while
 * somebody walks over it, so a walk over a growing one ends only if it stops after as many as there
 * were: by then everything has been seen that was there when it began and has stayed.
 */
export function* firstOf<T>(all: Iterable<T>, count: number): Generator<T, void> {
  let left = count;
  if (left === 0) return;
  for (const one of all) {
    yield one;
    left -= 1;
    if (left === 0) return;
  }
}
