import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guides } from '../../src/config/guides.js';
import { runSettings } from '../../src/config/runSettings.js';
import type { SettingTable } from '../../src/config/setting.js';
import { REASONS } from '../../src/model/deadLetter.js';
import { defaultOf, TABLES } from './configurationReference.js';
import { blocksOf, PAGES, rowsOf, textOf, type Page } from './pages.js';

/** Flags of our own programs: what stands in the documentation but for the command lines of others. */
const ownText = (page: Page): string => textOf(page).replace(/^ *(kafka-topics\.sh|npm run kafka|npm audit|docker|kubectl|bq|deploy\/\S+\.sh)\b(.*\\\n)*.*$/gm, '');

const code = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

test.each(PAGES)('every flag that %s names exists', (page) => {
  const known = Object.values(TABLES).flatMap((table) => Object.keys(table)).concat('help');
  const named = [...ownText(page).matchAll(/(?<![\w-])--([a-z][\w-]*)/g)].map(([, flag = '']) => flag);
  expect(named.filter((flag) => !known.includes(flag))).toEqual([]);
});

test.each(PAGES)('every variable of ours that %s names exists', (page) => {
  const known = Object.values(TABLES).flatMap((table) => Object.keys(table));
  const named = [...textOf(page).matchAll(/PAGES_VIEWED_([A-Z_]+)/g)].map(([, name = '']) => name.toLowerCase());
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('the table of settings in the README has their defaults', () => {
  const table: SettingTable = runSettings;
  const fixed = rowsOf('README.md', 'Configuration').flatMap(([flags, shown]) => code(flags).map((flag) => ({ flag, shown: shown === '' ? undefined : shown })));
  expect(fixed.length).toBeGreaterThan(10);
  expect(fixed).toEqual(
    fixed.map(({ flag }) => {
      const about = table[flag.replace('--', '')]?.about;
      const has = about?.default !== undefined && defaultOf(about) !== '';
      return { flag, shown: has ? defaultOf(about) : undefined };
    }),
  );
});

test.each([['README.md', 'Exit codes'], ['docs/operations.md', 'Stop']] as const)('the exit codes of %s are those of the help', (page, section) => {
  expect(Object.fromEntries(rowsOf(page, section).map(([number = '', meaning]) => [number, meaning?.replaceAll('`', '')]))).toEqual(guides.run.exitCodes);
});

test('the reasons of dead letters are all there', () => {
  expect(rowsOf('README.md', 'What comes out').flatMap(([reason]) => code(reason))).toEqual(REASONS);
});

describe('the picture of the flow', () => {
  const picture = blocksOf('README.md').find(({ language }) => language === 'mermaid')?.code ?? '';
  const flow = readFileSync('src/pipeline.ts', 'utf8').split('export const pipeline')[1] ?? '';
  const stages = [...flow.matchAll(/^ {6}(\w+)\(/gm)].map(([, operator = '']) => operator);

  test('has the operators of the pipeline, in their order', () => {
    const [main = ''] = picture.split('\n').filter((line) => line.includes('pubsub(['));
    expect(main.split(' --> ').slice(1, -1)).toEqual(stages.filter((it) => it !== 'branch' && it !== 'seenBy'));
  });

  test('sends aside what the pipeline sends aside', () => {
    const refusals = [...picture.matchAll(/^ *(\w+) -- "([\w, ]+)" --> dead/gm)].map(([, stage = '', reasons = '']) => ({ stage, reasons: reasons.split(', ') }));
    expect(refusals.filter(({ stage }) => !stages.includes(stage))).toEqual([]);
    const source = ['src/stages', 'src/model'].flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))).join('\n');
    for (const reason of refusals.flatMap(({ reasons }) => reasons)) expect(source).toMatch(new RegExp(`reason: '${reason}'|refuse\\(message, '${reason}'`));
  });
});

test('docs/operations.md explains every event of the log, with its level', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /^(main|run|watch|publish|io.*|runtime.*)\.ts$/.test(file));
  const source = files.map((file) => readFileSync(join('src', file), 'utf8')).join('\n');
  const calls = [
    ...source.matchAll(/\b(?:log|put)\((?:[^'()]*\? )?'(?<level>debug|info|warn|error)'(?: : '\w+')?, '(?<event>\w+)'/g),
    ...source.matchAll(/\b(?:logger\.)?(?<level>info|warn|error)\('(?<event>[a-z]+(?:_[a-z]+)*)'/g),
  ];
  const logged = new Set(calls.map(({ groups }) => `${groups?.['event'] ?? ''} ${groups?.['level'] ?? ''}`));
  const explained = rowsOf('docs/operations.md', 'The log').flatMap(([events, level = '']) => code(events).map((event) => `${event} ${level}`));
  expect(logged.size).toBeGreaterThan(15);
  expect([...explained].sort()).toEqual([...logged].sort());
});

test('docs/architecture.md explains every rule of the architecture', () => {
  const { forbidden } = jest.requireActual<{ forbidden: readonly { name: string }[] }>('../../.dependency-cruiser.cjs');
  expect(rowsOf('docs/architecture.md', 'Rules').flatMap(([name]) => code(name))).toEqual(forbidden.map(({ name }) => name));
});

test('every script that the pages name exists', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = PAGES.flatMap((page) => [...textOf(page).matchAll(/npm (?:run )?(?<script>start|test|(?<=run )[a-z]+(?::[a-z]+)?)/g)].map(([, script = '']) => script));
  expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
});

describe('blocks of commands', () => {
  const shell = PAGES.flatMap((page) => blocksOf(page).map((block) => ({ page, ...block }))).filter(({ language }) => language === 'bash');

  test('are marked with what commands.spec.ts knows', () => {
    const marks = /^(run|run in every terminal|run until ".+"|run again until ".+"|check the configuration|check the command)$/;
    expect(shell.filter(({ mark }) => mark !== undefined && !marks.test(mark))).toEqual([]);
  });

  test('in the README are run or checked there, but for the tests themselves and the tools of others', () => {
    const others = shell.filter(({ page, mark }) => page === 'README.md' && mark === undefined).map(({ code: lines }) => lines.split(' ')[0]);
    expect(others).toEqual(['npm', 'kafka-topics.sh', 'docker']);
  });
});
