import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../emulator/session.js';

/** How a process ended, and everything it wrote. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Waits until a log line tells of this event. */
  logged(event: string): Promise<LogLine>;
  /** Resolves when it has ended and its pipes are drained. */
  readonly ended: Promise<Ended>;
}

/** A line of the log: what every line has, and what belongs to its event. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly event: string };

export interface Workbench {
  /** The built `main.js`. */
  readonly main: string;
  /** A path in a folder that is this test's own. */
  file(name: string): string;
  /** Starts the program as users do. */
  start(args: readonly string[], surroundings?: Surroundings): Running;
  /** Starts any other program. */
  spawned(command: string, args: readonly string[], surroundings?: Surroundings): Running;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The id of the user who runs it. Default: who runs the specs. */
  readonly user?: number;
  /** The descriptor of an open file. Default: nothing to read. */
  readonly stdin?: number | 'ignore';
}

/** The built program for the specs of a file. Everything a test started is gone after it, or after all of them where they share it, and so are its files. */
export function usingProgram({ isShared = false } = {}): Workbench {
  const [before, after] = isShared ? [beforeAll, afterAll] : [beforeEach, afterEach];
  const children = new Set<ChildProcess>();
  let build: Build;
  let folder: string;

  beforeAll(() => {
    build = currentBuild();
  }, 120_000);
  afterAll(() => build.remove());
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pages-viewed-e2e-'));
  });
  after(async () => {
    await Promise.all([...children].map(killed));
    children.clear();
    rmSync(folder, { recursive: true });
  });

  const spawned: Workbench['spawned'] = (command, args, { env = {}, cwd, user, stdin = 'ignore' } = {}) => {
    const child = spawn(command, args, { stdio: [stdin, 'pipe', 'pipe'], ...(cwd !== undefined && { cwd }), ...(user !== undefined && { uid: user, gid: user }), env: { ...ownEnvironment(), ...env } });
    children.add(child);
    return running(child);
  };
  return {
    get main() {
      return build.main;
    },
    file: (name) => join(folder, name),
    spawned,
    start: (args, surroundings) => spawned(process.execPath, [build.main, ...args], surroundings),
  };
}

const killed = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL'); // which a stopped process obeys, too
  await gone;
};

interface Build {
  /** The path of `main.js`. */
  readonly main: string;
  remove(): void;
}

/** What is in `dist`, or, where the sources are newer, a build of its own. */
const currentBuild = (): Build => {
  if (isBuilt()) return { main: resolve('dist/src/main.js'), remove: () => undefined };
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(resolve('.cache', 'build-')); // inside the project, where modules are found
  const { status, stdout } = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--noCheck', '--outDir', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the program cannot be built: ${stdout}`);
  spawnSync('npm', ['run', '--silent', 'build:page', '--', `--outdir=${join(folder, 'page')}`]);
  return { main: join(folder, 'src', 'main.js'), remove: () => rmSync(folder, { recursive: true }) };
};

const isBuilt = (): boolean => {
  const builtAt = statSync('dist/src/main.js', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['src', 'operators']
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .every((entry) => !entry.isFile() || statSync(join(entry.parentPath, entry.name)).mtimeMs < builtAt);
};

/** Settings of the one who runs the specs do not reach the program. */
const ownEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PAGES_VIEWED_|PUBSUB_EMULATOR_HOST|NODE_OPTIONS)/.test(name)));

function running(child: ChildProcess): Running {
  const { pid } = child;
  if (pid === undefined) throw new Error('the process did not start');
  const written = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  const ended = new Promise<Ended>((resolved) => child.once('close', (code) => resolved({ code, ...written })));
  return {
    child,
    pid,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async logged(event) {
      return eventually(`the log line ${event}`, () => {
        const line = logOf(written.stderr).find((it) => it.event === event);
        if (line === undefined && child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${written.stderr}`);
        return line;
      });
    },
    ended,
  };
}

/** The lines that are complete, parsed. */
export const jsonLines = <A>(text: string): A[] =>
  text.split('\n').slice(0, -1).map((line) => {
    const value: A = JSON.parse(line);
    return value;
  });

export const logOf = (stderr: string): LogLine[] => jsonLines(stderr);

/** A result as a line tells of it. */
export interface ResultLine {
  readonly session_id: string;
  readonly page: string;
  readonly time_spent_seconds: number;
  readonly timestamp: string;
  readonly window_start: string;
  readonly window_end: string;
  readonly element_timestamp: string;
  readonly headers?: { readonly session_id: string; readonly processing_time: string; readonly pane: string };
}

export const SEVEN_FIELDS = ['session_id', 'page', 'time_spent_seconds', 'timestamp', 'window_start', 'window_end', 'element_timestamp'];

/** What the last line of a run says became of the messages. */
export interface Finished extends LogLine {
  readonly received: number;
  readonly duplicates: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly held: number;
  readonly closed: number;
  readonly results: number;
}

export function finishedOf({ stderr }: Ended): Finished {
  const [last, ...more] = jsonLines<Finished>(stderr).filter(({ event }) => event === 'finished');
  if (last === undefined || more.length > 0) throw new Error(`not one line says finished:\n${stderr}`);
  return last;
}

export { accounted } from '../../src/simulate/audit.js';
