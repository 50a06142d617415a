import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

jest.setTimeout(180_000);

/** The packages are installed, and the checks are what the other specs are part of: only what makes the files is done. */
const NPM = `#!/bin/bash
case "$*" in ci | 'run --silent types' | 'run --silent lint' | 'run --silent arch') echo "$*" >> "$CHECKED"; exit ;; esac
PATH=\${PATH#*:} exec npm "$@"
`;

let folder: string;
let clone: string;
const checkedIn = (): string => join(folder, 'checked');

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: clone, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

const release = (...args: readonly string[]) =>
  spawnSync('deploy/release.sh', args, { cwd: clone, encoding: 'utf8', env: { ...process.env, PATH: `${folder}/shims:${process.env['PATH'] ?? ''}`, CHECKED: checkedIn() } });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pages-viewed-release-'));
  clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', resolve('.'), clone]);
  // What is worked on, committed or not.
  execFileSync('bash', ['-c', `git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory '${clone}' 2>/dev/null; true`]);
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  execFileSync('mkdir', [join(folder, 'shims')]);
  writeFileSync(join(folder, 'shims/npm'), NPM);
  chmodSync(join(folder, 'shims/npm'), 0o755);
  git('config', 'user.name', 'Somebody');
  git('config', 'user.email', 'somebody@example.com');
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'what is worked on');
});
afterAll(() => rmSync(folder, { recursive: true }));

const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));

test('says how it is called when it is called otherwise', () => {
  for (const args of [[], ['next'], ['v1.0.0'], [version, '--publish']]) expect(release(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('deploy/release.sh 0.2.0') });
});

test('refuses what is not ready: another version, no section of the changelog, changes that are not committed', () => {
  expect(release('99.0.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('package.json does not say 99.0.0') });
  expect(release(version)).toMatchObject({ status: 1, stderr: expect.stringContaining('CHANGELOG.md has no section') });
  writeFileSync(join(clone, 'LICENSE'), 'mine');
  expect(release(version)).toMatchObject({ status: 1, stderr: expect.stringContaining('not committed') });
  git('checkout', 'LICENSE');
});

test('checks, builds, packs and tags; a second time it refuses; nothing leaves the machine', () => {
  const changelog = join(clone, 'CHANGELOG.md');
  writeFileSync(changelog, readFileSync(changelog, 'utf8').replace(`## ${version} (unreleased)`, `## ${version} (2025-01-30)`));
  git('commit', '--all', '--quiet', '--message', 'a release');
  const { status, stdout, stderr } = release(version);
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining(`git push origin v${version}`) });
  expect(readFileSync(checkedIn(), 'utf8').split('\n')).toEqual(['ci', 'run --silent types', 'run --silent lint', 'run --silent arch', '']);
  const files = readdirSync(join(clone, 'dist/release')).sort();
  expect(stdout.trim().split('\n').sort()).toEqual(files);
  expect(files).toEqual(['SHA256SUMS', ...['cdx.json', 'spdx.json', 'tar.gz'].map((end) => `pages-viewed-${version}.${end}`), `pages-viewed-streaming-${version}.tgz`].sort());
  expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: join(clone, 'dist/release'), encoding: 'utf8' })).toBe('');
  expect(git('rev-parse', `v${version}^{commit}`)).toBe(git('rev-parse', 'HEAD'));
  expect(git('ls-remote', '--tags', 'origin', `v${version}`)).toBe('');
  expect(release(version)).toMatchObject({ status: 1, stderr: expect.stringContaining('is there already') });
});

test('the bill of materials names what production needs, and nothing of development', () => {
  const { components }: { components: { name: string }[] } = JSON.parse(readFileSync(join(clone, `dist/release/pages-viewed-${version}.cdx.json`), 'utf8'));
  const names = components.map(({ name }) => name);
  const { dependencies, devDependencies }: { dependencies: object; devDependencies: object } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(Object.keys(dependencies).filter((it) => !names.includes(it))).toEqual([]);
  expect(Object.keys(devDependencies).filter((it) => names.includes(it) && it !== '@types/node')).toEqual([]);
  expect(names).toContain('cliui'); // which both need, the one and the other by detours
});
