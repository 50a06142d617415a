import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../emulator/session.js';

/** A command line that was entered into a terminal, and all it has written. */
export interface Entered {
  stdout(): string;
  stderr(): string;
  /** Waits until it has written this. */
  wrote(text: string): Promise<void>;
  /** Ctrl-C: every program in the terminal gets the signal. Resolves when all of them are gone. */
  interrupt(): Promise<void>;
  /** The exit code, once all programs of it are gone. */
  readonly ended: Promise<number | null>;
}

type Environment = Readonly<Record<string, string>>;

/** A clone of the project that a stranger has just made, but for the packages: those are installed. */
export interface Clone {
  readonly folder: string;
  /** Enters lines into a terminal of its own. */
  enter(lines: string, environment?: Environment): Entered;
  /** Enters them and waits for their end. */
  run(lines: string, environment?: Environment): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  remove(): Promise<void>;
}

const CLONED = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'tsconfig.build.json', 'src', 'operators', 'marbles', 'bench', 'deploy', 'docs', 'samples'];

/** `npm ci` has been done: here it would empty the folder of packages that everybody shares. */
const NPM = `#!/bin/bash
[[ $1 == ci ]] && exit
PATH=\${PATH#*:} exec npm "$@"
`;

/** With CHECK_CONFIGURATION a run only shows what it would do. */
const NPX = `#!/bin/bash
if [[ $CHECK_CONFIGURATION && $1 == pages-viewed ]]; then exec node dist/src/main.js "\${@:2}" --print_config; fi
PATH=\${PATH#*:} exec npx "$@"
`;

export function clone(): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-clone-'));
  for (const path of CLONED) cpSync(path, join(folder, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const shims = join(folder, '.shims');
  mkdirSync(shims);
  for (const [name, text] of [['npm', NPM], ['npx', NPX]] as const) {
    writeFileSync(join(shims, name), text);
    chmodSync(join(shims, name), 0o755);
  }
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PAGES_VIEWED_|PUBSUB_|KAFKA_|NODE_OPTIONS|npm_)/.test(name))),
    PATH: `${shims}:${process.env['PATH'] ?? ''}`,
    npm_config_cache: join(folder, '.npm'),
    npm_config_update_notifier: 'false',
  };
  const terminals = new Set<ChildProcess>();

  const enter: Clone['enter'] = (lines, environment) => {
    // Its own process group, as in a terminal.
    const child = spawn('bash', ['-euo', 'pipefail', '-c', lines], { cwd: folder, env: { ...env, ...environment }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    terminals.add(child);
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
    let over = false;
    const ended = once(child, 'close').then((): number | null => {
      terminals.delete(child);
      over = true;
      return child.exitCode;
    });
    return {
      stdout: () => written.stdout,
      stderr: () => written.stderr,
      async wrote(text) {
        await eventually(`"${text}"`, () => {
          if ((written.stdout + written.stderr).includes(text)) return true;
          if (over) throw new Error(`${lines}ended without "${text}":\n${written.stdout}${written.stderr}`);
          return undefined;
        }, 180_000);
      },
      async interrupt() {
        signal(child, 'SIGINT');
        await ended;
      },
      ended,
    };
  };

  return {
    folder,
    enter,
    async run(lines, environment) {
      const entered = enter(lines, environment);
      const code = await entered.ended;
      return { code, stdout: entered.stdout(), stderr: entered.stderr() };
    },
    async remove() {
      const gone = [...terminals].map((child) => once(child, 'close'));
      for (const child of terminals) signal(child, 'SIGKILL');
      await Promise.all(gone);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** To the whole process group. */
const signal = ({ pid }: ChildProcess, name: NodeJS.Signals): void => {
  if (pid !== undefined) process.kill(-pid, name);
};

/** A port that is free together with the next `more`; below those that the system gives to outgoing connections. */
export async function freePorts(more = 0): Promise<number> {
  const first = 20_000 + Math.floor(Math.random() * 10_000);
  for (let port = first; port <= first + more; port += 1) if (!(await isFree(port))) return freePorts(more);
  return first;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolved) => {
    const server = createServer();
    server.once('error', () => resolved(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolved(true)));
  });
