import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { blocksOf, PAGES } from './pages.js';

/** The example as if it stood beside the operators. */
const EXAMPLE = resolve('operators/example.ts');

const [example, printed] = blocksOf('operators/README.md').filter(({ section }) => section === 'Example');

test('the example of the operators compiles under the rules of the project, runs, and prints what is said', () => {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')).config, ts.sys, '.');
  mkdirSync('.cache', { recursive: true });
  const outDir = mkdtempSync(resolve('.cache', 'example-')); // inside the project, where modules are found
  try {
    const emitting = { ...options, outDir, types: ['node'] };
    const host = ts.createCompilerHost(emitting);
    const withExample: ts.CompilerHost = {
      ...host,
      fileExists: (path) => path === EXAMPLE || host.fileExists(path),
      readFile: (path) => (path === EXAMPLE ? example?.code : host.readFile(path)),
      getSourceFile: (path, version, ...rest) =>
        path === EXAMPLE ? ts.createSourceFile(path, example?.code ?? '', version) : host.getSourceFile(path, version, ...rest),
    };
    const program = ts.createProgram([EXAMPLE], emitting, withExample);
    const errors = ts.getPreEmitDiagnostics(program, program.getSourceFile(EXAMPLE));
    expect(errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    program.emit();
    expect(execFileSync(process.execPath, [join(outDir, 'operators/example.js')], { encoding: 'utf8' })).toBe(printed?.code);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}, 60_000);

test('there is no other TypeScript in the pages that nobody compiles', () => {
  const others = PAGES.filter((page) => page !== 'marbles/README.md'); // whose examples spec/marbles/readme.spec.ts compiles
  expect(others.flatMap((page) => blocksOf(page)).filter(({ language }) => language === 'ts' || language === 'typescript')).toEqual([example]);
});
