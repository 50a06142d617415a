import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import * as library from '../../operators/index.js';
import { blocksOf, PAGES, proseOf, rowsOf, type Block } from './pages.js';

const PAGE = 'operators/README.md';

/** A program, and what it prints. */
interface Example {
  readonly section: string;
  readonly code: string;
  readonly printed: string | undefined;
  /** As if it stood beside the operators. */
  readonly module: string;
}

const isTypeScript = ({ language }: Block): boolean => language === 'ts' || language === 'typescript';

/** What a program prints stands in the block after it. */
const EXAMPLES = blocksOf(PAGE).flatMap((block, place, blocks): readonly Example[] => {
  if (!isTypeScript(block)) return [];
  const next = blocks[place + 1];
  return [{ section: block.section, code: block.code, printed: next?.language === 'text' ? next.code : undefined, module: `operators/example${place}` }];
});

const sourceOf = ({ module }: Example): string => resolve(`${module}.ts`);

const SOURCES = new Map(EXAMPLES.map((example) => [sourceOf(example), example.code]));

let outDir: string;
let program: ts.Program;

beforeAll(() => {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')).config, ts.sys, '.');
  mkdirSync('.cache', { recursive: true });
  outDir = mkdtempSync(resolve('.cache', 'examples-')); // inside the project, where modules are found
  const emitting = { ...options, outDir, types: ['node'] };
  const host = ts.createCompilerHost(emitting);
  program = ts.createProgram([...SOURCES.keys()], emitting, {
    ...host,
    fileExists: (path) => SOURCES.has(path) || host.fileExists(path),
    readFile: (path) => SOURCES.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const code = SOURCES.get(path);
      return code === undefined ? host.getSourceFile(path, version, ...rest) : ts.createSourceFile(path, code, version);
    },
  });
  program.emit();
}, 60_000);

afterAll(() => rmSync(outDir, { recursive: true }));

describe(PAGE, () => {
  test.each(EXAMPLES)('$section: the example compiles under the rules of the project, runs, and prints what is said', (example) => {
    const errors = ts.getPreEmitDiagnostics(program, program.getSourceFile(sourceOf(example)));
    expect(errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    expect(execFileSync(process.execPath, [join(outDir, `${example.module}.js`)], { encoding: 'utf8' })).toBe(example.printed);
  });

  test('has the examples of three other domains, and of state and testing', () => {
    expect(EXAMPLES.map(({ section }) => section)).toEqual(['Example', 'IoT readings', 'Clicks', 'Payments', 'State', 'A diagram of a chain', 'Promises']);
  });

  test('names all that the library exports', () => {
    const text = proseOf(PAGE);
    expect(Object.keys(library).filter((name) => !new RegExp(`[\`[(]${name}\\b`).test(text))).toEqual([]);
  });

  test('whatever it says that a spec shows is the name of a test there', () => {
    const links = [...proseOf(PAGE).matchAll(/\[(?<name>[^\][]+)\]\(\.\.\/(?<file>spec\/[^)]+)\)/g)].map(({ groups }) => ({ name: groups?.['name'] ?? '', file: groups?.['file'] ?? '' }));
    const shown = links.filter(({ file }) => file !== 'spec/docs/example.spec.ts');
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter(({ name, file }) => !readFileSync(file, 'utf8').includes(`test('${name.replaceAll("'", "\\'")}'`))).toEqual([]);
  });

  test.each(['Core semantics', 'Which operator'])('says of each line under %s what shows it', (section) => {
    const unproven = rowsOf(PAGE, section).filter((cells) => !/\]\((\.\.\/spec\/|\.\.\/docs\/semantics\.md#|#)/.test(cells.at(-1) ?? ''));
    expect(unproven).toEqual([]);
  });
});

/** Whose examples spec/marbles/readme.spec.ts and spec/docs/consuming.spec.ts compile and run. */
const ELSEWHERE: readonly string[] = ['marbles/README.md', 'docs/consuming.md'];

/** A quotation of a source file, which spec/docs/shapes.spec.ts compares. */
const isQuoted = ({ mark = '' }: Block): boolean => mark.startsWith('from src/');

test('there is no other TypeScript in the pages that nobody compiles', () => {
  const others = PAGES.filter((page) => page !== PAGE && !ELSEWHERE.includes(page));
  expect(others.flatMap((page) => blocksOf(page)).filter((block) => isTypeScript(block) && !isQuoted(block))).toEqual([]);
});
