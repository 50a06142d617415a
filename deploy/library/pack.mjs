// Makes the package of the library: `npm run pack:library [-- <folder for the tarball>]`.
// Its manifest is made here: whoever embeds the operators installs neither brokers nor loggers.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'dist/library');
const CONFIG = join(import.meta.dirname, 'tsconfig.json');

const run = (command, ...args) => execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
const writeJson = (path, value) => writeFileSync(join(PACKAGE, path), `${JSON.stringify(value, null, 2)}\n`);

const door = (name) => ({
  import: { types: `./esm/${name}/index.d.ts`, default: `./esm/${name}/index.js` },
  require: { types: `./cjs/${name}/index.d.ts`, default: `./cjs/${name}/index.js` },
});

const { name, version, description, license, engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

rmSync(PACKAGE, { recursive: true, force: true });
run('npx', 'tsc', '-p', CONFIG);
run('npx', 'tsc', '-p', CONFIG, '--outDir', join(PACKAGE, 'cjs'), '--module', 'commonjs', '--moduleResolution', 'node10', '--verbatimModuleSyntax', 'false');
writeJson('cjs/package.json', { type: 'commonjs' });
writeJson('package.json', {
  name,
  version,
  description,
  keywords: ['rxjs', 'streaming', 'event time', 'window', 'session window', 'watermark', 'trigger'],
  license,
  type: 'module',
  sideEffects: false,
  engines,
  exports: { './operators': door('operators'), './marbles': door('marbles'), './package.json': './package.json' },
  peerDependencies: { rxjs: '^7.5.0' },
});
cpSync(join(ROOT, 'LICENSE'), join(PACKAGE, 'LICENSE'));
cpSync(join(import.meta.dirname, 'README.md'), join(PACKAGE, 'README.md'));

const target = resolve(process.argv[2] ?? join(ROOT, 'dist'));
mkdirSync(target, { recursive: true });
run('npm', 'pack', PACKAGE, '--silent', '--pack-destination', target);
