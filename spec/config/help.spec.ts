import { readFileSync } from 'node:fs';
import { compareSettings } from '../../src/config/compareSettings.js';
import { emulatorSettings } from '../../src/config/emulatorSettings.js';
import { explainSettings } from '../../src/config/explainSettings.js';
import { publishSettings } from '../../src/config/publishSettings.js';
import { simulateSettings } from '../../src/config/simulateSettings.js';
import { redriveSettings } from '../../src/config/redriveSettings.js';
import { runSettings } from '../../src/config/runSettings.js';
import type { SettingTable } from '../../src/config/setting.js';
import { stateCommandSettings } from '../../src/config/stateCommandSettings.js';
import { printed } from './commandLine.js';

const commands: readonly { name: string; table: SettingTable }[] = [
  { name: 'run', table: runSettings },
  { name: 'publish', table: publishSettings },
  { name: 'redrive', table: redriveSettings },
  { name: 'explain', table: explainSettings },
  { name: 'emulator', table: emulatorSettings },
  { name: 'simulate', table: simulateSettings },
  { name: 'state inspect', table: stateCommandSettings.inspect },
  { name: 'state export', table: stateCommandSettings.export },
  { name: 'state reset', table: stateCommandSettings.reset },
  { name: 'compare', table: compareSettings },
];

/** Without the layout. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe.each(commands)('the help of $name', ({ name, table }) => {
  const help = printed([...name.split(' '), '--help']);

  test('names every flag with its value, and under its group its description and default', () => {
    for (const [flag, { about, kind }] of Object.entries(table)) {
      expect(help).toContain(`  --${flag}${kind.placeholder === undefined ? '' : ` <${kind.placeholder}>`} `);
      expect(help).toContain(`\n${about.group}:\n`);
      expect(flat(help)).toContain(flat(about.description));
      const fixed = about.otherwise ?? (typeof about.default === 'string' || typeof about.default === 'number' ? about.default : undefined);
      if (fixed !== undefined) expect(flat(help)).toContain(`${flat(about.description)} (default: ${fixed})`);
    }
  });

  test('has examples that can be run, the order of sources, and the exit codes', () => {
    expect(help).toContain('\nExamples:\n');
    expect(help).toContain('PAGES_VIEWED_<FLAG>');
    expect(help).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n/);
  });

  test('fits its columns', () => {
    const settings = help.slice(0, help.indexOf('\nCommands:'));
    expect(Math.max(...settings.split('\n').map((it) => it.length))).toBeLessThanOrEqual(110);
  });

  test('speaks in sentences', () => {
    for (const { about } of Object.values(table)) expect(about.description).toMatch(/^[A-Z].*\.$/);
  });
});

test('--version is that of the package', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version: printed(['--version']).trim() });
});

test('a group of settings stands together', () => {
  for (const { table } of commands) {
    const groups = Object.values(table).map(({ about }) => about.group);
    const starts = groups.filter((group, index) => group !== groups[index - 1]);
    expect(starts).toHaveLength(new Set(groups).size);
  }
});
