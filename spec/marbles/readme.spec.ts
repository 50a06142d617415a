import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { printScore } from '../../marbles/index.js';
import { lateOfClosed } from '../../marbles/sessionWindow.classes.marbles.js';

const PAGE = readFileSync('marbles/README.md', 'utf8');
const textOf = (file: string): string => readFileSync(join('spec/marbles', file), 'utf8');

const blocks = (language: string): readonly string[] => [...PAGE.matchAll(/^```(?<language>\w+)\n(?<code>[^]*?)^```$/gm)].filter(({ groups }) => groups?.['language'] === language).map(({ groups }) => groups?.['code'] ?? '');

/** Its TypeScript as one program, as if it stood beside the kit. */
const PROGRAM = resolve('marbles/readme.ts');
const program = blocks('ts').join('').replace("'pages-viewed-streaming/marbles'", "'./index.js'");

test('the examples of marbles/README.md compile under the rules of the project, run, and print what is said', () => {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')).config, ts.sys, '.');
  mkdirSync('.cache', { recursive: true });
  const outDir = mkdtempSync(resolve('.cache', 'readme-')); // inside the project, where modules are found
  try {
    const emitting = { ...options, outDir, types: ['node'] };
    const host = ts.createCompilerHost(emitting);
    const withProgram: ts.CompilerHost = {
      ...host,
      fileExists: (path) => path === PROGRAM || host.fileExists(path),
      readFile: (path) => (path === PROGRAM ? program : host.readFile(path)),
      getSourceFile: (path, version, ...rest) => (path === PROGRAM ? ts.createSourceFile(path, program, version) : host.getSourceFile(path, version, ...rest)),
    };
    const compiled = ts.createProgram([PROGRAM], emitting, withProgram);
    const errors = ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(PROGRAM));
    expect(errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    compiled.emit();
    const [, ...printed] = blocks('text');
    expect(execFileSync(process.execPath, [join(outDir, 'marbles/readme.js')], { encoding: 'utf8' })).toBe(printed.join(''));
  } finally {
    rmSync(outDir, { recursive: true });
  }
}, 60_000);

test('the score it begins with is that of its picture', () => {
  expect(blocks('text')[0]).toBe(`${printScore(lateOfClosed.score)}\n`);
  expect(PAGE).toContain(`![${lateOfClosed.title}](../docs/marbles/sessionWindow-late-of-closed.svg)`);
});

test('the messages it names are those of the fixtures that must fail', () => {
  const [, misuse = ''] = PAGE.split(/^## Misuse$/m);
  const messages = [...misuse.matchAll(/^\| .* \| `(?<message>.+)` \|$/gm)].map(({ groups }) => (groups?.['message'] ?? '').replaceAll('\\|', '|').replace('…', ''));
  expect(messages.length).toBeGreaterThan(8);
  expect(messages.filter((message) => !textOf('failing.spec.ts').includes(message))).toEqual([]);
});

test('the line for jest is the one that is tested', () => {
  expect(textOf('jest.spec.ts')).toContain(blocks('js')[0]);
});
