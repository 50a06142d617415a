/**
 * `node --require spec/support/typescript.cjs program.ts` runs a TypeScript program as it stands,
 * for specs that need a process of their own. These are module hooks; they load themselves.
 */
const { transformFile } = require('@swc/core');
const { existsSync } = require('node:fs');
const { register } = require('node:module');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) register(pathToFileURL(__filename));

/** Sources name their compiled neighbour; it is the `.ts` beside it that is there. */
exports.resolve = (specifier, context, next) => {
  const source = specifier.startsWith('.') && specifier.endsWith('.js') ? new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL) : undefined;
  return source && existsSync(source) ? { url: source.href, shortCircuit: true } : next(specifier, context);
};

exports.load = async (url, context, next) => {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transformFile(fileURLToPath(url), { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline', swcrc: false });
  return { format: 'module', source: code, shortCircuit: true };
};
