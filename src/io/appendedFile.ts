import { open, type FileHandle } from 'node:fs/promises';
import { fileError } from './fileError.js';

const NEWLINE = 0x0a;

/** How much of the end is looked at at once. */
const CHUNK = 64 * 1024;

/**
 * A file of lines that only ever grows. What is written is safely there, also if the machine fails: files are
 * synced. A last line without an end is what was left by somebody who died while he wrote it: it is cut off.
 * Every failure is a `FileError`.
 */
export class AppendedFile {
  private file: FileHandle | undefined;

  constructor(private readonly path: string) {}

  /** Creates it where it is missing. */
  async open(): Promise<void> {
    await this.doing(async () => {
      this.file = await open(this.path, 'a+');
      await this.file.truncate(await endOfLines(this.file));
    });
  }

  async append(text: string): Promise<void> {
    await this.doing(async () => {
      await this.file?.appendFile(text);
      await this.file?.datasync();
    });
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private async doing(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (thrown) {
      throw fileError(`cannot write ${this.path}`, thrown);
    }
  }
}

/** Where the last whole line ends. */
async function endOfLines(file: FileHandle): Promise<number> {
  let { size: end } = await file.stat();
  const chunk = Buffer.alloc(CHUNK);
  while (end > 0) {
    const start = Math.max(0, end - CHUNK);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const last = chunk.lastIndexOf(NEWLINE, bytesRead - 1);
    if (last >= 0) return start + last + 1;
    end = start;
  }
  return 0;
}
