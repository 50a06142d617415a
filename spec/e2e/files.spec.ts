import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { VERSION } from '../../src/config/version.js';
import { createProgressLine } from '../../src/io/progressLine.js';
import { describeWith } from '../support/requires.js';
import { accounted, finishedOf, jsonLines, logOf, SEVEN_FIELDS, usingProgram, type Ended, type ResultLine } from './program.js';

jest.setTimeout(60_000);

const SAMPLE = 'samples/page_views.ndjson';

const program = usingProgram();
const run = (...args: string[]): Promise<Ended> => program.start(args).ended;
const text = (name: string): string => readFileSync(program.file(name), 'utf8');

interface DeadLetterLine {
  readonly message_id: string;
  readonly reason: string;
  readonly data: string;
}

describe('from file to file', () => {
  test('it ends by itself, accounts for every line, and tells results in seven fields', async () => {
    const ended = await run('--input', SAMPLE, '--output', program.file('out.ndjson'), '--clock', 'recorded');
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    const results = jsonLines<ResultLine>(text('out.ndjson'));
    for (const result of results) expect(Object.keys(result)).toEqual(SEVEN_FIELDS);
    const finished = finishedOf(ended);
    expect(finished).toMatchObject({ received: jsonLines(readFileSync(SAMPLE, 'utf8')).length, held: 0, results: results.length });
    expect(accounted(finished)).toBe(finished.received);
  });

  test('a recording gives the same bytes every time', async () => {
    for (const name of ['one', 'two']) await run('--input', SAMPLE, '--output', program.file(name), '--clock', 'recorded', '--with_headers');
    expect(text('one')).toBe(text('two'));
    expect(text('one.dead-letter.ndjson')).toBe(text('two.dead-letter.ndjson'));
  });

  test('dead letters lie beside the results and can be read as input again: what is bad by itself ends there again', async () => {
    const first = finishedOf(await run('--input', SAMPLE, '--output', program.file('out'), '--clock', 'recorded'));
    const letters = jsonLines<DeadLetterLine>(text('out.dead-letter.ndjson'));
    expect(countedBy(letters)).toEqual(first.deadLetters);

    const again = finishedOf(await run('--input', program.file('out.dead-letter.ndjson'), '--output', program.file('again'), '--clock', 'recorded'));
    expect(again.received).toBe(letters.length);
    const byThemselves = (all: readonly DeadLetterLine[]) =>
      all.filter(({ reason }) => reason === 'invalid' || reason === 'excluded').map(({ message_id, reason, data }) => ({ message_id, reason, data }));
    expect(byThemselves(jsonLines(text('again.dead-letter.ndjson')))).toEqual(byThemselves(letters));
    expect(byThemselves(letters).length).toBeGreaterThan(0);
  });

  test('from stdin to stdout the results are the same', async () => {
    await run('--input', SAMPLE, '--output', program.file('out'), '--clock', 'recorded');
    const stdin = openSync(SAMPLE, 'r');
    const ended = await program.start(['--input', '-', '--output', '-', '--clock', 'recorded'], { stdin }).ended;
    closeSync(stdin);
    expect(ended).toMatchObject({ code: 0, stdout: text('out') });
  });
});

const countedBy = (letters: readonly DeadLetterLine[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { reason } of letters) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

describe('what cannot be done', () => {
  test('an input that is not there: exit 1, one error that names it', async () => {
    const { code, stderr } = await run('--input', program.file('none.ndjson'), '--output', program.file('out'));
    expect(code).toBe(1);
    expect(logOf(stderr).filter(({ level }) => level === 'error')).toMatchObject([
      { event: 'failed', error: `cannot read ${program.file('none.ndjson')}: there is no such file or directory (ENOENT)` },
    ]);
  });

  test('a configuration that is wrong: exit 2, every error with its key, the rule and the value, and nothing is touched', async () => {
    const { code, stdout, stderr } = await run('--input', SAMPLE, '--output', program.file('out'), '--window_size', '-3', '--clock', 'sundial');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/window_size: expected seconds from .*; got -3 \(from --window_size\)/);
    expect(stderr).toMatch(/clock: expected .*system.*recorded.*; got "?sundial"? \(from --clock\)/);
    expect(existsSync(program.file('out'))).toBe(false);
  });

  test('dead letters to a reader of stdout that is gone are a failure, for nobody else has them', async () => {
    const args = [program.main, '--input', SAMPLE, '--output', program.file('out'), '--dead_letter_output', '-'];
    const piped = program.spawned('bash', ['-c', '"$0" "$@" | true; exit "${PIPESTATUS[0]}"', process.execPath, ...args]);
    const { code, stderr } = await piped.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('cannot write stdout: nobody reads it any more (EPIPE)');
  });
});

describe('what is printed', () => {
  test.each([
    { args: ['--help'], begins: 'Usage: pages-viewed' },
    { args: ['publish', '--help'], begins: 'Usage: pages-viewed publish' },
    { args: ['--version'], begins: `${VERSION}\n` },
    { args: ['--print_config', '--window_size', '90'], begins: '# Effective settings' },
  ])('$args goes to stdout alone', async ({ args, begins }) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.startsWith(begins)).toBe(true);
  });

  test('a reader that is gone already is no failure', async () => {
    const piped = program.spawned('bash', ['-c', '"$0" "$@" | true; exit "${PIPESTATUS[0]}"', process.execPath, program.main, '--help']);
    expect(await piped.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('the settings that are printed give the same settings when they are read back', async () => {
    const { stdout } = await run('--print_config', '--window_size', '90', '--input', SAMPLE);
    const settings = (printed: string): string[] => printed.split('\n').map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
    expect(settings(stdout)).toEqual(expect.arrayContaining(['window_size: 90', `input: "${SAMPLE}"`]));
    const config = program.file('config.yaml');
    writeFileSync(config, stdout);
    expect(settings((await run('--config', config, '--print_config')).stdout)).toEqual(settings(stdout));
  });
});

describe('progress', () => {
  const told = /0\.1 MB read, 100 %/;

  test('is not told where no terminal is', async () => {
    const { stderr } = await run('--input', SAMPLE, '--output', program.file('out'));
    expect(stderr).not.toMatch(told);
  });

  describeWith('script', 'on a terminal', () => {
    test('is told', async () => {
      const command = `'${process.execPath}' '${program.main}' --input ${SAMPLE} --output '${program.file('out')}'`;
      const { code, stdout } = await program.spawned('script', ['-qec', command, '/dev/null']).ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(told);
      expect(stdout).toMatch(/finished/);
    });
  });

  const terminal = (isTTY: boolean) => {
    const written: string[] = [];
    return { written, isTTY, write: (piece: string | Uint8Array) => written.push(String(piece)) > 0 };
  };

  test('is one line, written over at most five times a second; the last text stays', () => {
    const { written, ...screen } = terminal(true);
    const line = createProgressLine(screen);
    for (const percent of [1, 2, 100]) line.show(`${percent} %`);
    line.end();
    expect(written).toEqual(['\r1 %\u001B[K', '\r100 %\u001B[K', '\n']);
  });

  test('leaves no empty line when there was nothing to tell, and writes nothing into a file', () => {
    const { written, ...screen } = terminal(true);
    createProgressLine(screen).end();
    const file = terminal(false);
    const line = createProgressLine(file);
    line.show('1 %');
    line.end();
    expect([...written, ...file.written]).toEqual([]);
  });
});
