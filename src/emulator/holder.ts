/** Who holds leases: one stream or one pull, with its limits. It may exceed the bytes by its last message, as the service does. */
export class Holder {
  private messages = 0;
  private bytes = 0;

  constructor(
    private readonly maxMessages = Infinity,
    private readonly maxBytes = Infinity,
  ) {}

  get hasRoom(): boolean {
    return this.messages < this.maxMessages && this.bytes < this.maxBytes;
  }

  take(bytes: number): void {
    this.messages += 1;
    this.bytes += bytes;
  }

  free(bytes: number): void {
    this.messages -= 1;
    this.bytes -= bytes;
  }
}
