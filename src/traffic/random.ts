/** Chance from a seed: the same seed gives the same draws on every machine. */
export interface Random {
  /** Evenly from [0, 1). */
  fraction(): number;
  /** Evenly from [min, max), not rounded. */
  between(min: number, max: number): number;
  /** Evenly from the whole numbers 0 to n - 1. */
  below(n: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<A>(items: readonly [A, ...A[]]): A;
  /** From the standard normal distribution. */
  normal(): number;
}

/** Mulberry32, by Tommy Ettinger: 32 bits of state are plenty for traffic. `seed`: a whole number, of which 32 bits count. */
export const random = (seed: number): Random => {
  let state = seed | 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(fraction() * n);
  return {
    fraction,
    below,
    between: (min, max) => min + (max - min) * fraction(),
    chance: (probability) => fraction() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    normal: () => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction()),
  };
};
