// What linters of packages (which come as ES modules only) say: node linters.mjs <folder of the package> <its tarball>
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const [pkgDir, tarball] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(pkgDir, 'package.json'), 'utf8'));
const { messages } = await publint({ pkgDir, strict: true });
const { types, problems = [] } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));

process.stdout.write(JSON.stringify({
  publint: messages.map((message) => formatMessage(message, manifest)),
  types: types === false ? ['there are none'] : [...new Set(problems.map(({ kind, resolutionKind }) => `${kind} in ${resolutionKind}`))],
}));
