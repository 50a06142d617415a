/** Up to this many are looked for: that takes no room. */
const FEW = 16;

/** Where names stand in a list that grows. */
export class Places {
  private index: Map<string, number> | undefined;

  constructor(private readonly names: string[]) {
    if (names.length > FEW) this.index = placesOf(names);
  }

  /** -1: nowhere. */
  of(name: string): number {
    return this.index ? (this.index.get(name) ?? -1) : this.names.indexOf(name);
  }

  append(name: string): void {
    this.index?.set(name, this.names.length);
    this.names.push(name);
    if (this.names.length > FEW) this.index ??= placesOf(this.names);
  }
}

export const areDistinct = (names: readonly string[]): boolean =>
  names.length <= FEW ? names.every((name, place) => names.indexOf(name) === place) : new Set(names).size === names.length;

const placesOf = (names: readonly string[]): Map<string, number> => new Map(names.map((name, place) => [name, place]));
