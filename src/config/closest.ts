/** " (did you mean x?)" for the candidate nearest to `word`, or nothing when none is near. */
export const closest = (word: string, candidates: readonly string[]): string => {
  const furthest = Math.max(1, Math.floor(word.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: edits(word, candidate) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance);
  return best === undefined ? '' : ` (did you mean ${best.candidate}?)`;
};

/** Levenshtein's distance, row by row. */
const edits = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = at(row, column - 1) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, column) + 1, at(next, column - 1) + 1));
    }
    row = next;
  }
  return at(row, to.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? 0;
