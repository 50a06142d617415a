import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A program outside npm, or a file of the system, that some specs need. */
export type Tool = 'go' | 'openssl' | 'java' | 'mvn' | 'kcat' | 'chromium' | 'promtool' | 'script' | 'sqlglot and duckdb' | '/dev/full' | '/proc/self/fd';

/** `needs`: what a reader has to install. */
type Probe = { readonly needs: string } & (
  | {
      /** Commands to try, in order; each is asked for its version. */
      readonly commands: readonly (readonly [command: string, ...args: string[]])[];
      /** The lowest major version that will do. */
      readonly major?: number;
    }
  | { readonly path: string }
);

/** That of CI, which installs what it needs beside the project, or else the system's. */
const PYTHONS = ['.cache/python/bin/python', 'python3'];

const PROBES: Readonly<Record<Tool, Probe>> = {
  openssl: { needs: 'OpenSSL 3 or newer', commands: [['openssl', 'version']], major: 3 },
  go: { needs: 'Go', commands: [['go', 'version']] },
  java: { needs: 'Java 17 or newer', commands: [['java', '-version']], major: 17 },
  mvn: { needs: 'Maven', commands: [['mvn', '--version']] },
  kcat: { needs: 'kcat', commands: [['kcat', '-V']] },
  chromium: { needs: 'Chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'].map((it) => [it, '--version']) },
  'sqlglot and duckdb': { needs: 'Python with sqlglot and duckdb (pip install)', commands: PYTHONS.map((it) => [it, '-c', 'import sqlglot, duckdb; print(1)']) },
  promtool: { needs: 'promtool of Prometheus', commands: [['promtool', '--version']] },
  script: { needs: 'script of util-linux', commands: [['script', '--version']] },
  '/dev/full': { needs: '/dev/full', path: '/dev/full' },
  '/proc/self/fd': { needs: '/proc/self/fd', path: '/proc/self/fd' },
};

const found = new Map<Tool, boolean>();

/** Whether the tool is there and answers; asked once per spec file. */
export function has(tool: Tool): boolean {
  const known = found.get(tool);
  if (known !== undefined) return known;
  const probe = PROBES[tool];
  const isThere = 'path' in probe ? existsSync(probe.path) : probe.commands.some((command) => answers(command, probe.major ?? 0));
  found.set(tool, isThere);
  return isThere;
}

/** The first Python that has what the specs need of it. */
export const python = (): string => PYTHONS.find((it) => answers([it, '-c', 'import sqlglot, duckdb; print(1)'], 0)) ?? 'python3';

const answers = ([command, ...args]: readonly [string, ...string[]], major: number): boolean => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: process.env });
  return status === 0 && Number(/\d+/.exec(stdout + stderr)?.[0] ?? 0) >= major;
};

/**
 * `describe` for specs that need such tools. Where one is absent the block is skipped,
 * its name and one line on stderr say why; with `REQUIRE_ALL=1` an absent tool is an error.
 */
export function describeWith(tools: Tool | readonly Tool[], name: string, body: () => void): void {
  const absent = [tools].flat().filter((tool) => !has(tool)).map((tool) => PROBES[tool].needs);
  if (absent.length === 0) {
    describe(name, body);
    return;
  }
  const reason = `${absent.join(' and ')} not found on this machine`;
  if (process.env['REQUIRE_ALL'] === '1') throw new Error(`${name}: ${reason}, and REQUIRE_ALL=1 allows no skips`);
  process.stderr.write(`skipped: ${name} (${reason})\n`);
  describe.skip(`${name} (skipped: ${reason})`, body);
}
