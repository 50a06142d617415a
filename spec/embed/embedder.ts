import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The lowest version of the peer that the package says it works with. */
export const LOWEST_RXJS = '7.5.0';
/** The lowest whose types are found by way of its exports, as TypeScript does with `nodenext` and `bundler`. */
export const LOWEST_TYPED_RXJS = '7.5.5';

/** An empty project into which the packed library was installed, as an embedder does it. */
export interface Embedder {
  readonly folder: string;
  readonly tarball: string;
  /** Runs a program of Node's with the arguments; its output. */
  node(...args: readonly string[]): Promise<string>;
  install(...packages: readonly string[]): Promise<unknown>;
  remove(): void;
}

export const embedder = async (): Promise<Embedder> => {
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-embedder-'));
  const run = async (command: string, args: readonly string[], cwd: string): Promise<string> => {
    const { stdout, error } = await execute(command, args, { cwd }).then(({ stdout }) => ({ stdout, error: undefined }), (error: unknown) => ({ stdout: '', error }));
    if (error !== undefined) throw new Error(`${command} ${args.join(' ')}: ${said(error)}`);
    return stdout;
  };
  await run('node', ['deploy/library/pack.mjs', folder], process.cwd());
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'embedder', private: true, type: 'module' }));
  const install = (...packages: readonly string[]): Promise<string> =>
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...packages], folder);
  await install(tarball, `rxjs@${LOWEST_RXJS}`);
  cpSync(resolve('spec/embed/consumers'), folder, { recursive: true });
  return {
    folder,
    tarball,
    node: (...args) => run('node', args, folder),
    install,
    remove: () => rmSync(folder, { recursive: true }),
  };
};

/** Bytes of all files below a folder. */
export const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** Compilers complain on stdout. */
const said = (error: unknown): string => (error instanceof Error && 'stdout' in error ? `${error.message}\n${String(error.stdout)}` : String(error));
