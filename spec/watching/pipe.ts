import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An input that stays open for as long as a spec wants: a named pipe, in a folder of its own. */
export class Pipe {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pages-viewed-watching-'));
  readonly path = this.file('events.ndjson');
  private handle: FileHandle | undefined;

  constructor() {
    spawnSync('mkfifo', [this.path]);
  }

  /** A path beside it. */
  file(name: string): string {
    return join(this.folder, name);
  }

  async write(...lines: readonly (string | Readonly<Record<string, unknown>>)[]): Promise<void> {
    this.handle ??= await open(this.path, 'w');
    await this.handle.write(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  }

  /** The input has come to its end. */
  async end(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
