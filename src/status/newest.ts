/** The last few of many. */
export class Newest<A> {
  private values: A[] = [];

  constructor(private readonly most: number) {}

  add(value: A): void {
    this.values.push(value);
    if (this.values.length >= 2 * this.most) this.values = this.values.slice(-this.most);
  }

  /** The newest first. */
  get shown(): readonly A[] {
    return this.values.slice(-this.most).reverse();
  }
}
