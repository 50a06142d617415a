import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { panes } from '../../marbles/rules/panes.js';
import { pipeline } from '../../marbles/rules/pipeline.js';
import { pitfalls } from '../../marbles/rules/pitfalls.js';
import type { Section } from '../../marbles/rules/rule.js';
import { sessions } from '../../marbles/rules/sessions.js';
import { time } from '../../marbles/rules/time.js';
import { windows } from '../../marbles/rules/windows.js';
import { semanticsPage } from '../../marbles/semanticsPage.js';
import { lateOfClosed } from '../../marbles/sessionWindow.classes.marbles.js';
import { DIAGRAMS } from '../marbles/diagrams.js';
import { rowsOf } from './pages.js';

const PAGE = 'docs/semantics.md';
const SECTIONS: readonly Section[] = [time, sessions, panes, windows, pipeline, pitfalls];

const matters = SECTIONS.flatMap(({ rules }) => rules.map(({ matter }) => matter));

const page = (): string =>
  semanticsPage(SECTIONS, {
    example: lateOfClosed,
    fileOf: ({ id }) => DIAGRAMS.find(({ diagram }) => diagram.id === id)?.file ?? `nowhere: ${id}`,
  });

test('docs/semantics.md is made of the rules; WRITE_DOCS=1 (npm run docs) writes it', () => {
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(PAGE, page());
  expect(readFileSync(PAGE, 'utf8')).toBe(page());
});

test('it has all sections that marbles/rules export', () => {
  const exported = readdirSync('marbles/rules').flatMap((file) => Object.values(jest.requireActual<Readonly<Record<string, unknown>>>(resolve('marbles/rules', file))));
  expect(new Set(exported)).toEqual(new Set(SECTIONS));
});

test('each rule has a heading of its own', () => {
  expect(matters).toHaveLength(new Set(matters).size);
});

test.each([
  'watermark', 'watermark source', 'future event', 'idle input', 'gap', 'class of an event', 'historic data', 'finality', 'closed-session memory', 'merge', 'on-time pane', 'early panes',
  'accumulation', 'message-id duplicates', 'equal timestamps', 'size caps', 'end and drain', 'start', 'order at one instant', 'conservation', 'time on page',
])('there is a rule for %s', (matter) => {
  expect(matters).toContain(matter);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('there is a rule for pitfall %d', (n) => {
  expect(matters.filter((matter) => matter.startsWith(`pitfall ${n}: `))).toHaveLength(1);
});

test('each diagram shows a rule, or what an operator of the railway does', () => {
  const shown = SECTIONS.flatMap(({ rules }) => rules.flatMap(({ shownBy }) => shownBy.map(({ id }) => id)));
  expect(DIAGRAMS.map(({ diagram }) => diagram.id).filter((id) => !shown.includes(id) && !id.startsWith('railway/'))).toEqual([]);
});

test('what no diagram shows names a spec, by its file and its name', () => {
  const promises = rowsOf(PAGE, 'Also promised').map(([, , shownBy = '']) => /^\[(?<name>.+)\]\(\.\.\/(?<file>.+)\)$/.exec(shownBy)?.groups);
  expect(promises.length).toBeGreaterThan(0);
  expect(promises.filter((it) => it === undefined || !namesIn(it['file'] ?? '').includes(it['name'] ?? ''))).toEqual([]);
});

/** The names of the tests of a file that have one name each. */
const namesIn = (file: string): readonly string[] =>
  [...readFileSync(join('.', file), 'utf8').matchAll(/^ *test\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gm)].map(([, single, double]) => (single ?? double ?? '').replace(/\\(.)/g, '$1'));
