import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOURCE = 'spec/deploy/check';

let binary = '';

/** Compiles the checks, which takes Go a minute or two the first time. */
export async function buildChecks(): Promise<void> {
  const hash = createHash('sha256');
  for (const file of readdirSync(SOURCE).sort()) hash.update(readFileSync(join(SOURCE, file)));
  binary = join(process.cwd(), '.cache', `check-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(binary)) await promisify(execFile)('go', ['build', '-buildvcs=false', '-o', binary, '.'], { cwd: SOURCE });
}

/** What the check has read, as JSON; an error with all that it said where it refuses it. */
export function checked(kind: 'manifests' | 'compose' | 'terraform', path: string): string {
  const { status, stdout, stderr } = spawnSync(binary, [kind, path], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
