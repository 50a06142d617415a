import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../emulator/session.js';
import { copiedFromContext, only, replay, stagesOf } from './dockerfile.js';
import { finishedOf, usingProgram, type Running } from './program.js';

jest.setTimeout(60_000);

const stages = stagesOf(readFileSync('Dockerfile', 'utf8'));
const image = stages.at(-1) ?? [];

describe('the Dockerfile', () => {
  test('builds on Node 24, slim', () => {
    for (const stage of stages) expect(only(stage, 'FROM')).toMatch(/^node:24-slim( AS \w+)?$/);
  });

  test('runs the program without a shell, not as root, for production', () => {
    expect(JSON.parse(only(image, 'ENTRYPOINT'))).toEqual(['node', 'dist/src/main.js']);
    expect(only(image, 'USER')).toBe('node');
    expect(only(image, 'ENV')).toBe('NODE_ENV=production');
  });

  test('copies what .dockerignore lets through, and no more', () => {
    const rules = readFileSync('.dockerignore', 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    expect(rules.slice(1).sort()).toEqual(copiedFromContext(stages).map((path) => `!${path}`));
  });
});

describe('the files of the image', () => {
  const program = usingProgram();
  let root: string;
  let app: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'pages-viewed-image-'));
    app = replay(stages, '.', root);
  }, 300_000);
  afterAll(() => rmSync(root, { recursive: true }));

  const started = (args: readonly string[]): Running => {
    const [command, ...entry]: string[] = JSON.parse(only(image, 'ENTRYPOINT'));
    return program.spawned(command!, [...entry, ...args], { cwd: app, env: { NODE_ENV: 'production' } });
  };

  test('are the built program and what it needs at run time', () => {
    expect(readdirSync(app).sort()).toEqual(['dist', 'node_modules', 'package.json']);
    expect(readdirSync(join(app, 'dist')).sort()).toEqual(['operators', 'src']);
  });

  test('hold every package of the lock file that production needs, and none of development', () => {
    const lock: { packages: Record<string, { dev?: boolean; optional?: boolean }> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const wrong = Object.entries(lock.packages).filter(([path, { dev = false, optional = false }]) => path !== '' && !optional && existsSync(join(app, path)) === dev);
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test('run from file to file, with the same results as here', async () => {
    const args = (name: string): string[] => ['--input', resolve('samples/page_views.ndjson'), '--output', program.file(name), '--clock', 'recorded'];
    expect(await started(args('there')).ended).toMatchObject({ code: 0 });
    expect(await program.start(args('here')).ended).toMatchObject({ code: 0 });
    expect(readFileSync(program.file('there'), 'utf8')).toBe(readFileSync(program.file('here'), 'utf8'));
  });

  test('run without arguments, and stop in order when the container is stopped', async () => {
    const run = started([]);
    await eventually('a result', () => (run.stdout().includes('\n') ? true : undefined));
    run.child.kill('SIGTERM');
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(finishedOf(ended).held).toBe(0);
  });
});
