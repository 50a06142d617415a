import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { FileError, fileError } from './fileError.js';
import { fileIdentity } from './fileIdentity.js';

const STDOUT = 1;

/** A file that text is written to, or stdout. Every failure is a {@link FileError}. */
export class OutputFile {
  private readonly name: string;
  private stream: Writable | undefined;
  private isBegun = false;

  /** `-` is stdout. */
  constructor(private readonly path: string) {
    this.name = path === '-' ? 'stdout' : path;
  }

  /**
   * Creates the file, or empties it; opened again, it goes on at its end. Refuses a file that is in
   * `inUse` (names by identity), and adds itself.
   */
  async open(inUse: Map<string, string>): Promise<void> {
    await this.refuseIfIn(inUse);
    try {
      this.stream = this.path === '-' ? process.stdout : (await open(this.path, this.isBegun ? 'a' : 'w')).createWriteStream();
    } catch (thrown) {
      throw fileError(`cannot write ${this.name}`, thrown);
    }
    // The callback of the write tells the same; without a listener the event would end the process.
    this.stream.on('error', () => undefined);
    this.isBegun = true;
    const identity = await fileIdentity(this.path, STDOUT);
    if (identity !== undefined) inUse.set(identity, this.name);
  }

  /** Resolves when the system has taken all of it. */
  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.stream === undefined) throw new FileError(`cannot write ${this.name}: it is not open`);
      this.stream.write(text, (error) => {
        if (error) reject(fileError(`cannot write ${this.name}`, error));
        else resolve();
      });
    });
  }

  /** Leaves stdout open. */
  close(): Promise<void> {
    const { stream } = this;
    this.stream = undefined;
    return new Promise((resolve) => {
      if (stream === undefined || stream === process.stdout || stream.closed) resolve();
      else stream.once('close', resolve).destroy();
    });
  }

  private async refuseIfIn(inUse: ReadonlyMap<string, string>): Promise<void> {
    const identity = await fileIdentity(this.path, STDOUT);
    const other = identity === undefined ? undefined : inUse.get(identity);
    if (other !== undefined) throw new FileError(`cannot write ${this.name}: it is the same file as ${other}`);
  }
}
