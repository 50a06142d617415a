import { symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { checked, plant, type Files } from './planted.js';

jest.setTimeout(120_000);

interface Report {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string; readonly line: number }[];
}

/** What is forbidden, where, and the rule that says so. */
const BANS: readonly { readonly what: string; readonly from: string; readonly text: string; readonly rule: string }[] = [
  ...['operators', 'operators/core', 'src/stages', 'src/runtime', 'src/model'].map((folder) => (
    { what: 'the time of day', from: `${folder}/clock.ts`, text: 'export const now = (): number => Date.now();\n', rule: 'no-restricted-properties' }
  )),
  { what: 'the time of day, by a new Date', from: 'operators/today.ts', text: 'export const today = (): Date => new Date();\n', rule: 'no-restricted-syntax' },
  { what: 'the time of day, by a new Date', from: 'src/pipeline.ts', text: 'export const today = (): Date => new Date();\n', rule: 'no-restricted-syntax' },
  { what: 'chance', from: 'operators/dice.ts', text: 'export const dice = (): number => Math.random();\n', rule: 'no-restricted-properties' },
  { what: 'a timer', from: 'src/runtime/later.ts', text: 'export const later = (f: () => void): unknown => setTimeout(f, 1);\n', rule: 'no-restricted-globals' },
  { what: 'the process', from: 'src/stages/environment.ts', text: 'export const home = (): string | undefined => process.env[\'HOME\'];\n', rule: 'no-restricted-globals' },
  { what: 'the console', from: 'operators/aloud.ts', text: 'export const say = (): void => console.log(1);\n', rule: 'no-restricted-globals' },
  ...['src/run.ts', 'src/io/reading.ts', 'src/stages/peeking.ts', 'src/runtime/peeking.ts'].map((from) => (
    { what: 'a subscription', from, text: "import { EMPTY } from 'rxjs';\n\nexport const over = EMPTY.subscribe();\n", rule: 'no-restricted-syntax' }
  )),
  {
    what: 'an expectation inside a subscription',
    from: 'spec/never.spec.ts',
    text: "import { of } from 'rxjs';\n\ntest('never fails', () => {\n  of(1).subscribe((it) => expect(it).toBe(2));\n});\n",
    rule: 'no-restricted-syntax',
  },
  { what: 'a type assertion', from: 'src/io/asserting.ts', text: 'export const name = (value: unknown): string => value as string;\n', rule: '@typescript-eslint/consistent-type-assertions' },
  { what: 'any', from: 'operators/anything.ts', text: 'export const same = (value: any): unknown => value;\n', rule: '@typescript-eslint/no-explicit-any' },
];

/** The same, where it belongs. */
const LAWFUL: Files = {
  'operators/scheduled.ts': "import { EMPTY, type SchedulerLike } from 'rxjs';\n\nexport const now = (scheduler: SchedulerLike): number => scheduler.now();\nexport const inner = EMPTY.subscribe();\n",
  'src/main.ts': "import { EMPTY } from 'rxjs';\n\nexport const over = EMPTY.subscribe();\n",
  'src/io/clock.ts': 'export const now = (): number => Date.now();\n',
  'src/io/words.ts': "export const WORDS = ['one', 'two'] as const;\n",
  'spec/collected.spec.ts': "import { of } from 'rxjs';\n\ntest('may fail', () => {\n  const out: number[] = [];\n  of(1).subscribe((it) => out.push(it));\n  expect(out).toEqual([1]);\n});\n",
};

let found: readonly { readonly from: string; readonly rules: readonly string[] }[];

beforeAll(async () => {
  const { folder, remove } = plant({ ...LAWFUL, ...Object.fromEntries(BANS.map(({ from, text }) => [from, text])) }, ['eslint.config.js', 'tsconfig.json', 'package.json']);
  try {
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const reports: readonly Report[] = JSON.parse(JSON.stringify(await checked(folder, 'eslint/bin/eslint.js', ['--format', 'json', '.'])));
    found = reports.map(({ filePath, messages }) => ({ from: relative(folder, filePath), rules: messages.map(({ ruleId }) => ruleId) }));
  } finally {
    remove();
  }
}, 120_000);

test.each(BANS)('$what is refused in $from', ({ from, rule }) => {
  expect(found).toContainEqual({ from, rules: [rule] });
});

test.each(Object.keys(LAWFUL))('%s, where the same is lawful, is not', (from) => {
  expect(found).toContainEqual({ from, rules: [] });
});
