import { compareSettings } from '../../src/config/compareSettings.js';
import { emulatorSettings } from '../../src/config/emulatorSettings.js';
import { explainSettings } from '../../src/config/explainSettings.js';
import { guides } from '../../src/config/guides.js';
import { publishSettings } from '../../src/config/publishSettings.js';
import { simulateSettings } from '../../src/config/simulateSettings.js';
import { redriveSettings } from '../../src/config/redriveSettings.js';
import { runSettings } from '../../src/config/runSettings.js';
import type { SettingTable } from '../../src/config/setting.js';
import { stateCommandSettings } from '../../src/config/stateCommandSettings.js';

/** The settings of every command, by its name. */
export const TABLES: Readonly<Record<keyof typeof guides, SettingTable>> = {
  run: runSettings,
  publish: publishSettings,
  redrive: redriveSettings,
  explain: explainSettings,
  emulator: emulatorSettings,
  simulate: simulateSettings,
  'state inspect': stateCommandSettings.inspect,
  'state export': stateCommandSettings.export,
  'state reset': stateCommandSettings.reset,
  compare: compareSettings,
};

/** All settings as Markdown: a section for each command, a table for each group. */
export const configurationReference = (): string =>
  Object.values(guides).map(({ name, usage, summary }) => [`### pages-viewed ${usage}`, '', summary, '', ...groups(tableOf(name))].join('\n')).join('\n');

const tableOf = (command: string): SettingTable => {
  const found = Object.entries(TABLES).find(([name]) => name === command);
  if (found === undefined) throw new Error(`there are no settings of ${command}`);
  return found[1];
};

const groups = (table: SettingTable): string[] => {
  const names = [...new Set(Object.values(table).map(({ about }) => about.group))];
  return names.flatMap((group) => [
    `**${group}**`, '', '| flag | value | default | |', '| --- | --- | --- | --- |',
    ...Object.entries(table).filter(([, { about }]) => about.group === group).map(([name, setting]) => row(name, setting)),
    '',
  ]);
};

const row = (flag: string, { name: rule, about }: SettingTable[string]): string =>
  `| ${[`\`--${flag}\``, rule, defaultOf(about), about.description].map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;

/** A default as the tables of the documentation show it. */
export const defaultOf = ({ default: fixed, otherwise = '' }: SettingTable[string]['about']): string => {
  if (fixed === undefined || (Array.isArray(fixed) && fixed.length === 0)) return otherwise;
  return typeof fixed === 'string' ? fixed : JSON.stringify(fixed);
};
