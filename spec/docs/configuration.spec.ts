import { readFileSync, writeFileSync } from 'node:fs';
import { configurationReference } from './configurationReference.js';

const PAGE = 'docs/configuration.md';
const GENERATED = /(?<=^<!-- settings: begin, .* -->\n)[^]*(?=^<!-- settings: end -->$)/m;

test('docs/configuration.md shows the settings as they are; WRITE_DOCS=1 (npm run docs) writes them', () => {
  const reference = `\n${configurationReference()}`;
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(GENERATED, () => reference));
  expect(GENERATED.exec(readFileSync(PAGE, 'utf8'))?.[0]).toBe(reference);
});
