import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { eventually } from '../emulator/session.js';
import { accounted, finishedOf, jsonLines, logOf, SEVEN_FIELDS, usingProgram, type ResultLine, type Running } from './program.js';

jest.setTimeout(60_000);

const program = usingProgram();

const firstResult = (run: Running): Promise<true> => eventually('a result', () => (run.stdout().includes('\n') ? true : undefined), 10_000);

describe('without arguments', () => {
  test('results come within 10 s as JSON lines of the seven fields, the log as JSON lines on stderr', async () => {
    const run = program.start([]);
    await firstResult(run);
    run.child.kill('SIGINT');
    const { stdout, stderr } = await run.ended;
    for (const result of jsonLines<ResultLine>(stdout)) expect(Object.keys(result)).toEqual(SEVEN_FIELDS);
    const log = logOf(stderr);
    expect(log.filter(({ event }) => event === 'state_in_memory')).toMatchObject([{ level: 'warn' }]);
    expect(log.map(({ event }) => event)).toEqual(expect.arrayContaining(['embedded_pubsub', 'source_opened']));
    expect(log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('the log says where it can be watched; neither there nor in the log is a title or an id of those in the results', async () => {
    const run = program.start([]);
    await firstResult(run);
    const { url } = await run.logged('status_page');
    const told = await Promise.all(['/metrics', '/status', '/readyz'].map(async (path) => (await fetch(`${String(url)}${path.slice(1)}`)).text()));
    run.child.kill('SIGINT');
    const { stdout, stderr } = await run.ended;
    const values = new Set(jsonLines<ResultLine>(stdout).flatMap(({ session_id: session, page }) => [session, page]));
    expect(values.size).toBeGreaterThan(10);
    expect([...values].filter((value) => [stderr, ...told].some((text) => text.includes(value)))).toEqual([]);
    expect(told[0]).toContain('\npages_viewed_ready 1\n');
  });

  test('a port that is taken ends a run that was told to take it', async () => {
    const first = program.start(['--port', '0']);
    const { url } = await first.logged('status_page');
    const { code, stderr } = await program.start(['--port', new URL(String(url)).port]).ended;
    expect(code).toBe(1);
    expect(logOf(stderr).at(-1)).toMatchObject({ level: 'error', event: 'failed', error: expect.stringMatching(/^cannot listen on 127\.0\.0\.1:\d+: the port is taken; /) });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s closes what is open, flags it, accounts for every message and exits 0', async (signal) => {
    const run = program.start(['--output', '-', '--with_headers', '--dead_letter_output', program.file('dead.ndjson')]);
    await firstResult(run);
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    const results = jsonLines<ResultLine>(ended.stdout);
    expect(results.filter(({ headers }) => headers?.pane.includes('"forced":"drain"')).length).toBeGreaterThan(0);
    const finished = finishedOf(ended);
    expect(finished).toMatchObject({ held: 0, results: results.length });
    expect(finished.received).toBeGreaterThan(0);
    expect(accounted(finished)).toBe(finished.received);
  });

  test('two signals at once, as npm makes of one Ctrl-C, are one', async () => {
    const run = program.start([]);
    await firstResult(run);
    run.child.kill('SIGINT');
    run.child.kill('SIGTERM'); // the same signal twice could arrive as one
    expect((await run.ended).code).toBe(0);
  });

  test('a reader that has seen enough ends it in peace', async () => {
    const run = program.spawned('bash', ['-c', '"$0" "$1" | head -2; exit "${PIPESTATUS[0]}"', process.execPath, program.main]);
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(2);
    expect(logOf(stderr).filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('npm start', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('passes %s on to the program, which ends in order', async (signal) => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
    // The real script; only that everything is built already.
    writeFileSync(program.file('package.json'), JSON.stringify({ scripts: { ...scripts, build: 'true' } }));
    symlinkSync(join(dirname(program.main), '..'), program.file('dist'));
    const npm = program.spawned('npm', ['start'], { cwd: program.file('.') });
    await eventually('a result', () => (npm.stdout().includes('{"session_id"') ? true : undefined));
    npm.child.kill(signal);
    const { code, stderr } = await npm.ended;
    expect(stderr).toContain('"event":"finished"');
    expect(code).toBe(0);
  });
});

describe('a stop that takes long', () => {
  const subscription = 'projects/p/subscriptions/views';
  let emulator: Emulator;

  beforeEach(async () => {
    emulator = await startEmulator();
  });
  afterEach(() => emulator.close());

  test.each(['SIGINT', 'SIGTERM'] as const)('is ended at once by a second %s, with 130', async (signal) => {
    const env = { PUBSUB_EMULATOR_HOST: emulator.address };
    const events = ['--topic', 'projects/p/topics/views', '--subscription', subscription, '--input', 'samples/page_views.ndjson'];
    expect(await program.start(['publish', '--create', ...events], { env }).ended).toMatchObject({ code: 0 });
    emulator.faults.set(subscription, { acks: 'refused' }); // it goes on trying until their leases would have ended

    const run = program.start(['--input_subscription', subscription], { env });
    await firstResult(run);
    run.child.kill(signal);
    await run.logged('stopping');
    await new Promise((resolve) => setTimeout(resolve, 300)); // later than the echo under npm
    expect(run.child.exitCode).toBeNull();
    run.child.kill(signal);
    expect(await run.ended).toMatchObject({ code: 130 });
  });
});
