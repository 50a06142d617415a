import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { printScore } from '../../marbles/index.js';
import { DIAGRAMS } from './diagrams.js';

/** A fence that quotes a diagram in a doc comment: ` * ```marble area/what-it-shows`, the score, ` * ``` `. */
const QUOTE = /(?<=^ \* ```marble (?<id>\S+)\n)[^]*?(?=^ \* ```$)/gm;

const OPERATORS = readdirSync('operators').filter((file) => file.endsWith('.ts')).map((file) => `operators/${file}`);

/** Those that hold state show in their comments what they do with it. */
const STATEFUL = ['assignWatermarks', 'sessionWindow', 'earlyTrigger', 'dedupeEmitted'].map((name) => `operators/${name}.ts`);

const quotesIn = (file: string): readonly (readonly [string, string])[] =>
  [...readFileSync(file, 'utf8').matchAll(QUOTE)].map((match) => [match.groups?.['id'] ?? '', match[0]]);

const quoted = (id: string): string => {
  const known = DIAGRAMS.find(({ diagram }) => diagram.id === id);
  if (known === undefined) throw new Error(`there is no diagram ${id}`);
  return printScore(known.diagram.score).replace(/^/gm, ' * ') + '\n';
};

if (process.env['WRITE_DOCS'] === '1') {
  for (const file of OPERATORS) {
    const before = readFileSync(file, 'utf8');
    const after = before.replace(QUOTE, (_, id: string) => quoted(id));
    if (after !== before) writeFileSync(file, after);
  }
}

test.each(OPERATORS)('the diagrams in the comments of %s are those that are played; WRITE_DOCS=1 (npm run docs) writes them', (file) => {
  for (const [id, text] of quotesIn(file)) expect(text).toBe(quoted(id));
});

test.each(STATEFUL)('%s quotes a diagram', (file) => {
  expect(quotesIn(file).length).toBeGreaterThan(0);
});

test.each(OPERATORS)('no other fence of %s claims to be a diagram', (file) => {
  expect([...readFileSync(file, 'utf8').matchAll(/```marble/g)]).toHaveLength(quotesIn(file).length);
});
