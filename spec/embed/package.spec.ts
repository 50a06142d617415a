import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { apiReport } from './apiReport.js';
import { LOWEST_RXJS, LOWEST_TYPED_RXJS, embedder, sizeOf, type Embedder } from './embedder.js';

jest.setTimeout(180_000);

let project: Embedder;

beforeAll(async () => {
  project = await embedder();
});
afterAll(() => project.remove());

const installed = (): string => join(project.folder, 'node_modules');

test('an embedder gets the library, his rxjs and what that needs, and nothing else', () => {
  const packages = readdirSync(installed()).filter((name) => !name.startsWith('.'));
  const bytes = sizeOf(join(installed(), 'pages-viewed-streaming'));
  process.stdout.write(`the library installed: ${Math.round(bytes / 1_024)} KB\n`);

  expect(packages.sort()).toEqual(['pages-viewed-streaming', 'rxjs', 'tslib']);
  expect(JSON.parse(readFileSync(join(installed(), 'rxjs/package.json'), 'utf8'))).toMatchObject({ version: LOWEST_RXJS });
  expect(bytes).toBeLessThan(1_024 * 1_024);
});

test.each(['stays.mjs', 'stays.cjs'])('%s runs', async (program) => {
  expect(await project.node(program)).toBe('[[2,80000],[1,260000]]\nas drawn\n');
});

describe('in TypeScript', () => {
  beforeAll(() => project.install(`rxjs@${LOWEST_TYPED_RXJS}`));

  test('the types hold as ES modules, as CommonJS and for a bundler', async () => {
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'];
    await project.node(tsc, ...strict, '--module', 'nodenext', 'typed.ts');
    await project.node(tsc, ...strict, '--module', 'esnext', '--moduleResolution', 'bundler', 'typed.ts');
    writeFileSync(join(project.folder, 'typed.cts'), readFileSync(join(project.folder, 'typed.ts')));
    await project.node(tsc, ...strict, '--module', 'nodenext', 'typed.cts');
  });

  test('the example of its page prints what it says', async () => {
    const [example, printed] = [...readFileSync(resolve('deploy/library/README.md'), 'utf8').matchAll(/```(?:ts|text)\n([^]*?)```/g)].map(([, text]) => text ?? '');
    writeFileSync(join(project.folder, 'example.ts'), example ?? '');
    await project.node(resolve('node_modules/typescript/bin/tsc'), '--target', 'es2022', '--module', 'nodenext', '--types', 'node', '--typeRoots', resolve('node_modules/@types'), 'example.ts');

    expect(await project.node('example.js')).toBe(printed);
  });
});

test('linters of packages have nothing to say, but that node10 knows no exports', async () => {
  const said = await project.node(resolve('spec/embed/linters.mjs'), join(installed(), 'pages-viewed-streaming'), project.tarball);

  expect(JSON.parse(said)).toEqual({ publint: [], types: ['NoResolution in node10'] });
});

test.each(['operators', 'marbles'])('docs/api/%s.api.md shows the public API as it is; WRITE_DOCS=1 (npm run docs) writes it', (door) => {
  const page = `docs/api/${door}.api.md`;
  const report = apiReport(door);
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(page, report);

  expect(report).toContain('export ');
  expect(readFileSync(page, 'utf8')).toBe(report);
});
