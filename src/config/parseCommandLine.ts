import { isLeft, left, right, type Either } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { closest } from './closest.js';
import { impossibleInPublish, impossibleInRun } from './combinations.js';
import type { ConfigError, ConfigErrors } from './configError.js';
import { decodeSettings } from './decodeSettings.js';
import { emulatorSettings, EmulatorSettings, type EmulatorConfig } from './emulatorSettings.js';
import { merge, type Layer } from './given.js';
import { guides } from './guides.js';
import { helpText, type Guide } from './help.js';
import { printConfig } from './printConfig.js';
import { toPublishConfig, type PublishConfig } from './publishConfig.js';
import { publishSettings, PublishSettings } from './publishSettings.js';
import { readConfigFile } from './readConfigFile.js';
import { readEnvironment, type Environment } from './readEnvironment.js';
import { readFlags } from './readFlags.js';
import { toRunConfig, type RunConfig } from './runConfig.js';
import { runSettings, RunSettings } from './runSettings.js';
import type { SettingTable } from './setting.js';
import { VERSION } from './version.js';

/** What the command line asks for. */
export type Command =
  | { readonly _tag: 'Run'; readonly config: RunConfig }
  | { readonly _tag: 'Publish'; readonly config: PublishConfig }
  | { readonly _tag: 'Emulator'; readonly config: EmulatorConfig }
  /** Help, version or effective settings, for stdout; then exit 0. */
  | { readonly _tag: 'Print'; readonly text: string };

interface Program<A> {
  readonly guide: Guide;
  readonly table: SettingTable;
  readonly codec: t.Decoder<unknown, A>;
  readonly impossible: (merged: Layer, env: Environment) => readonly ConfigError[];
  readonly command: (settings: A, merged: Layer) => Command;
}

const run: Program<RunSettings> = {
  guide: guides.run,
  table: runSettings,
  codec: RunSettings,
  impossible: impossibleInRun,
  command: (settings, merged) => {
    const config = toRunConfig(settings);
    return settings.print_config ? { _tag: 'Print', text: printConfig(settings, config, merged) } : { _tag: 'Run', config };
  },
};

const publish: Program<PublishSettings> = {
  guide: guides.publish,
  table: publishSettings,
  codec: PublishSettings,
  impossible: impossibleInPublish,
  command: (settings) => ({ _tag: 'Publish', config: toPublishConfig(settings) }),
};

const emulator: Program<t.TypeOf<typeof EmulatorSettings>> = {
  guide: guides.emulator,
  table: emulatorSettings,
  codec: EmulatorSettings,
  impossible: () => [],
  command: ({ host, port, log_level: logLevel }) => ({ _tag: 'Emulator', config: { host, port, logLevel } }),
};

const KNOWN = [run, publish, emulator].flatMap(({ table }) => Object.keys(table));

type ReadFile = (path: string) => string;

/**
 * Reads the arguments behind the program's name, the environment and the file of `--config`. Pure but
 * for `readFile`, which is called at most once and throws when it cannot read.
 *
 * Errors: all at once, each with key, source, rule and value. A program that gets them prints
 * {@link describeErrors} and exits 2.
 */
export const parseCommandLine = (argv: readonly string[], env: Environment, readFile: ReadFile): Either<ConfigErrors, Command> => {
  const [first = '', ...rest] = argv;
  switch (first) {
    case 'run':
      return interpret(run, rest, env, readFile);
    case 'publish':
      return interpret(publish, rest, env, readFile);
    case 'emulator':
      return interpret(emulator, rest, env, readFile);
    default:
      if (first === '' || first.startsWith('-')) return interpret(run, argv, env, readFile);
      return left([{ key: first, source: undefined, rule: `there is no such command${closest(first, Object.keys(guides))}` }]);
  }
};

const interpret = <A>({ guide, table, codec, impossible, command }: Program<A>, argv: readonly string[], env: Environment, readFile: ReadFile): Either<ConfigErrors, Command> => {
  const flags = readFlags(guide.name, table, argv);
  if (flags.help) return right({ _tag: 'Print', text: helpText(guide, table, Object.values(guides)) });
  if (flags.version) return right({ _tag: 'Print', text: `${VERSION}\n` });

  const variables = readEnvironment(table, KNOWN, env);
  const path = (flags.given.get('config') ?? variables.given.get('config'))?.raw;
  const file = typeof path === 'string' ? [readConfigFile(table, path, readFile)] : [];

  const merged = merge(table, [...file, variables, flags]);
  const settings = decodeSettings(codec, table, merged);
  const errors = [...merged.errors, ...impossible(merged, env)];
  if (isLeft(settings)) return left([...settings.left, ...errors]);
  return errors.length > 0 ? left(errors) : right(command(settings.right, merged));
};
