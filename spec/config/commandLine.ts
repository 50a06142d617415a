import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { describeErrors, type ConfigErrors } from '../../src/config/configError.js';
import { parseCommandLine, type Command } from '../../src/config/parseCommandLine.js';
import type { RunConfig } from '../../src/config/runConfig.js';

/** What a command line is read together with. */
export interface Around {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Contents by path; any other path is not there. */
  readonly files?: Readonly<Record<string, string>>;
}

const parse = (argv: readonly string[], { env = {}, files = {} }: Around = {}) =>
  parseCommandLine(argv, env, (path) => {
    const yaml = files[path];
    if (yaml === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return yaml;
  });

/** The command of a right command line. */
export const command = (argv: readonly string[], around?: Around): Command => {
  const parsed = parse(argv, around);
  if (isLeft(parsed)) throw new Error(describeErrors(parsed.left));
  return parsed.right;
};

export const runConfig = (argv: readonly string[], around?: Around): RunConfig => {
  const it = command(argv, around);
  if (it._tag !== 'Run') throw new Error(`${it._tag} is not Run`);
  return it.config;
};

export const printed = (argv: readonly string[], around?: Around): string => {
  const it = command(argv, around);
  if (it._tag !== 'Print') throw new Error(`${it._tag} is not Print`);
  return it.text;
};

export const errors = (argv: readonly string[], around?: Around): ConfigErrors => {
  const parsed = parse(argv, around);
  if (isRight(parsed)) throw new Error('it was accepted');
  return parsed.left;
};
