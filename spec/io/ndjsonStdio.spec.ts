import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Stream } from 'node:stream';
import { eventsOf, folderPerTest, messagesIn } from './ndjsonHarness.js';

const file = folderPerTest();
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

const echo = (stdin: 'pipe' | number, stdout: 'pipe' | number): ChildProcess => {
  const child = spawn(process.execPath, ['--require', './spec/support/typescript.cjs', 'spec/io/ndjsonEcho.ts'], { stdio: [stdin, stdout, 'pipe'] });
  children.add(child);
  return child;
};

/** Exit code and stderr. */
const endOf = async (child: ChildProcess): Promise<{ code: unknown; said: string }> => {
  let said = '';
  child.stderr?.on('data', (text) => (said += String(text)));
  const [code]: unknown[] = await once(child, 'close');
  return { code, said };
};

const textOf = (stream: Stream | null): (() => string) => {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
};

const LINES = 20_000;
const lines = (): string => Array.from({ length: LINES }, (_, i) => `{"session_id":"${i}","page_title":"é"}\n`).join('');
const bodies = (output: string): string[] =>
  output.split('\n').slice(0, -1).map((line) => {
    const letter: { data: string } = JSON.parse(line);
    return `${letter.data}\n`;
  });

describe('stdin and stdout', () => {
  test('as pipes: everything comes through', async () => {
    const child = echo('pipe', 'pipe');
    const output = textOf(child.stdout);
    child.stdin?.end(lines());
    expect(await endOf(child)).toEqual({ code: 0, said: '' });
    expect(bodies(output()).join('')).toBe(lines());
  });

  test('as files: everything comes through, and can be read again', async () => {
    const [input, output] = [openSync(file('in', lines()), 'r'), openSync(file('out'), 'w')];
    expect(await endOf(echo(input, output))).toEqual({ code: 0, said: '' });
    closeSync(input);
    closeSync(output);
    expect(bodies(readFileSync(file('out'), 'utf8')).join('')).toBe(lines());
    expect(messagesIn(await eventsOf({ path: file('out') }))).toHaveLength(LINES);
  });

  test('a reader of stdout that goes away is a clear error', async () => {
    const child = echo('pipe', 'pipe');
    child.stdin?.on('error', () => undefined); // it may be gone before it has read everything
    child.stdout?.once('data', () => child.stdout?.destroy());
    child.stdin?.end(lines().repeat(20));
    expect(await endOf(child)).toEqual({ code: 1, said: 'FileError: cannot write stdout: nobody reads it any more (EPIPE)\n' });
  });

  test('output redirected to the end of its own input is refused', async () => {
    const input = openSync(file('in', lines()), 'r');
    const output = openSync(file('in'), 'a');
    expect(await endOf(echo(input, output))).toEqual({ code: 1, said: 'FileError: cannot write stdout: it is the same file as the input\n' });
    closeSync(input);
    closeSync(output);
    expect(readFileSync(file('in'), 'utf8')).toBe(lines());
  });
});
