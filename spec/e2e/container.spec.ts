import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../emulator/session.js';
import { copiedFromContext, only, replay, stagesOf } from './dockerfile.js';
import { finishedOf, usingProgram, type Running } from './program.js';

jest.setTimeout(60_000);

const stages = stagesOf(readFileSync('Dockerfile', 'utf8'));
const image = stages.at(-1) ?? [];

/** `A=b C="d e"`. */
const assignments = (rest: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...rest.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']));

const environment = assignments(only(image, 'ENV'));

/** Where the specs run as root, the image's files are run by somebody who is not. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const contentsOf = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

describe('the Dockerfile', () => {
  test('builds on Node 24, slim', () => {
    for (const stage of stages) expect(only(stage, 'FROM')).toMatch(/^node:24-slim( AS \w+)?$/);
  });

  test('runs the program without a shell, not as root, for production', () => {
    expect(JSON.parse(only(image, 'ENTRYPOINT'))).toEqual(['node', 'dist/src/main.js']);
    expect(only(image, 'USER')).toBe('node');
    expect(environment).toEqual({ NODE_ENV: 'production', PAGES_VIEWED_HOST: '0.0.0.0' });
    expect(only(image, 'STOPSIGNAL')).toBe('SIGTERM');
  });

  test('labels the image as others look for it', () => {
    const labels = assignments(only(image, 'LABEL'));
    expect(Object.keys(labels).map((it) => it.replace('org.opencontainers.image.', ''))).toEqual(['title', 'description', 'licenses', 'version', 'revision']);
    expect(image.filter(({ name }) => name === 'ARG').map(({ rest }) => rest.split('=')[0])).toEqual(['VERSION', 'REVISION']);
  });

  test('asks for health where a run serves it, by a program that is in the image', () => {
    expect(healthCheck().slice(0, 2)).toEqual(['node', '-e']);
    expect(only(image, 'EXPOSE')).toBe('8080');
  });

  test('copies what .dockerignore lets through, and no more', () => {
    const rules = readFileSync('.dockerignore', 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    expect(rules.slice(1).sort()).toEqual(copiedFromContext(stages).map((path) => `!${path}`));
  });
});

const healthCheck = (): string[] => {
  const command: string[] = JSON.parse(/CMD (\[.*\])$/.exec(only(image, 'HEALTHCHECK'))?.[1] ?? '[]');
  return command;
};

const isHealthy = (port: string): boolean => {
  const [, ...args] = healthCheck();
  return spawnSync(process.execPath, args, { env: { PAGES_VIEWED_PORT: port } }).status === 0;
};

describe('the files of the image', () => {
  const program = usingProgram();
  let root: string;
  let app: string;
  let written: readonly string[];

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'pages-viewed-image-'));
    chmodSync(root, 0o755);
    app = replay(stages, '.', root);
    written = contentsOf(app);
  }, 300_000);
  afterAll(() => {
    // As on a read-only file system: whoever ran there was nobody, to whom nothing of it belongs.
    expect(contentsOf(app)).toEqual(written);
    rmSync(root, { recursive: true });
  });

  const started = (args: readonly string[]): Running => {
    const [command, ...entry]: string[] = JSON.parse(only(image, 'ENTRYPOINT'));
    return program.spawned(command!, [...entry, ...args], { cwd: app, env: environment, ...(isRoot && { user: NOBODY }) });
  };

  test('are the built program and what it needs at run time', () => {
    expect(readdirSync(app).sort()).toEqual(['dist', 'node_modules', 'package.json', 'sbom.cdx.json']);
    expect(readdirSync(join(app, 'dist')).sort()).toEqual(['marbles', 'operators', 'page', 'src']);
  });

  test('hold every package of the lock file that production needs, and none of development', () => {
    const lock: { packages: Record<string, { dev?: boolean; optional?: boolean }> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const wrong = Object.entries(lock.packages).filter(([path, { dev = false, optional = false }]) => path !== '' && !optional && existsSync(join(app, path)) === dev);
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test('are all in the bill of materials, and no other', () => {
    const { components }: { components: { name: string; version: string }[] } = JSON.parse(readFileSync(join(app, 'sbom.cdx.json'), 'utf8'));
    const installed = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path));
    const packages = installed.map((path) => {
      const { name, version }: { name: string; version: string } = JSON.parse(readFileSync(join(app, path), 'utf8'));
      return `${name}@${version}`;
    });
    expect([...new Set(components.map(({ name, version }) => `${name}@${version}`))].sort()).toEqual([...new Set(packages)].sort());
  });

  test('run from file to file, with the same results as here', async () => {
    const args = ['--input', resolve('samples/page_views.ndjson'), '--clock', 'recorded'];
    const there = await started(args).ended;
    const here = await program.start(args).ended;
    expect({ code: there.code, results: there.stdout }).toEqual({ code: 0, results: here.stdout });
    expect(here.stdout).not.toBe('');
  });

  test('run without arguments, are healthy, and stop in order when the container is stopped', async () => {
    const run = started(['--port', '0']);
    await eventually('a result', () => (run.stdout().includes('\n') ? true : undefined));
    const port = await eventually('its port', () => /"url":"http:\/\/[^"]*:(\d+)\/"/.exec(run.stderr())?.[1]);
    expect(isHealthy(port)).toBe(true);
    run.child.kill('SIGTERM');
    const ended = await run.ended;
    expect(isHealthy(port)).toBe(false);
    expect(ended.code).toBe(0);
    expect(finishedOf(ended).held).toBe(0);
  });
});
