import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Files by their path in the project. */
export type Files = Readonly<Record<string, string>>;

/** A folder that looks like the project, with these files and copies of some of the project's own. */
export function plant(files: Files, own: readonly string[]): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-arch-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of own) copyFileSync(path, join(folder, path));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** What a checker of the project says about that folder, as JSON. It exits with an error when it finds something. */
export const checked = (folder: string, checker: string, args: readonly string[]): Promise<unknown> =>
  new Promise((resolved, reject) => {
    execFile(process.execPath, [resolve('node_modules', checker), ...args], { cwd: folder, maxBuffer: 1 << 26 }, (_, stdout, stderr) => {
      try {
        resolved(JSON.parse(stdout));
      } catch {
        reject(new Error(`${checker} said: ${stdout.slice(0, 2_000)}${stderr.slice(0, 2_000)}`));
      }
    });
  });
