import { commandOf } from './readFlags.js';
import type { SettingTable } from './setting.js';

/** What a command says about itself beyond its settings. */
export interface Guide {
  readonly name: string;
  /** The command line, without the program's name. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly exitCodes: Readonly<Record<number, string>>;
}

const WIDTH = 110;

/** The whole help text of a command. */
export const helpText = ({ name, usage, summary, examples, exitCodes }: Guide, table: SettingTable, commands: readonly Guide[]): string => {
  const command = commandOf(name, table)
    .usage(usage)
    .description(summary)
    .configureHelp({ helpWidth: WIDTH, commandUsage: () => `pages-viewed ${usage}`, optionTerm: ({ flags }) => flags.replace(' [boolean]', '').replace(/\[(.*)\]/, '<$1>') });
  return [
    command.helpInformation(),
    section('Commands:', commands.map((it) => `  pages-viewed ${it.usage.padEnd(24)} ${it.summary}`)),
    section('Examples:', examples.map((it) => `  ${it}`)),
    SOURCES,
    section('Exit codes:', Object.entries(exitCodes).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`)),
  ].join('\n');
};

const section = (heading: string, lines: readonly string[]): string => `${heading}\n${lines.join('\n')}\n`;

const SOURCES = `Where settings come from:
  A flag beats the environment (PAGES_VIEWED_<FLAG>, in the flag's unit: PAGES_VIEWED_WINDOW_SIZE=30), which
  beats the file of --config (YAML, named like the flags), which beats the default. Unknown names are errors.
`;
