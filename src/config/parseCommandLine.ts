import { isLeft, left, right, type Either } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { closest } from './closest.js';
import { impossibleInCompare, impossibleInPublish, impossibleInRedrive, impossibleInRun } from './combinations.js';
import { toCompareConfig, type CompareConfig } from './compareConfig.js';
import { compareSettings, CompareSettings } from './compareSettings.js';
import type { ConfigError, ConfigErrors } from './configError.js';
import { decodeSettings } from './decodeSettings.js';
import { effectiveSettings, type EffectiveSetting } from './effectiveSettings.js';
import { emulatorSettings, EmulatorSettings, type EmulatorConfig } from './emulatorSettings.js';
import { merge, type Layer } from './given.js';
import { impossibleInExplain, toExplainConfig, type ExplainConfig } from './explainConfig.js';
import { explainSettings, ExplainSettings } from './explainSettings.js';
import { guides } from './guides.js';
import { helpText, type Guide } from './help.js';
import { printConfig } from './printConfig.js';
import { toPublishConfig, type PublishConfig } from './publishConfig.js';
import { publishSettings, PublishSettings } from './publishSettings.js';
import { readConfigFile } from './readConfigFile.js';
import { readEnvironment, type Environment } from './readEnvironment.js';
import { readFlags } from './readFlags.js';
import { toRedriveConfig, type RedriveConfig } from './redriveConfig.js';
import { redriveSettings, RedriveSettings } from './redriveSettings.js';
import { toRunConfig, type RunConfig } from './runConfig.js';
import { runSettings, RunSettings } from './runSettings.js';
import type { SettingTable } from './setting.js';
import { toSimulateConfig, type SimulateConfig } from './simulateConfig.js';
import { simulateSettings, SimulateSettings } from './simulateSettings.js';
import { impossibleInStateCommand, toExportConfig, toInspectConfig, toResetConfig, type StateCommandConfig } from './stateCommandConfig.js';
import { ExportSettings, InspectSettings, ResetSettings, stateCommandSettings } from './stateCommandSettings.js';
import { VERSION } from './version.js';

/** What the command line asks for. */
export type Command =
  | { readonly _tag: 'Run'; readonly config: RunConfig; readonly settings: readonly EffectiveSetting[] }
  | { readonly _tag: 'Publish'; readonly config: PublishConfig }
  | { readonly _tag: 'Redrive'; readonly config: RedriveConfig }
  | { readonly _tag: 'Explain'; readonly config: ExplainConfig }
  | { readonly _tag: 'Emulator'; readonly config: EmulatorConfig }
  | { readonly _tag: 'Simulate'; readonly config: SimulateConfig }
  | { readonly _tag: 'State'; readonly config: StateCommandConfig }
  | { readonly _tag: 'Compare'; readonly config: CompareConfig }
  /** Help, version or effective settings, for stdout; then exit 0. */
  | { readonly _tag: 'Print'; readonly text: string };

interface Program<A> {
  readonly guide: Guide;
  readonly table: SettingTable;
  /** What may stand in the file of `--config`, where that is more than the table: what is not in the table is let be. */
  readonly inFile?: SettingTable;
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
    const effective = effectiveSettings(settings, config, merged);
    return settings.print_config ? { _tag: 'Print', text: printConfig(effective) } : { _tag: 'Run', config, settings: effective };
  },
};

const publish: Program<PublishSettings> = {
  guide: guides.publish,
  table: publishSettings,
  codec: PublishSettings,
  impossible: impossibleInPublish,
  command: (settings) => ({ _tag: 'Publish', config: toPublishConfig(settings) }),
};

const redrive: Program<RedriveSettings> = {
  guide: guides.redrive,
  table: redriveSettings,
  inFile: runSettings,
  codec: RedriveSettings,
  impossible: impossibleInRedrive,
  command: (settings) => ({ _tag: 'Redrive', config: toRedriveConfig(settings) }),
};

const explain: Program<ExplainSettings> = {
  guide: guides.explain,
  table: explainSettings,
  inFile: runSettings,
  codec: ExplainSettings,
  impossible: impossibleInExplain,
  command: (settings, merged) => ({ _tag: 'Explain', config: toExplainConfig(settings, merged) }),
};

const emulator: Program<t.TypeOf<typeof EmulatorSettings>> = {
  guide: guides.emulator,
  table: emulatorSettings,
  codec: EmulatorSettings,
  impossible: () => [],
  command: ({ host, port, log_level: logLevel }) => ({ _tag: 'Emulator', config: { host, port, logLevel } }),
};

const simulate: Program<SimulateSettings> = {
  guide: guides.simulate,
  table: simulateSettings,
  codec: SimulateSettings,
  impossible: () => [],
  command: (settings) => ({ _tag: 'Simulate', config: toSimulateConfig(settings) }),
};

const stateInspect: Program<t.TypeOf<typeof InspectSettings>> = {
  guide: guides['state inspect'],
  table: stateCommandSettings.inspect,
  inFile: runSettings,
  codec: InspectSettings,
  impossible: impossibleInStateCommand,
  command: (settings) => ({ _tag: 'State', config: toInspectConfig(settings) }),
};

const stateExport: Program<t.TypeOf<typeof ExportSettings>> = {
  guide: guides['state export'],
  table: stateCommandSettings.export,
  inFile: runSettings,
  codec: ExportSettings,
  impossible: impossibleInStateCommand,
  command: (settings) => ({ _tag: 'State', config: toExportConfig(settings) }),
};

const stateReset: Program<t.TypeOf<typeof ResetSettings>> = {
  guide: guides['state reset'],
  table: stateCommandSettings.reset,
  inFile: runSettings,
  codec: ResetSettings,
  impossible: impossibleInStateCommand,
  command: (settings) => ({ _tag: 'State', config: toResetConfig(settings) }),
};

const compare: Program<CompareSettings> = {
  guide: guides.compare,
  table: compareSettings,
  inFile: runSettings,
  codec: CompareSettings,
  impossible: impossibleInCompare,
  command: (settings) => ({ _tag: 'Compare', config: toCompareConfig(settings) }),
};

const KNOWN = [run, publish, redrive, explain, emulator, simulate, stateInspect, stateExport, stateReset, compare].flatMap(({ table }) => Object.keys(table));

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
    case 'redrive':
      return interpret(redrive, rest, env, readFile);
    case 'explain':
      return interpret(explain, rest, env, readFile);
    case 'emulator':
      return interpret(emulator, rest, env, readFile);
    case 'simulate':
      return interpret(simulate, rest, env, readFile);
    case 'state':
      return parseStateCommand(rest, env, readFile);
    case 'compare':
      return interpret(compare, rest, env, readFile);
    default:
      return isFlagOrNothing(first) ? interpret(run, argv, env, readFile) : noSuchCommand(first);
  }
};

const parseStateCommand = (argv: readonly string[], env: Environment, readFile: ReadFile): Either<ConfigErrors, Command> => {
  const [first = '', ...rest] = argv;
  switch (first) {
    case 'inspect':
      return interpret(stateInspect, rest, env, readFile);
    case 'export':
      return interpret(stateExport, rest, env, readFile);
    case 'reset':
      return interpret(stateReset, rest, env, readFile);
    default:
      return isFlagOrNothing(first) ? interpret(stateInspect, argv, env, readFile) : noSuchCommand(`state ${first}`);
  }
};

/** Then the command is the one that needs no name. */
const isFlagOrNothing = (argument: string): boolean => argument === '' || argument.startsWith('-');

const noSuchCommand = (name: string): Either<ConfigErrors, never> =>
  left([{ key: name, source: undefined, rule: `there is no such command${closest(name, Object.keys(guides))}` }]);

const interpret = <A>(program: Program<A>, argv: readonly string[], env: Environment, readFile: ReadFile): Either<ConfigErrors, Command> => {
  const { guide, table, inFile = table, codec, impossible, command } = program;
  const flags = readFlags(guide.name, table, argv);
  if (flags.help) return right({ _tag: 'Print', text: helpText(guide, table, Object.values(guides)) });
  if (flags.version) return right({ _tag: 'Print', text: `${VERSION}\n` });

  const variables = readEnvironment(table, KNOWN, env);
  const path = (flags.given.get('config') ?? variables.given.get('config'))?.raw;
  const file = typeof path === 'string' ? [within(table, readConfigFile(inFile, path, readFile))] : [];

  const merged = merge(table, [...file, variables, flags]);
  const settings = decodeSettings(codec, table, merged);
  const errors = [...merged.errors, ...impossible(merged, env)];
  if (isLeft(settings)) return left([...settings.left, ...errors]);
  return errors.length > 0 ? left(errors) : right(command(settings.right, merged));
};

/** Without what a file says to others, and what it may not say here. */
const within = (table: SettingTable, { given, errors }: Layer): Layer => ({
  given: new Map([...given].filter(([name]) => Object.hasOwn(table, name) && table[name]?.about.notInFile !== true)),
  errors,
});
