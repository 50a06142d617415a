import { Command, Option } from 'commander';
import * as t from 'io-ts';
import { closest } from './closest.js';
import type { ConfigError } from './configError.js';
import type { Given, Layer } from './given.js';
import type { About, SettingTable } from './setting.js';

/** What the flags said, and whether help or the version was asked for. */
export interface Flags extends Layer {
  readonly help: boolean;
  readonly version: boolean;
}

/** A command with a table's settings as its options; it never prints or exits by itself. */
export const commandOf = (name: string, table: SettingTable): Command => {
  const command = new Command(name).helpOption(false);
  for (const [flag, { kind, about }] of Object.entries(table)) {
    const { placeholder = 'boolean' } = kind;
    // Every value is optional to commander: a missing one is then an error like all others, not an exit.
    const option = new Option(`--${flag} [${placeholder}]`, described(about)).helpGroup(`${about.group}:`);
    command.addOption(option.argParser((text: string, former: unknown) => (texts.is(former) ? [...former, text] : [text])));
  }
  command.addOption(new Option('-h, --help', 'This text.').helpGroup('General:'));
  command.addOption(new Option('--version', 'The version.').helpGroup('General:'));
  return command;
};

const described = ({ description, default: value, otherwise }: About): string => {
  const without = otherwise ?? (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
  return without === undefined ? description : `${description} (default: ${without})`;
};

/**
 * Reads the arguments behind the command's name. Of a flag given twice the last one counts; lists
 * add up. `--flag value` and `--flag=value` are the same; a switch needs no value.
 */
export const readFlags = (name: string, table: SettingTable, argv: readonly string[]): Flags => {
  const command = commandOf(name, table);
  const { operands, unknown } = command.parseOptions([...argv]);
  const options: Readonly<Record<string, unknown>> = command.opts();
  const given = new Map<string, Given>();
  for (const [flag, setting] of Object.entries(table)) {
    if (Object.hasOwn(options, flag)) given.set(flag, { raw: rawOf(setting, options[flag]), source: `--${flag}` });
  }
  return { given, errors: strangers([...operands, ...unknown], Object.keys(table)), help: options['help'] === true, version: options['version'] === true };
};

/** Commander gives the texts of all occurrences, or `true` where the last one had none. */
const rawOf = ({ kind }: SettingTable[string], occurrences: unknown): unknown => {
  if (!texts.is(occurrences)) return kind.placeholder === undefined ? true : null;
  return kind.fromText((kind.separator === undefined ? occurrences.slice(-1) : occurrences).join(kind.separator));
};

const texts = t.array(t.string);

/** What is neither a flag of this command nor the value of one. What follows an unknown flag is taken for its value. */
const strangers = (args: readonly string[], flags: readonly string[]): readonly ConfigError[] =>
  args.flatMap((arg, index): readonly ConfigError[] => {
    const before = args[index - 1];
    if (isFlag(arg)) {
      const [flag = arg] = arg.split('=');
      return [{ key: flag, source: undefined, rule: `there is no such flag${closest(flag, flags.map((it) => `--${it}`))}` }];
    }
    if (before !== undefined && isFlag(before) && !before.includes('=')) return [];
    return [{ key: arg, source: undefined, rule: 'is not a flag, and no other arguments are expected' }];
  });

const isFlag = (arg: string): boolean => arg.length > 1 && arg.startsWith('-');
