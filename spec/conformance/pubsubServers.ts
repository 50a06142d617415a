import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOURCE = join(__dirname, 'pstest');
const CACHE = join(__dirname, '../../.cache');

export interface PubsubServer {
  /** `host:port`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts Google's own fake; it is compiled the first time, which takes Go a minute or two. */
export async function startPstest(): Promise<PubsubServer> {
  const program = spawn(await build(), { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(program.stdout.setEncoding('utf8'), 'data');
  return {
    address: String(line).trim(),
    async close() {
      const exit = once(program, 'exit');
      program.stdin.end();
      await exit;
    },
  };
}

async function build(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(SOURCE, file)));
  const binary = join(CACHE, `pstest-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(binary)) return binary;
  await promisify(execFile)('go', ['build', '-buildvcs=false', '-o', binary, '.'], { cwd: SOURCE });
  return binary;
}
