import { fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';

const BIG = { bigint: true } as const;

/**
 * What all paths to one file have in common, through links and redirection. Undefined for pipes and
 * devices, which may be shared, and for what is not there. The path `-` is the standard stream with
 * that descriptor.
 */
export async function fileIdentity(path: string, descriptor: 0 | 1): Promise<string | undefined> {
  try {
    const stats = path === '-' ? fstatSync(descriptor, BIG) : await stat(path, BIG);
    return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
  } catch {
    return undefined;
  }
}
